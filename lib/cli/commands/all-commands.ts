/** Lists all subcommands, in the order of the help. */
import type { CommandDescription, CommandOption } from '../command.js';
import { LISTING_COMMANDS } from './listing-commands.js';
import { READING_COMMANDS } from './reading-commands.js';
import { SERVER_COMMANDS } from './server-commands.js';
import { TREE_COMMANDS } from './tree-commands.js';
import { WRITING_COMMANDS } from './writing-commands.js';

export const ALL_COMMANDS: readonly CommandDescription[] = [
  ...LISTING_COMMANDS,
  ...READING_COMMANDS,
  ...WRITING_COMMANDS,
  ...TREE_COMMANDS,
  ...SERVER_COMMANDS,
];

/** The options that every subcommand takes. */
export const SHARED_OPTIONS: readonly CommandOption[] = [
  {
    flags: '-u, --user <name>',
    about: 'log in as this user; name:password is taken too, but other users see it in ps',
  },
  { flags: '--ca <file>', about: 'PEM file of the authority that has signed the certificate of the server' },
  { flags: '--cert <file>', about: 'PEM file of a client certificate' },
  { flags: '--key <file>', about: 'PEM file of its private key' },
  { flags: '--pin <fingerprint>', about: 'accept only the certificate with this SHA-256 fingerprint' },
  { flags: '--insecure', about: 'do not verify the server: an attacker on the path can read the password' },
  { flags: '--active', about: 'let the server open the data connections' },
  { flags: '--encoding <name>', about: 'of names and texts; utf8 unless it is given' },
  { flags: '--json', about: 'one JSON value a line, and errors as JSON on stderr' },
  { flags: '-q, --quiet', about: 'no progress and no notes' },
  { flags: '-v, --verbose', about: 'show the dialogue with the server on stderr, secrets masked' },
];

/** Shows an error as a line for people, or as one line of JSON. */
import { isFtpError } from '../../index.js';
import { printable } from '../../protocol/index.js';
import type { ExitStatus } from './exit.js';
import { withoutLogins } from './without-logins.js';

/** The library's messages name its options; a user of the command has others. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/set secure: 'explicit', and leave dataProtection at 'private'/g, 'use a URL that begins with ftpes:'],
  [/set secure: 'explicit'/g, 'use a URL that begins with ftpes:'],
  [/\bset secure: 'implicit'/g, 'use a URL that begins with ftps:'],
  [/secure: 'implicit'/g, 'a URL that begins with ftps:'],
  [/\btls\.fingerprint256\b/g, '--pin'],
  [/The option tls cannot be used: fingerprint256 must be/g, 'The fingerprint of --pin must be'],
  [/ Text in another charset goes into the option of its own, such as directory\./g, ''],
  [/, or an object with encode and decode/g, ''],
  [/The option encoding cannot be/g, 'The option --encoding cannot be'],
  [/\btls\.ca\b/g, '--ca'],
  [/\btls\.cert\b/g, '--cert'],
  [/\btls\.key\b/g, '--key'],
  [/Use lookup\$ for one file/g, 'rxftp stat shows one file'],
  [/: use transfer\$/g, ': use rxftp get, put or ls'],
  [/\btls\.rejectUnauthorized: false\b/g, '--insecure'],
  [/ A slow server needs a larger replyTimeoutMs\./g, ''],
  [/set secure: false/g, 'use a URL that begins with ftp:'],
  [/secure: false/g, 'a URL that begins with ftp:'],
  [/ With unparsed: 'report' the listing completes\./g, ''],
  [/give the client fewer maxSessions/g, 'use fewer sessions (-j)'],
  [/with atomic: false, STOR writes in place/g, 'with --in-place, STOR writes under the final name'],
  [/: emptyDirectory\$ removes its content/g, ': name its entries'],
  [/: plan\$ emits one\b/g, ': rxftp mirror --plan writes one'],
  [/, or give a larger connectTimeoutMs/g, ''],
  [/\bmaxDelete \((\d+)\)/g, '--max-delete $1'],
  [/the option exists is '(\w+)'/g, 'the choice is --exists $1'],
  [/: pipeline\(retr\$\(remote\), createWriteStream\(local\)\)/g, ': rxftp cat URL > FILE'],
  [/\b(mirror|publish)\$/g, 'rxftp $1'],
];

const MOST_CHARACTERS = 2000;

/** The message on one line, in which no server can steer a terminal. */
export function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const said = WORDS.reduce((text, [library, command]) => text.replace(library, command), message);
  return printable(withoutLogins(said).replace(/\s*[\r\n]+\s*/g, ' '), MOST_CHARACTERS);
}

/** The error as a value for JSON. */
export function errorValue(error: unknown, status: ExitStatus): object {
  const { name, code } = (error ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  const named = { name, code, message: explain(error), status };
  if (!isFtpError(error)) return { error: named };
  const { command, reply, bytes, outcome, transient } = error;
  const shown = reply === undefined ? undefined : { code: reply.code, text: reply.text };
  return { error: { ...named, command, reply: shown, bytes, outcome, transient } };
}

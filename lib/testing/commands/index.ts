/** Lists the usual answers: one handler for each verb, and the rule that most of them need a login. */
import type { CommandLine } from '../command-line.js';
import type { Session } from '../session.js';
import { accessCommands } from './access.js';
import { directoryCommands } from './directories.js';
import { endpointCommands } from './endpoints.js';
import { featureCommands } from './features.js';
import { fileCommands } from './files.js';
import type { CommandServer, HandlerTable } from './handler.js';
import { hashCommands } from './hash.js';
import { listingCommands } from './listings.js';
import { parameterCommands } from './parameters.js';
import { securityCommands } from './security.js';
import { transferCommands } from './transfers.js';

const HANDLERS: HandlerTable = {
  ...accessCommands,
  ...securityCommands,
  ...featureCommands,
  ...parameterCommands,
  ...endpointCommands,
  ...directoryCommands,
  ...fileCommands,
  ...hashCommands,
  ...transferCommands,
  ...listingCommands,
};

const BEFORE_LOGIN: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['USER', 'PASS', 'ACCT', 'REIN', 'QUIT', 'AUTH', 'PBSZ', 'PROT', 'CCC', 'FEAT', 'OPTS', 'SYST', 'HELP', 'NOOP'],
]);

/** These verbs need an argument: without one they would mean the directory, or nothing. */
const NEEDS_ARGUMENT: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...[
    'USER',
    'AUTH',
    'PROT',
    'OPTS',
    'TYPE',
    'STRU',
    'MODE',
    'SITE',
    'SMNT',
    'EPRT',
    'PORT',
    'CWD',
    'XCWD',
    'MKD',
    'XMKD',
  ],
  ...['RMD', 'XRMD', 'DELE', 'RNFR', 'RNTO', 'SIZE', 'MDTM', 'MFMT', 'HASH', 'RANG', 'RETR', 'STOR', 'APPE', 'REST'],
]);

/** Answers a command as a well-behaved server does. */
export function answer(session: Session, { verb, argument }: CommandLine, server: CommandServer): Promise<void> | void {
  const handler = Object.hasOwn(HANDLERS, verb) ? HANDLERS[verb] : undefined;
  if (handler === undefined || isHidden(verb, server)) return session.reply('500 This command is not known.');
  if (!session.state.loggedIn && !BEFORE_LOGIN.has(verb)) return session.reply('530 Log in with USER and PASS.');
  if (argument === '' && NEEDS_ARGUMENT.has(verb)) return session.reply(`501 ${verb} needs an argument.`);
  if (/[\r\0]/.test(argument)) return session.reply('501 The argument holds a CR or a NUL.');
  if (verb !== 'RNTO') session.state.renameFrom = undefined;
  return handler(session, argument, server);
}

/** A server that is to be listed by LIST does not know MLSD. */
function isHidden(verb: string, { listing }: CommandServer): boolean {
  return listing !== 'mlsd' && (verb === 'MLSD' || verb === 'MLST');
}

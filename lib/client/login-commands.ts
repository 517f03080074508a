/**
 * Reads the lines of the option `loginCommands` as commands. It refuses a command that would put the client out of step, or that an option
 * replaces. The client has then sent nothing.
 */
import { encodeLine } from '../control/encode-line.js';
import type { LoginCommand, TextCodec } from '../control/settings.js';
import { pathMovedTo } from '../control/user-state.js';
import { FtpUsageError } from '../errors.js';
import { type Command, commandFromLine } from '../protocol/command.js';
import { isTransferVerb } from './operations/raw-transfer.js';

const CREDENTIALS = 'the options user and password do that';
const PROTECTION = 'the options secure and dataProtection do that';
const ENDS = 'it would end the session';
const PORT = 'it belongs to a transfer: use an operation of the client, and the option mode';
const SEQUENCE = "it would take effect on a later command of the client's";
const MODE = 'each transfer sets its own: use the option compression';
const STRUCTURE = 'the client transfers in file structure alone';

/** Verbs, and why they may not be one: completes the sentence "... may not be there: ...". */
const REFUSED: readonly (readonly [verbs: string, why: string])[] = [
  ['USER PASS', CREDENTIALS],
  ['AUTH ADAT CCC PBSZ PROT MIC CONF ENC SSCN', PROTECTION],
  ['QUIT REIN', ENDS],
  ['PORT EPRT LPRT PASV EPSV LPSV SPSV CPSV PRET', PORT],
  ['REST RANG RNFR RNTO', SEQUENCE],
  ['MODE', MODE],
  ['STRU', STRUCTURE],
  ['ABOR', 'there is no transfer to break off'],
  ['HOST', 'it goes before the login: use the option virtualHost'],
  ['FEAT', 'the client asks it: use the option features'],
  ['TYPE', 'each transfer sets its own: use the option type'],
];

const REFUSED_OPTIONS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['UTF8', 'use the option encoding'],
  ['UTF-8', 'use the option encoding'],
  ['MLST', 'use opts$, which stays set on all sessions'],
]);

/** The commands of the option. Throws FtpUsageError for a line that is none, that may not be there, or that `codec` cannot write. */
export function parseLoginCommands(lines: readonly string[], codec: TextCodec): readonly LoginCommand[] {
  return Object.freeze(lines.map((line, index) => parse(line, `loginCommands (entry ${index + 1})`, codec)));
}

function parse(line: string, where: string, codec: TextCodec): LoginCommand {
  const mayFail = line.startsWith('-');
  const command = readLine(mayFail ? line.slice(1) : line, where, codec);
  const why = whyRefused(command, mayFail);
  if (why === undefined) return Object.freeze({ command, mayFail });
  throw new FtpUsageError(`The option ${where}: ${command.verb} may not be there: ${why}.`, { command: command.verb });
}

function readLine(line: string, where: string, codec: TextCodec): Command {
  try {
    const command = commandFromLine(line);
    encodeLine(command, codec);
    return command;
  } catch (error) {
    if (!(error instanceof FtpUsageError)) throw error;
    throw new FtpUsageError(`The option ${where}: ${error.message}`, { command: error.command });
  }
}

function whyRefused(command: Command, mayFail: boolean): string | undefined {
  const { verb, line } = command;
  if (isTransferVerb(verb)) return PORT;
  if (verb === 'OPTS') return REFUSED_OPTIONS.get(firstWord(line.slice(verb.length)));
  if (mayFail && changesDirectory(command)) return 'a "-" before it could leave sessions in different directories';
  return REFUSED.find(([verbs]) => verbs.split(' ').includes(verb))?.[1];
}

/** In upper case. Servers leave out any number of blanks before it. */
function firstWord(text: string): string {
  return /\S+/.exec(text)?.[0].toUpperCase() ?? '';
}

function changesDirectory(command: Command): boolean {
  return command.verb === 'SMNT' || pathMovedTo(command) !== undefined;
}

/**
 * Turns text into command lines; no other module does (RFC 959 section 5.3).
 *
 * It refuses CR, LF and NUL everywhere, as text and again as bytes. It repairs nothing: a "cleaned" path names another file. It keeps
 * spaces exactly, since they may belong to a name. A secret is in `line` only, never in `masked` and never in an error.
 */
import { FtpUsageError } from '../errors.js';
import { PLAIN, printable } from './printable.js';

/** One command line, checked. */
export interface Command {
  /** In upper case; `SITE` alone for SITE commands. */
  readonly verb: string;
  /** The line to send, without CRLF. */
  readonly line: string;
  /** The line to show: secrets masked (`PASS ***`), control characters escaped. */
  readonly masked: string;
}

const MASK = '***';
const SECRET_VERBS: ReadonlySet<string> = new Set(['PASS', 'ACCT']);
/** Serv-U sets a password by SITE PSWD; DrFTPD and glftpd by PASSWD, and that of another user by CHPASS or ADDUSER. */
const SECRET_SITE = /^(SITE +(?:PSWD|PASSWD|(?:CHPASS|ADDUSER) +[^ ]+)) +(.*)$/i;
const FORBIDDEN: ReadonlyMap<number, string> = new Map([
  [0, 'a NUL'],
  [10, 'a line feed'],
  [13, 'a carriage return'],
]);
/** A secret shorter than this is not searched for in texts: it would be found everywhere, and so betrayed. */
const MIN_MASKED_LENGTH = 3;

/**
 * A command from its verb and arguments, joined by single spaces. `undefined` arguments are left out; an empty one is
 * kept, and so is every space in an argument.
 *
 * @throws FtpUsageError for a verb that is not letters and digits; for CR, LF, NUL or a stray surrogate in an argument,
 * or one that is no string.
 */
export function command(verb: string, ...args: readonly (string | undefined)[]): Command {
  const name = checkVerb(verb);
  let line = name;
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index];
    if (argument === undefined) continue;
    if (!isPlain(argument)) checkText(argument, name, `argument ${index + 1}`);
    line += ` ${argument}`;
  }
  return createCommand(name, line);
}

/**
 * A command from a whole line without CRLF; the verb ends at the first space.
 *
 * @throws FtpUsageError as {@link command} does.
 */
export function commandFromLine(line: string): Command {
  if (typeof line !== 'string') throw new FtpUsageError('A command line is a string');
  const space = line.indexOf(' ');
  const verb = checkVerb(space === -1 ? line : line.slice(0, space));
  if (!isPlain(line)) checkText(line, verb, 'the line');
  return createCommand(verb, line);
}

/**
 * The bytes of a command, CRLF included, in one piece: written at once, it cannot be torn by another (servers that read
 * packet-wise insist on that too). An encoding that makes a NUL, CR or LF of some other character is caught here. 0xFF
 * is not doubled for Telnet: servers take file names byte by byte.
 *
 * @param encode turns the line into bytes.
 * @param maxBytes the longest line that the server takes, CRLF included; no limit by default.
 * @param advice a sentence for the error about a longer one.
 * @throws FtpUsageError when the encoded line holds 00, 0A or 0D, or is longer than `maxBytes`, or `encode` throws one.
 */
export function encodeCommand(
  command: Command,
  encode: (text: string) => Uint8Array,
  maxBytes: number = Number.POSITIVE_INFINITY,
  advice = '',
): Uint8Array {
  const line = encode(command.line);
  for (const [byte, forbidden] of FORBIDDEN) {
    if (line.includes(byte)) throw refusal(command.verb, `the encoded line holds ${forbidden}`);
  }
  const bytes = new Uint8Array(line.length + 2);
  bytes.set(line);
  if (bytes.length > maxBytes) throw tooLong(command, bytes.length, maxBytes, advice);
  bytes[line.length] = 0x0d;
  bytes[line.length + 1] = 0x0a;
  return bytes;
}

/**
 * `text` with every echo of a secret replaced by `***`: servers have been seen to answer `530 bad password "hunter2"`.
 * Secrets of one or two characters are left alone: they would match all over the text, and the gaps would spell them out.
 */
export function maskSecret(text: string, secrets: readonly string[]): string {
  let masked = text;
  // The longest first, so that no secret leaves a part of a longer one behind.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length >= MIN_MASKED_LENGTH) masked = masked.replaceAll(secret, MASK);
  }
  return masked;
}

/**
 * The secrets in a command: the arguments of PASS and ACCT, and the words of a SITE command that sets a password. Undefined for any other
 * command.
 */
export function secretsIn({ verb, line }: Command): readonly string[] | undefined {
  if (SECRET_VERBS.has(verb)) return [line.slice(verb.length + 1)];
  if (verb !== 'SITE') return undefined;
  const secrets = SECRET_SITE.exec(line)?.[2];
  return secrets?.split(' ').filter((word) => word !== '');
}

function createCommand(verb: string, line: string): Command {
  return Object.freeze({ verb, line, masked: maskedLine(verb, line) });
}

function maskedLine(verb: string, line: string): string {
  if (SECRET_VERBS.has(verb) && line.length > verb.length) return `${verb} ${MASK}`;
  const shown = verb === 'SITE' ? SECRET_SITE.exec(line)?.[1] : undefined;
  return shown === undefined ? printable(line, Number.POSITIVE_INFINITY) : `${printable(shown)} ${MASK}`;
}

/** The verb in upper case. The refused text is not quoted: it may be a misplaced secret. */
function checkVerb(verb: string): string {
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(verb)) {
    throw new FtpUsageError('A command begins with a verb made of ASCII letters and digits');
  }
  return verb.toUpperCase();
}

function isPlain(text: string): boolean {
  return typeof text === 'string' && PLAIN.test(text);
}

function checkText(text: string, verb: string, place: string): void {
  if (typeof text !== 'string') throw refusal(verb, `${place} is no string`);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const forbidden = FORBIDDEN.get(unit);
    if (forbidden !== undefined) throw refusal(verb, `${place} holds ${forbidden}`);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if (unit < 0xdc00 && isLowSurrogate(text.charCodeAt(index + 1))) index += 1;
    else if (unit < 0xdc80 || unit > 0xdcff) throw refusal(verb, `${place} holds an unpaired surrogate`);
  }
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** The error for a line of `bytes`, CRLF included. */
export function tooLong({ verb }: Command, bytes: number, maxBytes: number, advice: string): FtpUsageError {
  return refusal(
    verb,
    `its line would have ${bytes} bytes with CRLF, where no more than ${maxBytes} are safe on this server (it may take the rest for another command). If a path makes it long, go into a directory on the way first (cwd$) and name it from there.${advice === '' ? '' : ` ${advice}`}`,
  );
}

function refusal(verb: string, rule: string): FtpUsageError {
  return new FtpUsageError(`${verb} was not sent: ${rule}`, { command: verb });
}

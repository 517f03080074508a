/**
 * Reads sizes in replies: SIZE's 213, and the count that many servers put in the reply before a download.
 *
 * A size decides whether a transfer is complete, so it never guesses. It takes digits only, up to the greatest exact number.
 */
import { FtpProtocolError } from '../errors.js';
import { readDigits } from './digits.js';
import { printable } from './printable.js';

const MAX_DIGITS = 16;
const SPACES = /[ \t\n]+/;
const OPENING_SIZE = /^[\s\S]*\((\d{1,16}) bytes\)/i;

/** The number that `text` is from `start` to `end`, `undefined` unless it is one to sixteen digits and a safe integer. */
export function readSize(text: string, start = 0, end: number = text.length): number | undefined {
  const size = end - start > MAX_DIGITS ? -1 : readDigits(text, start, end);
  return size >= 0 && Number.isSafeInteger(size) ? size : undefined;
}

/**
 * The size in a 213: its last word, since some servers put others before it.
 *
 * @throws FtpProtocolError when that is not a size (ftp-srv says `213 File status` for an empty file).
 */
export function parseSize(text: string): number {
  const size = readSize(text) ?? readSize(text.trim().split(SPACES).at(-1) ?? '');
  if (size === undefined) throw new FtpProtocolError(`Not a size: "${printable(text, 60)}"`);
  return size;
}

const SPACE_IN_BYTES = /(?:^|[\s(:=])(\d+) ?bytes?\b/gi;

/**
 * The space in an answer to AVBL: a number alone or at the end, or the only one that is followed by `bytes`.
 *
 * @throws FtpProtocolError when there is none, or one that JavaScript does not count exactly.
 */
export function parseSpace(text: string): number {
  const [named, ...others] = [...text.matchAll(SPACE_IN_BYTES)];
  if (named === undefined || others.length > 0) return parseSize(text);
  return parseSize(named[1] ?? '');
}

/**
 * The size that a 150 or 125 names, as `(N bytes)`; `undefined` when it names none. The last one counts, because the file
 * name comes before it and may look like one. After REST some servers name the whole file, some what is left of it.
 */
export function parseTransferSize(text: string): number | undefined {
  return readSize(OPENING_SIZE.exec(text)?.[1] ?? '');
}

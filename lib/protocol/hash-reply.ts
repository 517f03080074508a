/**
 * Reads the values in replies to HASH, XSHA256 and the like. A value decides whether a file counts as intact, so it never guesses. A value
 * has exactly the digits of its algorithm, and no second word in the reply looks like one.
 */
import { HASH_ALGORITHMS, type HashAlgorithm, hashAlgorithm } from './hash-algorithms.js';
import type { Reply } from './reply.js';
import { readSize } from './size.js';

/** Algorithm, the first and the last byte, value, and name (draft-bryan-ftpext-hash section 3.1). */
const HASH_LINE = /^ ?(\S{1,40}) (?:(\d{1,16})-(\d{1,16}) )?([\da-f]{8,128})(?: |$)/i;
const HEX = /^[\da-f]+$/i;
/** The digits of CRC-32, CRC-64, MD5, SHA-1, Tiger and SHA-2. */
const ANY_DIGITS: ReadonlySet<number> = new Set([8, 16, 32, 40, 48, 56, 64, 96, 128]);
const WORDS = /[\s"]+/;

/** The answer to HASH. */
export interface HashReply {
  readonly algorithm: HashAlgorithm | undefined;
  /** In lower case. */
  readonly value: string;
  /** The range as the server names it, if it does. Servers differ in whether `last` belongs to it. */
  readonly range: { readonly first: number; readonly last: number } | undefined;
}

/** Reads the answer to HASH; undefined if it has not the form of one. Lines before the last may say anything. */
export function parseHash({ lines }: Reply): HashReply | undefined {
  const match = HASH_LINE.exec(lines.at(-1) ?? '');
  if (match === null) return undefined;
  const [, name = '', first, last, value = ''] = match;
  const range = first === undefined || last === undefined ? undefined : rangeOf(first, last);
  if (first !== undefined && range === undefined) return undefined;
  return { algorithm: hashAlgorithm(name), value: value.toLowerCase(), range };
}

function rangeOf(start: string, end: string): HashReply['range'] {
  const [first, last] = [readSize(start), readSize(end)];
  return first === undefined || last === undefined ? undefined : { first, last };
}

/**
 * The value in the answer to a command that knows one algorithm, in lower case: the only word of the last line with the right
 * number of digits. `path` is the file that was asked for, since its name may be such a word too.
 */
export function parseChecksum({ lines }: Reply, { digits }: HashAlgorithm, path: string): string | undefined {
  const words = new Set(
    (lines.at(-1) ?? '')
      .split(WORDS)
      .filter((word) => isValue(word, digits))
      .map(lowerCase),
  );
  if (words.size > 1) for (const word of path.split(/[\s"/]+/)) words.delete(lowerCase(word));
  const [value] = words;
  return words.size === 1 ? value : undefined;
}

function isValue(word: string, digits: number): boolean {
  return word.length === digits && HEX.test(word);
}

function lowerCase(word: string): string {
  return word.toLowerCase();
}

/** Whether a reply to `verb` has a word that may be a value: of the verb's algorithm, or with HASH of any, known or not. */
export function holdsChecksum(verb: string, { lines }: Reply): boolean {
  const own = HASH_ALGORITHMS.find(({ verbs }) => (verbs as readonly string[]).includes(verb));
  const words = (lines.at(-1) ?? '').split(WORDS);
  return words.some((word) => isValue(word, own?.digits ?? (ANY_DIGITS.has(word.length) ? word.length : 0)));
}

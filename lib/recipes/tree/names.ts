/** Checks the names that a side can have. The check comes before a listed name becomes a part of a path: a server may send anything. */
import { encodeUtf8 } from '../../protocol/utf8.js';

/** Says, as the end of a sentence, why the name cannot be: "is too long"; undefined for a good one. */
export type NameRules = (name: string) => string | undefined;

/** One reason to refuse a name. */
interface Rule {
  readonly fault: string;
  readonly broken: (name: string) => boolean;
}

const MAX_BYTES = 255;
const MAX_UNITS = 255;

/** Half a pair, or a byte that is no UTF-8, which the text carries as U+DC80 to U+DCFF. */
const NOT_TEXT = /\p{Surrogate}/u;

const ANYWHERE: readonly Rule[] = [
  { fault: 'is empty', broken: (name) => name === '' },
  { fault: 'leads to another directory', broken: (name) => name === '.' || name === '..' },
  { fault: 'has a separator', broken: (name) => name.includes('/') },
  { fault: 'has NUL', broken: (name) => name.includes('\0') },
];

const LOCAL: readonly Rule[] = [...ANYWHERE, { fault: 'is not UTF-8', broken: (name) => NOT_TEXT.test(name) }];

const POSIX: readonly Rule[] = [...LOCAL, { fault: `is longer than ${MAX_BYTES} bytes`, broken: isLongerInUtf8 }];

/** Also with an extension, and with blanks before that. The digits above the line count as digits. */
const DEVICE = /^(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9\u00b9\u00b2\u00b3]|LPT[0-9\u00b9\u00b2\u00b3]) *(?:\.|$)/i;

const WINDOWS: readonly Rule[] = [
  ...LOCAL,
  { fault: 'has a separator', broken: (name) => name.includes('\\') },
  // `a:b` is a stream of the file `a`.
  { fault: 'has a colon', broken: (name) => name.includes(':') },
  { fault: 'has a character that Windows refuses', broken: isRefusedByWindows },
  // Windows leaves them out, and means another file.
  { fault: 'ends with a dot or a blank', broken: (name) => /[. ]$/.test(name) },
  { fault: 'is the name of a device', broken: (name) => DEVICE.test(name) },
  { fault: `is longer than ${MAX_UNITS} characters`, broken: (name) => name.length > MAX_UNITS },
];

const REMOTE: readonly Rule[] = [
  ...ANYWHERE,
  { fault: 'has a line end', broken: (name) => /[\r\n]/.test(name) },
  // A server on Windows takes either slash.
  { fault: 'leads to another directory', broken: (name) => name.split('\\').includes('..') },
];

/** A unit of text needs at most three bytes. */
function isLongerInUtf8(name: string): boolean {
  return name.length > MAX_BYTES / 3 && encodeUtf8(name).length > MAX_BYTES;
}

/** Of a local disk on a POSIX system. */
export const posixNames: NameRules = (name) => firstBroken(POSIX, name);

/** Of a local disk on Windows. */
export const windowsNames: NameRules = (name) => firstBroken(WINDOWS, name);

/** Of a server: names that can be sent, and that stay below the directory that lists them. */
export const remoteNames: NameRules = (name) => firstBroken(REMOTE, name);

/** Of this machine's disk. */
export function localNames(platform: NodeJS.Platform = process.platform): NameRules {
  return platform === 'win32' ? windowsNames : posixNames;
}

function isRefusedByWindows(name: string): boolean {
  return /[<>"|?*]/.test(name) || [...name].some((character) => character < ' ');
}

function firstBroken(rules: readonly Rule[], name: string): string | undefined {
  for (const { fault, broken } of rules) if (broken(name)) return fault;
  return undefined;
}

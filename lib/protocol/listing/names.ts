/**
 * Reads rows that are only a name, as in NLST, and in the LIST of some devices. It drops directories before a name. Only a `/` behind a
 * directory tells the kind of file.
 */
import { isBlank, isSum } from './decoration.js';
import type { DialectReader, ListingDialect, Reading } from './dialect.js';
import type { FileEntry } from './file-entry.js';

/** The characters that end a directory before a name. */
export type PathSign = '/' | '\\';

/** The reader of a listing in which each line is a name, of any form. */
export function anyNames(sign: PathSign): ListingDialect {
  const read = (line: string): Reading => (line.length > MAX_LINE ? undefined : [namesIn(line, sign)]);
  return { dialect: 'names', open: (): DialectReader => ({ read }) };
}

export const names: ListingDialect = /* @__PURE__ */ anyNames('/');

/** The names that a line has: several if it contains ends of lines. */
export function namesIn(line: string, sign: PathSign): readonly FileEntry[] {
  return splitAtCr(line).flatMap((name) => entryOf(name, sign));
}

/** The reader after the first lines were found to be names: a line that does not look like one is a message, and not understood. */
export function namesFound(sign: PathSign): ListingDialect {
  const read = (line: string): Reading => {
    if (line.length > MAX_LINE) return undefined;
    const all = splitAtCr(line).filter((each) => !isBlank(each));
    return all.every((each) => isNameLike(each, sign) || isSum(each))
      ? [all.flatMap((each) => entryOf(each, sign))]
      : undefined;
  };
  return { dialect: 'names', open: (): DialectReader => ({ read }) };
}

/** A line may hold many names. */
const MAX_LINE = 64 * 1024;

/**
 * Whether lines that no other dialect reads are names, and how their paths are written; `undefined` if they are none. All of
 * them look like names, one at least has a dot or a slash in it, and one at least has no blank. A message has blanks, and at its
 * end no suffix, or a path; `Unable to open a.txt` has one.
 */
export function signOfNames(lines: readonly string[]): PathSign | undefined {
  if (lines.some(({ length }) => length > MAX_LINE)) return undefined;
  const all = lines.flatMap(splitAtCr).filter((line) => !isBlank(line));
  const sign = signOfPaths(all);
  if (sign === undefined || !all.every((line) => isNameLike(line, sign))) return undefined;
  // If each line has a blank, or begins with one, no line shows which blanks belong to the names.
  const isCertain = all.some((line) => !/\s/.test(line)) && all.some((line) => /[^.][./\\]./.test(line));
  return isCertain ? sign : undefined;
}

/**
 * Names of Unix may have backslashes. They end directories where all lines begin with the same one, or with a drive; one line alone
 * must have two of them. If another line has none, they belong to the names.
 */
function signOfPaths(lines: readonly string[]): PathSign | undefined {
  if (!lines.every((line) => line.includes('\\'))) return '/';
  if (lines.every((line) => DRIVE.test(line))) return '\\';
  const directories = new Set(lines.map((line) => line.slice(0, line.lastIndexOf('\\') + 1)));
  const [only = '', another] = directories;
  if (another !== undefined) return undefined;
  return lines.length > 1 || /^\\.*\\$/.test(only) ? '\\' : undefined;
}

/** Devices that end lines with CR alone send a listing of one line. */
function splitAtCr(line: string): readonly string[] {
  return line.includes('\r') ? line.split('\r') : [line];
}

/** The longest path that is taken for a name. */
const MAX_LENGTH = 4096;

/** Of a path with backslashes. */
const DRIVE = /^[A-Z]:\\/i;

function isNameLike(line: string, sign: PathSign): boolean {
  const path = sign === '/' ? line : line.replace(DRIVE, '');
  if (path.length > MAX_LENGTH || /[\p{Cc}<>|"*?;=,:]/u.test(path) || /[.\s]$/.test(path)) return false;
  return !/\s/.test(path) || (/\.\w{1,5}$/.test(path) && /^ {0,16}\S+( [^\s/]\S*){0,5}$/.test(path));
}

function entryOf(line: string, sign: PathSign): readonly FileEntry[] {
  const isDirectory = line.endsWith(sign);
  const path = isDirectory ? withoutLast(line, sign) : line;
  const name = path.slice(path.lastIndexOf(sign) + 1);
  if (name === '') return [];
  const kind = isDirectory ? 'directory' : 'other';
  return [{ name, kind, precision: 'none', zoneKnown: false, dialect: 'names', raw: line }];
}

function withoutLast(path: string, sign: PathSign): string {
  let end = path.length;
  while (path.charAt(end - 1) === sign) end -= 1;
  return path.slice(0, end);
}

/**
 * Rows of nothing but a name, as NLST has them, and the LIST of some devices. A name may come with its directories, which are
 * left out. What kind of file it is, is told only by a `/` behind a directory.
 */
import { isBlank, isSum } from './decoration.js';
import type { DialectReader, ListingDialect } from './dialect.js';
import type { FileEntry } from './file-entry.js';

export const names: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'names',
  open: (): DialectReader => ({
    read: (line) => (line.length > MAX_LINE ? undefined : splitAtCr(line).flatMap(entryOf)),
  }),
});

/** Where the first lines were found to be names: a line that looks like none is a message, and not understood. */
export const namesFound: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'names',
  open: (): DialectReader => ({
    read(line) {
      if (line.length > MAX_LINE) return undefined;
      const all = splitAtCr(line).filter((each) => !isBlank(each));
      return all.every((each) => isNameLike(each) || isSum(each)) ? all.flatMap(entryOf) : undefined;
    },
  }),
});

/** A line may hold many names. */
const MAX_LINE = 64 * 1024;

/**
 * Whether lines that no other dialect reads are names: all of them look like names, one at least has a dot or a slash in it,
 * and one at least has no blank. A message has blanks, and at its end no suffix, or a path; `Unable to open a.txt` has one.
 */
export function areNames(lines: readonly string[]): boolean {
  if (lines.some(({ length }) => length > MAX_LINE)) return false;
  const all = lines.flatMap(splitAtCr).filter((line) => !isBlank(line));
  if (!all.every(isNameLike) || all.every((line) => /\s/.test(line))) return false;
  return all.some((line) => /[^.][./]./.test(line));
}

/** Devices that end lines with CR alone send a listing of one line. */
function splitAtCr(line: string): readonly string[] {
  return line.includes('\r') ? line.split('\r') : [line];
}

/** The longest path that is taken for a name. */
const MAX_LENGTH = 4096;

function isNameLike(line: string): boolean {
  if (line.length > MAX_LENGTH || /[\p{Cc}<>|"*?;=,:]/u.test(line) || /[.\s]$/.test(line)) return false;
  return !/\s/.test(line) || (/\.\w{1,5}$/.test(line) && /^\S+( [^\s/]\S*){0,5}$/.test(line));
}

function entryOf(line: string): readonly FileEntry[] {
  const isDirectory = line.endsWith('/');
  const path = isDirectory ? withoutLastSlashes(line) : line;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === '') return [];
  const kind = isDirectory ? 'directory' : 'other';
  return [{ name, kind, precision: 'none', zoneKnown: false, dialect: 'names', raw: line }];
}

function withoutLastSlashes(path: string): string {
  let end = path.length;
  while (path.charAt(end - 1) === '/') end -= 1;
  return path.slice(0, end);
}

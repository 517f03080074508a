/**
 * Plain Unix `ls -l`, which most servers print, Unix or not.
 *
 * The columns are not counted from the left, since the owner, the group or the count of links may be missing and owners
 * may have spaces. What holds is the middle: a size and then a date. From there the owner's columns are on the left and
 * exactly one space on the right; everything after that is the name, with whatever spaces it has.
 */
import type { FileEntry, ListingContext } from './file-entry.js';
import { type Permissions, parsePermissions } from './permissions.js';
import { type ListedDate, unixDateAt } from './unix-date.js';
import { type Word, words } from './words.js';

/** Permissions, links, owner and group of a few words, a size or two device numbers, four words of date. */
const MAX_WORDS = 16;
const ARROW = ' -> ';

/** Reads one line of `ls -l`; `undefined` when it is none. */
export function parseUnixLine(line: string, context: ListingContext): FileEntry | undefined {
  const columns = words(line, MAX_WORDS);
  const [first] = columns;
  if (first === undefined || first.start !== 0) return undefined;
  const permissions = parsePermissions(first.text);
  if (permissions === undefined) return undefined;
  for (let at = 2; at < columns.length; at += 1) {
    if (!isSizeLike(columns[at - 1]?.text ?? '')) continue;
    const date = unixDateAt(columns, at, context);
    if (date !== undefined) return entryOf(line, columns, at, permissions, date);
  }
  return undefined;
}

function entryOf(
  line: string,
  columns: readonly Word[],
  at: number,
  permissions: Permissions,
  date: ListedDate,
): FileEntry | undefined {
  const end = columns[at + date.words - 1]?.end ?? line.length;
  const { name, target } = nameAndTarget(line.slice(end + 1), permissions);
  if (name === '') return undefined;
  // Devices have `major, minor`, glued or not, where others have their size.
  const split = permissions.device && (columns[at - 2]?.text ?? '').endsWith(',');
  return {
    name,
    kind: permissions.kind,
    size: permissions.device ? undefined : sizeOf(columns[at - 1]?.text ?? ''),
    modified: date.modified,
    precision: date.precision,
    zoneKnown: false,
    dialect: 'unix',
    target,
    mode: permissions.mode,
    ...ownership(line, columns.slice(1, split ? at - 2 : at - 1)),
    raw: line,
  };
}

/** A link's name ends at the first arrow; a server that follows links shows none. */
function nameAndTarget(text: string, permissions: Permissions): { name: string; target: string | undefined } {
  const arrow = permissions.kind === 'symlink' ? text.indexOf(ARROW) : -1;
  if (arrow === -1) return { name: text, target: undefined };
  return { name: text.slice(0, arrow), target: text.slice(arrow + ARROW.length) };
}

/** Links, owner and group, of which any may be missing. Of more than two names the last is the group (`domain user`). */
function ownership(line: string, columns: readonly Word[]): Pick<FileEntry, 'links' | 'owner' | 'group'> {
  const [first] = columns;
  const counted = first !== undefined && (first.text === '-' || /^\d{1,9}$/.test(first.text));
  const names = counted ? columns.slice(1) : columns;
  const group = names.length > 1 ? names.at(-1) : undefined;
  const owners = group === undefined ? names : names.slice(0, -1);
  const [firstOwner] = owners;
  return {
    links: counted && first.text !== '-' ? Number(first.text) : undefined,
    owner: firstOwner === undefined ? undefined : line.slice(firstOwner.start, owners.at(-1)?.end),
    group: group?.text,
  };
}

/** Digits, maybe grouped, negative (32-bit servers), or of `ls -h`; device numbers look like this too. */
function isSizeLike(text: string): boolean {
  return /^-?\d[\d.,]{0,30}[KMGTPEkmgtpe]?B?$/.test(text);
}

/** The size if it is exact: plain digits, or digits in groups of three. */
function sizeOf(text: string): number | undefined {
  const digits = /^\d{1,3}(?:[.,]\d{3}){1,5}$/.test(text) ? text.replaceAll(/[.,]/g, '') : text;
  const size = /^\d{1,16}$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isSafeInteger(size) ? size : undefined;
}

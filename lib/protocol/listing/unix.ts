/**
 * Reads plain Unix `ls -l`, which most servers print, Unix or not.
 *
 * It keeps an undecided row and all later ones until another row decides: 64 rows at most.
 */
import { clockOf } from './clock-column.js';
import { Columns } from './columns.js';
import { DateHabits } from './date-habits.js';
import type { ListingDialect } from './dialect.js';
import type { FileEntry, FileKind } from './file-entry.js';
import { HeldReader, type OpenRows } from './held-reader.js';
import { splitLink } from './link-target.js';
import { NumberedRows } from './numbered-rows.js';
import { type Permissions, parsePermissions } from './permissions.js';
import { type ListedTime, NO_TIME, type ServerClock } from './server-clock.js';
import { exactSize } from './size-column.js';
import { localMs, timeOf } from './unix-date.js';
import { Dateless, nameBehind } from './unix-dateless.js';
import { UnixHabits } from './unix-habits.js';
import { locateRow, type UnixRow } from './unix-row.js';
import { isUnknown, unknownEntry } from './unix-unknown.js';
import { UsualRows } from './usual-rows.js';

/** Permissions, links, owner and group of a few words, a size or two device numbers, five words of date. */
const MAX_WORDS = 16;
/** So many different columns of permissions are remembered. */
const MAX_PERMISSIONS = 64;

export const unix: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'unix',
  open: (clock: ServerClock) => new HeldReader(new NumberedRows(new UnixRows(clock))),
});

class UnixRows implements OpenRows {
  readonly #clock: ServerClock;
  readonly #columns = new Columns(MAX_WORDS);
  readonly #habits = new UnixHabits();
  readonly #dates: DateHabits;
  readonly #dateless = new Dateless();
  readonly #usual = new UsualRows();
  readonly #known = new Map<string, Permissions>();
  #usualAt: number | undefined;
  /** The parts of the line behind the columns. */
  #permissions: Permissions | undefined;
  #row: UnixRow | undefined;

  constructor(clock: ServerClock) {
    this.#clock = clock;
    this.#dates = new DateHabits(clock.year);
  }

  get isDecided(): boolean {
    return this.#habits.isDecided && this.#dates.isDecided && this.#dateless.isDecided;
  }

  learn(line: string): boolean | undefined {
    if (this.#usual.find(line)) return false;
    this.#locate(line);
    if (this.#permissions === undefined) return isUnknown(line) ? false : undefined;
    if (this.#row === undefined) return this.#dateless.learn(this.#columns);
    this.#dateless.contradict();
    const isDateOpen = this.#dates.learn(this.#columns, this.#row);
    return this.#habits.learn(this.#columns, this.#row) || isDateOpen;
  }

  decide(): void {
    this.#habits.decide();
    this.#dates.decide();
    this.#dateless.decide();
  }

  entry(line: string): FileEntry | undefined {
    if (line === this.#usual.line) return this.#usualEntry(line);
    if (line !== this.#columns.line) this.#locate(line);
    const [columns, permissions] = [this.#columns, this.#permissions];
    if (permissions === undefined) return unknownEntry(line);
    if (this.#row === undefined) return this.#datelessEntry(permissions);
    const row = this.#dates.complete(columns, this.#row);
    if (row === undefined) return undefined;
    if (row.date !== undefined) this.#usualAt = row.at;
    const timed = this.#habits.hasTimeAfterYear(columns, row);
    const blanks = timed ? 1 : this.#habits.blanksBeforeName(columns, row);
    if (this.#isUsual(row, blanks)) this.#usual.expect(columns, row, permissions);
    const text = line.slice(columns.end(row.at + row.words - (timed ? 0 : 1)) + blanks);
    return this.#entry(text, permissions, row, timed);
  }

  /** Whether other rows of this form mean what this one does, since nothing is open. Words behind a year are of names. */
  #isUsual({ date }: UnixRow, blanks: number): boolean {
    if (blanks !== 1 || date?.monthName === undefined || !this.isDecided) return false;
    return date.ending === 'year' || this.#dates.areWordsOfNames;
  }

  #usualEntry(line: string): FileEntry | undefined {
    const usual = this.#usual;
    const { permissions, size, owner, group, links } = usual;
    if (permissions === undefined) return undefined;
    const { kind, mode } = permissions;
    const text = withoutSlash(line.slice(usual.nameAt), kind);
    const { name, target } = kind === 'symlink' ? splitLink(text, size) : { name: text, target: undefined };
    if (name === '') return undefined;
    const local = localMs(usual, usual.year, this.#clock);
    const { modified, precision, zoneKnown } = this.#clock.time(local, usual.year === undefined ? 'minute' : 'day');
    // biome-ignore format: as below
    return { name, kind, size, modified, precision, zoneKnown, target, mode, owner, group, links, dialect: 'unix', raw: line };
  }

  #locate(line: string): void {
    const columns = this.#columns.split(line);
    this.#permissions = this.#permissionsOf(columns.text(0));
    if (this.#permissions?.kind === 'directory' && isMacFolder(columns)) this.#permissions = undefined;
    this.#row = this.#permissions === undefined ? undefined : locateRow(columns, this.#usualAt);
  }

  #permissionsOf(text: string): Permissions | undefined {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const permissions = parsePermissions(text);
    if (permissions !== undefined && this.#known.size < MAX_PERMISSIONS) this.#known.set(text, permissions);
    return permissions;
  }

  #entry(text: string, permissions: Permissions, row: UnixRow, timed: boolean): FileEntry | undefined {
    const columns = this.#columns;
    const { kind, mode, device } = permissions;
    const size = row.sized && !device ? exactSize(columns.text(row.at - 1)) : undefined;
    // z/OS has external links (`e`) too: their targets are no files.
    const isLink = kind === 'symlink' || columns.text(0).startsWith('e');
    const { name, target } = isLink ? splitLink(text, size) : { name: withoutSlash(text, kind), target: undefined };
    if (name === '') return undefined;
    const { modified, precision, zoneKnown } = this.#time(row, timed);
    const { links, owner, group } = ownership(columns, ownersEnd(columns, row, permissions), permissions.links);
    const raw = columns.line;
    // A single literal: for 100,000 rows a spread costs more than all else.
    // biome-ignore format: a column of names says nothing more
    return { name, kind, size, modified, precision, zoneKnown, target, mode, owner, group, links, dialect: 'unix', raw };
  }

  #datelessEntry({ kind, mode, links: glued }: Permissions): FileEntry | undefined {
    const columns = this.#columns;
    const sizeAt = this.#dateless.sizeAt(columns);
    if (sizeAt === undefined) return undefined;
    const size = exactSize(columns.text(sizeAt));
    const text = withoutSlash(columns.line.slice(nameBehind(columns, sizeAt)), kind);
    const { name, target } = kind === 'symlink' ? splitLink(text, size) : { name: text, target: undefined };
    if (name === '') return undefined;
    const { links, owner, group } = ownership(columns, sizeAt, glued);
    return {
      ...{ name, kind, size, ...NO_TIME, target },
      ...{ mode, owner, group, links, dialect: 'unix', raw: columns.line },
    };
  }

  #time({ at, date, words }: UnixRow, timed: boolean): ListedTime {
    if (date === undefined) return NO_TIME;
    const clock = timed ? clockOf(this.#columns.text(at + words)) : undefined;
    const dated = clock === undefined ? date : { ...date, ...clock };
    if (dated.month !== 0 || dated.monthName === undefined) return timeOf(dated, this.#clock);
    return timeOf({ ...dated, month: this.#dates.monthOf(dated.monthName) }, this.#clock);
  }
}

/** Just behind the owner's columns: before the size, or the two numbers of a device (`major, minor`). */
function ownersEnd(columns: Columns, { at, sized }: UnixRow, { device }: Permissions): number {
  if (!sized) return at;
  return device && columns.text(at - 2).endsWith(',') ? at - 2 : at - 1;
}

/** `ls -p` puts a slash behind the name of a directory. */
function withoutSlash(text: string, kind: FileKind): string {
  return kind === 'directory' && text.endsWith('/') ? text.slice(0, -1) : text;
}

type Ownership = Pick<FileEntry, 'links' | 'owner' | 'group'>;

/** Links, owner and group, of which any may be missing. Of more than two names the last is the group (`domain user`). */
function ownership(columns: Columns, end: number, glued: number | undefined): Ownership {
  const counted = glued === undefined && end > 1 && /^(?:-|\d{1,9})$/.test(columns.text(1));
  const from = counted ? 2 : 1;
  const groupAt = end - from > 1 ? end - 1 : end;
  const links = counted && columns.text(1) !== '-' ? Number(columns.text(1)) : glued;
  return { links, owner: columns.between(from, groupAt), group: groupAt < end ? columns.text(groupAt) : undefined };
}

/** `drwxr-xr-x folder 2`: of a classic Mac. */
function isMacFolder({ line, starts: [, second = 0] }: Columns): boolean {
  return line.startsWith('folder ', second) && /^ *\d+ /.test(line.slice(second + 'folder '.length, second + 40));
}

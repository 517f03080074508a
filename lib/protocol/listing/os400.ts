/**
 * Reads rows of OS/400 (IBM i) with LISTFMT 0: owner, size, date, time, `*TYPE`, name.
 *
 * The job sets the order of day, month and year, and no row names it. Rows with one reading decide for all. If there are none, the files
 * have no date. Members have no size and no date. A row without a name belongs to the listed file itself.
 */
import { utcMs } from '../calendar.js';
import { type Clock, clockOf } from './clock-column.js';
import { Columns, skipBlanks } from './columns.js';
import { DateOrders } from './date-orders.js';
import type { ListingDialect } from './dialect.js';
import type { FileEntry, FileKind } from './file-entry.js';
import { HeldReader, type OpenRows } from './held-reader.js';
import type { ServerClock } from './server-clock.js';
import { exactSize } from './size-column.js';

export const os400: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'os400',
  open(clock: ServerClock) {
    const reader = new HeldReader(new Os400Rows(clock));
    let hasRows = false;
    return {
      read(line: string) {
        if (hasRows ? isNameless(line) : isNamelessWhole(line)) return 'ignored';
        const reading = reader.read(line);
        hasRows ||= reading !== undefined;
        return reading;
      },
      end: () => reader.end(),
    };
  },
});

const KINDS: Readonly<Partial<Record<string, FileKind>>> = /* @__PURE__ */ Object.freeze({
  '*DIR': 'directory',
  '*DDIR': 'directory',
  '*LIB': 'directory',
  '*FLR': 'directory',
  '*FILE': 'directory',
  '*STMF': 'file',
  '*DSTMF': 'file',
  '*MEM': 'file',
  '*DOC': 'file',
  '*SYMLNK': 'symlink',
});

/** Owner, size, date, time and type; or owner and type. */
const MAX_WORDS = 6;
const TYPE = /^\*[A-Z][A-Z0-9]{1,9}$/;

const USER = /^[A-Z$#@_][\w$#@.]{0,9}$/i;

/** From the start of the type to the name: a name farther behind it begins with blanks, where any other begins here. */
const TYPE_COLUMNS = 11;

/** A row without a name is not longer. */
const MAX_NAMELESS = 120;

interface Os400Row {
  /** The word that is the type. */
  readonly at: number;
  readonly date: string;
  readonly clock: Clock | undefined;
}

class Os400Rows implements OpenRows {
  readonly #clock: ServerClock;
  readonly #columns = new Columns(MAX_WORDS);
  readonly #orders: DateOrders;
  /** Whether names begin in the usual column. */
  #isUsualColumn: boolean | undefined;
  #sawFarName = false;

  constructor(clock: ServerClock) {
    this.#clock = clock;
    this.#orders = new DateOrders(clock.now);
  }

  get isDecided(): boolean {
    return this.#orders.isDecided && !(this.#sawFarName && this.#isUsualColumn === undefined);
  }

  learn(line: string): boolean | undefined {
    const row = this.#locate(line);
    if (row === undefined) return undefined;
    const isColumnOpen = this.#learnColumn(line, row);
    return (row.date !== '' && this.#orders.learn(row.date)) || isColumnOpen;
  }

  decide(): void {
    this.#orders.decide();
    if (this.#sawFarName) this.#isUsualColumn ??= false;
  }

  entry(line: string): FileEntry | undefined {
    const row = this.#locate(line);
    const columns = this.#columns;
    const text = row === undefined || this.#isBefore(line, row) ? '' : line.slice(this.#nameAt(line, row));
    const name = text.endsWith('/') ? text.slice(0, -1) : text;
    if (row === undefined || name === '') return undefined;
    const day = row.clock === undefined ? undefined : this.#orders.dayOf(row.date);
    const local = day === undefined || row.clock === undefined ? undefined : utcMs(day.year, { ...day, ...row.clock });
    return {
      name,
      kind: kindOf(columns.text(row.at), name),
      // For other objects it is their space on disk, not their content.
      size: columns.text(row.at) === '*STMF' ? exactSize(columns.text(1)) : undefined,
      ...this.#clock.time(local, row.clock?.precision ?? 'none'),
      owner: columns.text(0),
      dialect: 'os400',
      raw: line,
    };
  }

  #learnColumn(line: string, { at }: Os400Row): boolean {
    if (this.#isUsualColumn !== undefined) return false;
    const width = skipBlanks(line, this.#columns.end(at)) - this.#columns.start(at);
    if (width === TYPE_COLUMNS) this.#isUsualColumn = true;
    else if (width > TYPE_COLUMNS) this.#sawFarName = true;
    return width > TYPE_COLUMNS;
  }

  #nameAt(line: string, { at }: Os400Row): number {
    const found = skipBlanks(line, this.#columns.end(at));
    return this.#isUsualColumn === true ? Math.min(found, this.#columns.start(at) + TYPE_COLUMNS) : found;
  }

  /** Whether the name begins before the column of all others. */
  #isBefore(line: string, { at }: Os400Row): boolean {
    const [start, end] = [this.#columns.start(at), this.#columns.end(at)];
    return (
      this.#isUsualColumn === true && end - start < TYPE_COLUMNS - 1 && skipBlanks(line, end) < start + TYPE_COLUMNS
    );
  }

  #locate(line: string): Os400Row | undefined {
    const columns = this.#columns.split(line);
    for (let at = 1; at <= 4; at += 1) {
      if (!TYPE.test(columns.text(at))) continue;
      // So few columns may be words of anything, but for a type that is known.
      if (at <= 2) return isShort(columns, at) ? { at, date: '', clock: undefined } : undefined;
      // Only whole rows are indented: others may be of OS/2.
      if (columns.start(0) > 0 && (at === 3 || !USER.test(columns.text(0)))) return undefined;
      const clock = clockOf(columns.text(at - 1));
      return clock === undefined ? undefined : { at, date: columns.text(at - 2), clock };
    }
    return undefined;
  }
}

/** Whether the row has a type that is known, and begins with the name of a user. */
function isShort(columns: Columns, at: number): boolean {
  return Object.hasOwn(KINDS, columns.text(at)) && USER.test(columns.text(0));
}

/** A save file has no members. */
function kindOf(type: string, name: string): FileKind {
  if (type === '*FILE' && /\.SAVF$/i.test(name)) return 'file';
  return (Object.hasOwn(KINDS, type) ? KINDS[type] : undefined) ?? 'other';
}

/** Any columns, and nothing behind the type. */
function isNameless(line: string): boolean {
  return line.length < MAX_NAMELESS && /^ *\S+ +(?:\d+ +)?(?:\S+ +[\d:]+ +)?\*[A-Z0-9]+ *$/.test(line);
}

/** All columns, and nothing behind the type: it shows the dialect by itself. */
function isNamelessWhole(line: string): boolean {
  return line.length < MAX_NAMELESS && /^ *\S+ +\d+ +\d\S+ +[\d:]{7,8} +\*[A-Z0-9]+ *$/.test(line);
}

/**
 * Reads the listing of IIS and other Windows servers, as `dir` prints it: date, time, `<DIR>` or a size, name.
 *
 * In the columns of IIS and of `dir` a name begins ten characters after `<DIR>` and one after a size. Further blanks belong to
 * the name. In other columns, all rows of the listing decide. Dates are month first, with exceptions: an impossible month, dots (German),
 * or other rows with slashes or dashes that have the day first.
 */

import { utcMs } from '../calendar.js';
import { type Clock, clockOf, onlyClockOf } from './clock-column.js';
import { Columns, skipBlanks } from './columns.js';
import { isBlank } from './decoration.js';
import type { ListingDialect } from './dialect.js';
import { type DosDay, dayPartsOf, dosDay } from './dos-day.js';
import { markedKind, markedName } from './dos-marks.js';
import type { FileEntry, FileKind } from './file-entry.js';
import { GroupedSizes, isSizeInWords } from './grouped-sizes.js';
import { HeldReader, type OpenRows } from './held-reader.js';
import { LeastGap } from './least-gap.js';
import { MARK_COLUMNS, MarkGaps } from './mark-gaps.js';
import type { ServerClock } from './server-clock.js';
import { exactSize, isSizeLike } from './size-column.js';
import { meridiemOf } from './words-behind-time.js';

/** From the end of the date to the start of `<DIR>`, and to the end of a size, in IIS's columns. */
const MARK_AT = 16;
const SIZE_END = 30;
/** In those of `dir`: two blanks before the time, and from its end to the start of `<DIR>`, and to the end of a size. */
const DIR_TIME_GAP = 2;
const DIR_MARK_AT = 4;
const DIR_SIZE_END = 18;
/** Date, time, AM or PM, six words of a size, and one of the name. */
const MAX_WORDS = 10;
/** `p.m.` */
const MERIDIEM_LENGTH = 4;

export const dos: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'dos',
  open: (clock: ServerClock) => new HeldReader(new DosRows(clock)),
});

interface DosRow {
  readonly day: DosDay;
  readonly clock: Clock;
  /** The word that is a size, or its first, or a mark. */
  readonly at: number;
  /** `undefined`: a file, with a size. */
  readonly kind: FileKind | undefined;
  /** The last word of the size, or the mark, in the columns of IIS or of `dir`; `undefined` in others. */
  readonly end: number | undefined;
}

class DosRows implements OpenRows {
  readonly #clock: ServerClock;
  readonly #columns = new Columns(MAX_WORDS);
  readonly #sizeGaps = new LeastGap(1);
  readonly #markGaps = new MarkGaps();
  readonly #sizes = new GroupedSizes();
  /** Whether dates with slashes or dashes have the day first. */
  #dayFirst: boolean | undefined;
  #sawEitherOrder = false;
  #lastDay: { readonly text: string; readonly day: DosDay | undefined } | undefined;
  /** The parts of the line behind the columns. */
  #row: DosRow | undefined;

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  get isDecided(): boolean {
    const isOrderOpen = this.#sawEitherOrder && this.#dayFirst === undefined;
    return this.#sizeGaps.isDecided && this.#markGaps.isDecided && this.#sizes.isDecided && !isOrderOpen;
  }

  learn(line: string): boolean | undefined {
    const row = this.#locate(line);
    this.#row = row;
    if (row === undefined) return undefined;
    if (row.day.isEvidence) this.#dayFirst ??= row.day.order === 'day-first';
    const isOpen = row.day.order === undefined;
    if (isOpen) this.#sawEitherOrder = true;
    const open = this.#learnColumns(row);
    return open || (isOpen && this.#dayFirst === undefined);
  }

  #learnColumns(row: DosRow): boolean {
    const columns = this.#columns;
    const markedEnd = columns.start(row.at) + MARK_COLUMNS - 1;
    if (row.kind !== undefined) {
      if (columns.end(row.at) + this.#gapBehind(row.at) > markedEnd) this.#sizes.learnEnd(markedEnd);
    } else if (row.end === undefined) {
      if (this.#sizes.learn(columns, row.at)) return true;
    } else if (columns.end(row.end) !== columns.end(0) + SIZE_END) {
      this.#sizes.learnEnd(columns.end(row.end));
    }
    if (row.end !== undefined) return false;
    const gap = this.#gapBehind(row.at);
    if (row.kind === undefined) return this.#sizeGaps.learn(gap);
    return this.#markGaps.learn(columns.start(row.at), columns.text(row.at).length, gap);
  }

  decide(): void {
    this.#sizes.decide();
    this.#sizeGaps.decide();
    this.#markGaps.decide();
    if (this.#sawEitherOrder) this.#dayFirst ??= false;
  }

  entry(line: string): FileEntry | undefined {
    const row = line === this.#columns.line ? this.#row : this.#locate(line);
    if (row === undefined) return undefined;
    const end = this.#endOf(row);
    if (end === undefined) return undefined;
    const text = line.slice(this.#nameAt(row, end));
    const { name, kind, target } = markedName(text, row.kind ?? 'file');
    if (isBlank(name)) return undefined;
    const size = row.kind === undefined ? this.#sizeOf(row.at, end) : undefined;
    const { year, month, day } = dayPartsOf(row.day, this.#dayFirst === true);
    const { hour, minute, second, millisecond } = row.clock;
    // A spread would take longer than all else.
    const local = utcMs(year, { month, day, hour, minute, second, millisecond });
    const { modified, precision, zoneKnown } = this.#clock.time(local, row.clock.precision);
    // biome-ignore format: one literal, and no column of names
    return { name, kind, size, modified, precision, zoneKnown, target, dialect: 'dos', raw: line };
  }

  #locate(line: string): DosRow | undefined {
    const columns = this.#columns.split(line);
    const day = this.#dayOf(columns.text(0));
    if (day === undefined) return undefined;
    // Maybe AM or PM stands apart from the time.
    const mayBeMeridiem = columns.end(2) - columns.start(2) <= MERIDIEM_LENGTH;
    const meridiem = mayBeMeridiem ? meridiemOf(columns.text(2)) : undefined;
    const clock = meridiem === undefined ? onlyClockOf(columns.text(1)) : clockOf(columns.text(1) + meridiem);
    const at = meridiem === undefined ? 2 : 3;
    const text = columns.text(at);
    const kind = markedKind(text);
    if (clock === undefined || (kind === undefined && !isSizeLike(text))) return undefined;
    return { day, clock, at, kind, end: this.#endInColumns(at, kind) };
  }

  /** The files of a directory are often of one day. */
  #dayOf(text: string): DosDay | undefined {
    if (text !== this.#lastDay?.text) this.#lastDay = { text, day: dosDay(text) };
    return this.#lastDay.day;
  }

  /** The last word of the size or mark if the row is in the columns of IIS, or of `dir`. */
  #endInColumns(at: number, kind: FileKind | undefined): number | undefined {
    const columns = this.#columns;
    if (columns.start(0) !== 0) return undefined;
    const dateEnd = columns.end(0);
    const timeEnd = this.#dirTimeEnd(at);
    if (kind === undefined) {
      const end = this.#sizeEndAt(at, dateEnd + SIZE_END);
      // Of several words the rows decide.
      return end ?? (columns.end(at) === timeEnd + DIR_SIZE_END ? at : undefined);
    }
    const start = columns.start(at);
    const isInColumns = start === dateEnd + MARK_AT || start === timeEnd + DIR_MARK_AT;
    return isInColumns && columns.end(at) + this.#gapBehind(at) >= start + MARK_COLUMNS ? at : undefined;
  }

  /** The position where the time ends in the columns of `dir`, before word `at`; NaN in other columns. */
  #dirTimeEnd(at: number): number {
    return this.#columns.start(1) - this.#columns.end(0) === DIR_TIME_GAP ? this.#columns.end(at - 1) : Number.NaN;
  }

  /** The last word of a size that ends in this column. */
  #sizeEndAt(at: number, column: number): number | undefined {
    const columns = this.#columns;
    let end = at;
    while (end < columns.count && columns.end(end) < column) end += 1;
    return end < columns.count && columns.end(end) === column && isSizeInWords(columns, at, end) ? end : undefined;
  }

  #gapBehind(index: number): number {
    const end = this.#columns.end(index);
    return skipBlanks(this.#columns.line, end) - end;
  }

  /** The last word of the size or mark; `undefined` if the rows have not decided. */
  #endOf({ at, kind, end }: DosRow): number | undefined {
    if (end !== undefined || kind !== undefined) return end ?? at;
    const groups = this.#sizes.groups(this.#columns, at);
    return groups === undefined ? undefined : at + groups;
  }

  #sizeOf(at: number, end: number): number | undefined {
    const columns = this.#columns;
    return exactSize(end === at ? columns.text(at) : (columns.between(at, end + 1) ?? '').replaceAll(' ', ''));
  }

  #nameAt(row: DosRow, end: number): number {
    const { at, kind } = row;
    const columns = this.#columns;
    if (row.end !== undefined) return kind === undefined ? columns.end(end) + 1 : columns.start(at) + MARK_COLUMNS;
    const gap = this.#gapBehind(end);
    if (kind !== undefined) return columns.end(end) + this.#markGaps.before(columns.text(at).length, gap);
    // Names behind marks begin in that column: more blanks are of the name.
    const isAligned =
      columns.end(end) + 1 === this.#markGaps.nameColumn || columns.end(end) === this.#dirTimeEnd(at) + DIR_SIZE_END;
    return columns.end(end) + (isAligned ? 1 : this.#sizeGaps.before(gap));
  }
}

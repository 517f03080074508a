/**
 * Holds the habits of one server's `ls -l`. If the columns of one row leave something open, all rows of the listing decide.
 *
 * - `Mar 10 2024  a`: the year has five columns and stands at their left, or the name begins with a blank.
 * - `Mar 10 12:00  a`, `Mar 10  2024  a`: the name begins with a blank, unless all rows of the kind have two. There must be
 *   three of them, or fewer if those of the other kind have two as well.
 * - `Mar 10 2024 09:47 a`: the time belongs to the date, or to the name.
 *
 * A row with one reading decides for all others.
 */
import { clockOf } from './clock-column.js';
import { type Columns, skipBlanks } from './columns.js';
import { LeastGap } from './least-gap.js';
import { gapAfter, type UnixRow } from './unix-row.js';

/** So many rows that all have more than one blank before the name show that names do not begin with blanks. */
const ENOUGH_ROWS = 3;
/** Five columns for a year of four digits. */
const LEFT_YEAR_GAP = 2;
/** A blank, the width of `11:05`, and another blank: behind a day in numbers, in the place of a time. */
const NO_TIME_GAP = 7;

export class UnixHabits {
  readonly #leftYears = new LeastGap(1);
  readonly #years = new LeastGap(ENOUGH_ROWS);
  readonly #times = new LeastGap(ENOUGH_ROWS);
  /** Whether a time follows a year. */
  #timeAfterYear: boolean | undefined;
  #sawTimeAfterYear = false;

  /** Takes a row as evidence. Returns whether how to read it is open. */
  learn(columns: Columns, row: UnixRow): boolean {
    const gap = gapAfter(columns, row);
    if (row.date?.ending !== 'year') {
      if (row.date?.ending === 'time') this.#timeAfterYear ??= false;
      return this.#times.learn(gap);
    }
    const isLeft = isLeftYear(columns, row);
    const isOpen = (isLeft ? this.#leftYears : this.#years).learn(gap);
    if (!isLeft || !isTimeNext(columns, row)) this.#timeAfterYear ??= false;
    else this.#sawTimeAfterYear = true;
    return isOpen || this.#isTimeOpen;
  }

  /** Open questions are decided by the rows so far. */
  decide(): void {
    const [years, times] = [this.#years.openRows, this.#times.openRows];
    this.#leftYears.decide();
    this.#years.decide(times);
    this.#times.decide(years);
    if (this.#sawTimeAfterYear) this.#timeAfterYear ??= true;
  }

  /** Whether no question is open that a row has raised. */
  get isDecided(): boolean {
    return this.#leftYears.isDecided && this.#years.isDecided && this.#times.isDecided && !this.#isTimeOpen;
  }

  /** Whether the word after the year is the time of this row. */
  hasTimeAfterYear(columns: Columns, row: UnixRow): boolean {
    return this.#timeAfterYear === true && isLeftYear(columns, row) && isTimeNext(columns, row);
  }

  /** The number of blanks between this row's date and its name. */
  blanksBeforeName(columns: Columns, row: UnixRow): number {
    const gap = gapAfter(columns, row);
    if (gap === 1) return 1;
    if (gap >= NO_TIME_GAP && row.date?.precision === 'day' && row.date.monthName === undefined) return NO_TIME_GAP;
    if (row.date?.ending !== 'year') return this.#times.before(gap);
    if (isLeftYear(columns, row)) return Math.min(this.#leftYears.before(gap), LEFT_YEAR_GAP);
    return this.#years.before(gap);
  }

  get #isTimeOpen(): boolean {
    return this.#sawTimeAfterYear && this.#timeAfterYear === undefined;
  }
}

/** A year one blank behind the day: `ls` itself prints two. */
function isLeftYear(columns: Columns, { at, date, words }: UnixRow): boolean {
  if (date?.ending !== 'year') return false;
  const year = at + words - 1;
  return columns.start(year) - columns.end(year - 1) === 1;
}

/** Whether a time follows, and then a name. Behind more blanks than one a time is of the name: the year is padded. */
function isTimeNext(columns: Columns, { at, words }: UnixRow): boolean {
  const next = at + words;
  if (
    next >= columns.count ||
    columns.start(next) - columns.end(next - 1) !== 1 ||
    clockOf(columns.text(next)) === undefined
  )
    return false;
  return skipBlanks(columns.line, columns.end(next)) < columns.line.length;
}

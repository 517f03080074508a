/**
 * Decides about `10240 2019 Mar 1 10:30 a`. 2019 is the year, behind a size; or it is the size, behind a group in numbers
 * (`Ann Lee 10240`). The name is the same in both readings.
 *
 * A row with another number there shows that it is the size. Three rows or more that all have a year show that it is one. Otherwise size,
 * date and owner are unknown.
 */
import type { Columns } from './columns.js';
import { isSizeLike } from './size-column.js';
import type { UnixRow } from './unix-row.js';

const ENOUGH_ROWS = 3;
/** Behind permissions, links, owner, group, size and the year. */
const MONTH_AT = 6;
const FIRST_YEAR = 1970;
/** The position of the owner. */
const OWNER_AT = 2;

export class YearsBeforeMonths {
  readonly #lastYear: number;
  #rows = 0;
  #areYears: boolean | undefined;
  #isSettled = false;

  /** @param thisYear by the server's clock. */
  constructor(thisYear: number) {
    this.#lastYear = thisYear + 1;
  }

  /** Takes a row. Returns whether it is open. */
  learn(columns: Columns, row: UnixRow): boolean {
    if (this.#areYears !== undefined || !mayHaveYear(columns, row)) return false;
    if (this.#yearOf(columns, row) === undefined) {
      this.#areYears = false;
      return false;
    }
    this.#rows += 1;
    return !this.#isSettled;
  }

  get isDecided(): boolean {
    return this.#areYears !== undefined || this.#rows === 0 || this.#isSettled;
  }

  decide(): void {
    if (this.#rows >= ENOUGH_ROWS) this.#areYears ??= true;
    this.#isSettled = this.#rows > 0;
  }

  /** The row as it is meant. */
  complete(columns: Columns, row: UnixRow): UnixRow {
    if (this.#areYears === false || this.#rows === 0 || !mayHaveYear(columns, row)) return row;
    const year = this.#yearOf(columns, row);
    const { at, words, date } = row;
    if (year === undefined || date === undefined) return row;
    if (this.#areYears !== true) return { at: OWNER_AT, words: at + words - OWNER_AT, sized: false, date: undefined };
    return { at: at - 1, words: words + 1, sized: true, date: { ...date, year, words: words + 1, ending: 'other' } };
  }

  #yearOf(columns: Columns, { at }: UnixRow): number | undefined {
    const text = columns.text(at - 1);
    const year = /^\d{4}$/.test(text) ? Number(text) : 0;
    return year >= FIRST_YEAR && year <= this.#lastYear ? year : undefined;
  }
}

/** Whether a month and a time stand behind two numbers, and one column more than usual. */
function mayHaveYear(columns: Columns, { at, sized, date }: UnixRow): boolean {
  if (at < MONTH_AT || !sized || date?.ending !== 'time' || date.monthName === undefined) return false;
  return isSizeLike(columns.text(at - 2));
}

/**
 * Decides whether words behind a time belong to the date: AM or PM, a zone, a year (`words-behind-time.ts`). A name may begin with such
 * words too, so the rows of the listing decide together. The words that all of their times share belong to the date, or fewer of them.
 *
 * A row whose time has none behind it shows that they belong to names. So does a year in the place of a time, padded to the five columns of
 * `11:05` (`Mar 10  2023 a`). One row whose name is `.` or `..` shows that they belong to the date. So does a single row, if names hardly
 * begin so. Otherwise all rows must have them: three or more, and four or more for a zone in numbers. If that decides nothing, no name is
 * certain.
 */
import { clockOf } from './clock-column.js';
import type { Columns } from './columns.js';
import type { DateColumns } from './date-columns.js';
import type { UnixRow } from './unix-row.js';
import { type TimeWord, wordsBehindTime } from './words-behind-time.js';

const NONE: readonly TimeWord[] = /* @__PURE__ */ Object.freeze([]);

/** The evidence in the rows of one listing. */
export class TimeWordHabit {
  #rows = 0;
  /** The kinds of words that all rows have, `zone year`; `undefined` before the first row. */
  #common: readonly TimeWord['kind'][] | undefined;
  /** For each of them, how many rows are needed. */
  #needed: number[] = [];
  /** The kinds that are of the date; `undefined` while that is open. */
  #ofDate: readonly TimeWord['kind'][] | undefined;
  /** Whether a row has had a year of five columns, or a time of more. */
  #sawPaddedYear = false;
  #sawSeconds = false;

  /** Takes a row. Returns whether it is open. */
  learn(columns: Columns, row: UnixRow): boolean {
    if (this.#ofDate !== undefined || row.date === undefined) return false;
    const next = row.at + row.words;
    if (!endsWithTime(columns, row.date, next)) {
      if (isPaddedYear(columns, row.date, next)) this.#sawPaddedYear = true;
      this.#useYears();
      return false;
    }
    const words = wordsBehindTime(columns, next, row.date);
    this.#rows += 1;
    if (row.date.precision === 'second') this.#sawSeconds = true;
    this.#narrow(words);
    const nameAt = next + words.length;
    const isSelf = nameAt + 1 === columns.count && /^\.\.?$/.test(columns.text(nameAt));
    if (this.#common?.length === 0) this.#ofDate = [];
    else if (isSelf) this.#ofDate = words.map(({ kind }) => kind);
    this.#useYears();
    return this.#ofDate === undefined;
  }

  /** Whether words behind times were shown to be of names. */
  get areOfNames(): boolean {
    return this.#ofDate?.length === 0;
  }

  get isDecided(): boolean {
    return this.#ofDate !== undefined || this.#rows === 0;
  }

  decide(): void {
    if (this.#rows > 0 && this.#rows >= Math.max(...this.#needed)) this.#ofDate ??= this.#common;
  }

  /** The row with the words that are of its date; `undefined` if they may as well be of its name. */
  complete(columns: Columns, row: UnixRow): UnixRow | undefined {
    const { at, words, date } = row;
    // No row has had such words, or one has shown that they are of names.
    if (this.areOfNames || this.#rows === 0 || date === undefined) return row;
    const next = at + words;
    const found = endsWithTime(columns, date, next) ? wordsBehindTime(columns, next, date) : NONE;
    if (found.length === 0) return row;
    const ofDate = this.#ofDate;
    if (ofDate === undefined || !ofDate.every((kind, index) => found[index]?.kind === kind)) return undefined;
    const own = found.slice(0, ofDate.length);
    return { ...row, words: words + own.length, date: withWords(date, own, columns.text(next - 1)) };
  }

  /** A year that is as wide as the times are leaves no place for words behind these. */
  #useYears(): void {
    if (this.#sawPaddedYear && this.#rows > 0 && !this.#sawSeconds) this.#ofDate ??= [];
  }

  #narrow(words: readonly TimeWord[]): void {
    const before = this.#common ?? words.map(({ kind }) => kind);
    const differs = before.findIndex((kind, index) => words[index]?.kind !== kind);
    this.#common = differs === -1 ? before : before.slice(0, differs);
    this.#needed = this.#common.map((_, index) => Math.max(this.#needed[index] ?? 1, words[index]?.neededRows ?? 1));
  }
}

/** Whether the last word of a date is its time. */
function endsWithTime(columns: Columns, date: DateColumns, next: number): boolean {
  if (date.ending !== 'other') return date.ending === 'time';
  return date.precision !== 'day' && clockOf(columns.text(next - 1)) !== undefined;
}

/** `Mar 10  2023 a`. */
function isPaddedYear(columns: Columns, { ending, monthName }: DateColumns, next: number): boolean {
  if (ending !== 'year' || monthName === undefined || next >= columns.count) return false;
  const [before, after] = [
    columns.start(next - 1) - columns.end(next - 2),
    columns.start(next) - columns.end(next - 1),
  ];
  return before === 2 && after === 1;
}

function withWords(date: DateColumns, words: readonly TimeWord[], time: string): DateColumns {
  let { zone, year } = date;
  let clock: ReturnType<typeof clockOf>;
  for (const word of words) {
    if (word.kind === 'meridiem') clock = clockOf(time + word.letter);
    else if (word.kind === 'zone') zone = word.minutes ?? zone;
    else year = word.year;
  }
  return { ...date, ...clock, zone, year, ending: 'other' };
}

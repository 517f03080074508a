/** Settles the open questions about the dates of one `ls -l` listing: months, and words that may belong to a neighbour. */
import type { Columns } from './columns.js';
import { DayTimes } from './day-times.js';
import { MonthWords } from './month-words.js';
import { TimeWordHabit } from './time-words.js';
import type { UnixRow } from './unix-row.js';
import { mayUnknownDateGoOn } from './words-behind-time.js';
import { YearsBeforeMonths } from './year-before-month.js';

export class DateHabits {
  readonly #months = new MonthWords();
  readonly #dayTimes = new DayTimes();
  readonly #years: YearsBeforeMonths;
  readonly #timeWords = new TimeWordHabit();

  /** @param thisYear by the server's clock. */
  constructor(thisYear: number) {
    this.#years = new YearsBeforeMonths(thisYear);
  }

  /** Takes a row as evidence. Returns whether how to read it is open. */
  learn(columns: Columns, row: UnixRow): boolean {
    const isMonthOpen = row.date !== undefined && this.#months.learn(row.date);
    const isTimeOpen = this.#dayTimes.learn(columns, row);
    const isYearOpen = this.#years.learn(columns, row);
    return this.#timeWords.learn(columns, row) || isMonthOpen || isTimeOpen || isYearOpen;
  }

  /** Whether no question is open that a row has raised. */
  get isDecided(): boolean {
    const areTimesDecided = this.#dayTimes.isDecided && this.#timeWords.isDecided;
    return areTimesDecided && this.#years.isDecided && this.#months.isDecided;
  }

  /** Whether words behind times were shown to be of names. */
  get areWordsOfNames(): boolean {
    return this.#timeWords.areOfNames;
  }

  /** Open questions are decided by the rows so far. */
  decide(): void {
    this.#dayTimes.decide();
    this.#years.decide();
    this.#timeWords.decide();
    this.#months.decide();
  }

  /** The row with the words that are of its date; `undefined` if it is not certain where the name begins. */
  complete(columns: Columns, row: UnixRow): UnixRow | undefined {
    if (row.date === undefined && !this.areWordsOfNames && mayUnknownDateGoOn(columns, row.at + row.words))
      return undefined;
    const timed = this.#dayTimes.complete(columns, row);
    return timed === undefined ? undefined : this.#timeWords.complete(columns, this.#years.complete(columns, timed));
  }

  /** The month in the language of the listing; 0 if that is not known. */
  monthOf(name: string): number {
    return this.#months.monthOf(name);
  }
}

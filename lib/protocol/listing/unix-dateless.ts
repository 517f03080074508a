/**
 * Rows of `ls -l` without a date, as some devices print them: `-rw-r--r-- 1 ann staff 7 a.txt`.
 *
 * Where a date is in words that are not known, such a row looks alike. So all rows of the listing must be of this form: one
 * word behind a size, and no row with a date. Then that word is the name.
 */
import type { Columns } from './columns.js';
import { monthNumber } from './months.js';
import { isSizeLike } from './size-column.js';

/** Permissions, owner and size at least. */
const LEAST_WORDS = 5;
const MOST_WORDS = 6;

/** Whether the last word may be a name, and the one before it a size. */
export function isDateless(columns: Columns): boolean {
  const { count } = columns;
  if (count < LEAST_WORDS || count > MOST_WORDS || columns.end(count - 1) !== columns.line.length) return false;
  return isSizeLike(columns.text(count - 2)) && monthNumber(columns.text(count - 1)) === undefined;
}

/** What is known of whether the rows of a listing have dates. */
export class Dateless {
  #saw = false;
  #contradicted = false;
  #decided = false;

  /** Takes a row that begins with permissions and has no date. Returns whether it is open, `undefined` when it is no such row. */
  learn(columns: Columns): boolean | undefined {
    if (this.#contradicted) return undefined;
    if (!isDateless(columns)) {
      this.contradict();
      return undefined;
    }
    this.#saw = true;
    return !this.#decided;
  }

  /** A row with a date, or of another form. */
  contradict(): void {
    if (!this.#decided) this.#contradicted = true;
  }

  get isDecided(): boolean {
    return !this.#saw || this.#contradicted || this.#decided;
  }

  decide(): void {
    if (this.#saw && !this.#contradicted) this.#decided = true;
  }

  /** Whether rows without a date are understood. */
  get areRows(): boolean {
    return this.#decided;
  }
}

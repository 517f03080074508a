/**
 * Decides about sizes whose thousands are separated by blanks: `1 234 a.txt` has 1234 bytes, or one byte and the name `234 a.txt`.
 *
 * The rows of the listing decide together. A size of four digits in one word shows that blanks belong to names. Otherwise sizes end in one
 * column, as `<DIR>` and rows with one reading show. Or all rows of three or more have such blanks.
 */
import type { Columns } from './columns.js';

const ENOUGH_ROWS = 3;
/** Words of a size: a number of 16 digits has so many behind its first. */
const MAX_GROUPS = 5;

export class GroupedSizes {
  /** The number of rows that have two readings, and the number that have one. */
  #open = 0;
  #clear = 0;
  #areOneWord = false;
  #decided = false;
  /** The numbers of digits in sizes of one reading; none for a row that shows their last column. */
  readonly #widths = new Set<number>();
  /** The columns in which all sizes so far may end; none, if they are not aligned. */
  #ends: readonly number[] | undefined;

  /** Takes a row whose size begins with word `at`. Returns whether it is open. */
  learn(columns: Columns, at: number): boolean {
    if (this.#decided) return false;
    const groups = groupsBehind(columns, at);
    if (groups === 0) this.#learnClear(columns.text(at), columns.end(at));
    else {
      this.#open += 1;
      this.#narrow(Array.from({ length: groups + 1 }, (_, count) => columns.end(at + count)));
    }
    return groups > 0 && !this.isDecided;
  }

  /** Takes a row without a size, in which one would end in this column. */
  learnEnd(end: number): void {
    if (this.#decided) return;
    this.#clear += 1;
    this.#widths.add(0);
    this.#narrow([end]);
  }

  get isDecided(): boolean {
    return this.#decided || this.#open === 0 || (this.#clear > 0 && this.#ends?.length === 1);
  }

  decide(): void {
    if (this.#open > 0) this.#decided = true;
  }

  /** The number of words of this row's size behind word `at`; `undefined` if it is uncertain. */
  groups(columns: Columns, at: number): number | undefined {
    const groups = groupsBehind(columns, at);
    if (groups === 0 || this.#areOneWord) return 0;
    if (this.#clear === 0 && this.#open < ENOUGH_ROWS) return undefined;
    const end = this.#ends?.at(-1);
    for (let count = groups; count > 0; count -= 1) if (columns.end(at + count) === end) return count;
    return columns.end(at) === end && this.#isAligned(columns.text(at).length) ? 0 : undefined;
  }

  /** Whether sizes end in one column but do not begin in one: else those of so many digits are no evidence. */
  #isAligned(width: number): boolean {
    return this.#widths.size > 1 || !this.#widths.has(width);
  }

  #learnClear(text: string, end: number): void {
    this.#clear += 1;
    // Digits of more than three, or another sign between them.
    if (text.length > 3) {
      this.#areOneWord = true;
      this.#decided = true;
    } else {
      this.#widths.add(text.length);
      this.#narrow([end]);
    }
  }

  #narrow(ends: readonly number[]): void {
    this.#ends = this.#ends === undefined ? ends : this.#ends.filter((end) => ends.includes(end));
  }
}

/** The number of words behind `at` that may be groups of the same number, with a name behind them. */
function groupsBehind(columns: Columns, at: number): number {
  if (!/^[1-9]\d{0,2}$/.test(columns.text(at))) return 0;
  let count = 0;
  while (count < MAX_GROUPS && at + count + 2 < columns.count && isGroup(columns, at + count + 1)) count += 1;
  return count;
}

/** Whether the words from one to another, which a name follows, are one size. */
export function isSizeInWords(columns: Columns, from: number, to: number): boolean {
  return to === from || to - from <= groupsBehind(columns, from);
}

/** Three digits, one blank behind the word before them. */
function isGroup(columns: Columns, index: number): boolean {
  return columns.start(index) - columns.end(index - 1) === 1 && /^\d{3}$/.test(columns.text(index));
}

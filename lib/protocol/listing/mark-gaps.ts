/**
 * Finds the number of blanks between a mark and a name in a Windows listing with other columns than those of IIS.
 *
 * `dir` pads `<DIR>` and `<JUNCTION>` to one width, so the names of both begin in one column. If some mark reaches that column, the server
 * pads no mark: it puts the same number of blanks behind each. In both cases the least number in any row counts, since more blanks belong
 * to the name.
 */

/** From the start of `<DIR>` to the name, as `dir` and IIS pad it. */
export const MARK_COLUMNS = 15;
/** One blank behind a mark that is no longer than this (`<DIR>`) shows that marks are not padded. */
const SHORT_MARK = 5;

export class MarkGaps {
  #rows = 0;
  #leastGap = Number.POSITIVE_INFINITY;
  /** From the start of a mark to the name behind it. */
  #leastWidth = Number.POSITIVE_INFINITY;
  #longestMark = 0;
  /** The column that the last mark starts in, and whether all do. */
  #start = 0;
  #areInOneColumn = true;
  #decided = false;

  /** Takes a mark of `length` in a column, with `gap` blanks behind it. Returns whether how many of them belong to the name is open. */
  learn(start: number, length: number, gap: number): boolean {
    if (this.#decided) return false;
    if (this.#rows > 0 && start !== this.#start) this.#areInOneColumn = false;
    this.#start = start;
    this.#rows += 1;
    this.#leastGap = Math.min(this.#leastGap, gap);
    this.#leastWidth = Math.min(this.#leastWidth, length + gap);
    this.#longestMark = Math.max(this.#longestMark, length);
    this.#decided = gap <= 1 && length <= SHORT_MARK;
    return !this.#decided;
  }

  get isDecided(): boolean {
    return this.#decided || this.#rows === 0;
  }

  decide(): void {
    if (this.#rows > 0) this.#decided = true;
  }

  /** The blanks before a name that has `gap` of them behind a mark of `length`. */
  before(length: number, gap: number): number {
    const isPadded = this.#longestMark < this.#leastWidth;
    return Math.min(gap, isPadded ? Math.max(1, this.#leastWidth - length) : this.#leastGap);
  }

  /** The column in which names begin, behind sizes too, where marks are padded as by `dir`; else `undefined`. */
  get nameColumn(): number | undefined {
    return this.#areInOneColumn && this.#leastWidth === MARK_COLUMNS ? this.#start + MARK_COLUMNS : undefined;
  }
}

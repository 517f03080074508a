/**
 * Finds the number of blanks before a name, if columns do not tell: the least number in any row. More blanks belong to the name. One blank
 * decides at once.
 */
export class LeastGap {
  /** So many rows are needed to show that names do not begin with blanks. */
  readonly #enough: number;
  #rows = 0;
  #least = Number.POSITIVE_INFINITY;
  #decided = false;

  constructor(enough: number) {
    this.#enough = enough;
  }

  /** Returns whether how many blanks belong to this row's name is open. */
  learn(gap: number): boolean {
    if (this.#decided) return false;
    this.#rows += 1;
    this.#least = Math.min(this.#least, gap);
    this.#decided = gap <= 1;
    return !this.#decided;
  }

  get isDecided(): boolean {
    return this.#decided || this.#rows === 0;
  }

  /** The number of rows, if none of them has one blank. */
  get openRows(): number {
    return this.#decided ? 0 : this.#rows;
  }

  /** @param others rows of other kinds, none of which has one blank: they are evidence too. */
  decide(others = 0): void {
    if (this.isDecided) return;
    if (this.#rows + others < this.#enough) this.#least = 1;
    this.#decided = true;
  }

  /** The blanks before a name that has `gap` of them. */
  before(gap: number): number {
    return Math.min(gap, this.#least);
  }
}

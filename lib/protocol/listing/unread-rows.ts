/**
 * Keeps the lines before the first row that a dialect reads. A sum and a heading wait too: among bare names they are names, since files are
 * called `total 8` and `notes:`.
 */

/** A wide heading has blanks in it, as messages have. */
export type Look = 'row' | 'sum' | 'heading' | 'wide heading';

interface UnreadRow {
  readonly line: string;
  readonly look: Look;
}

export class UnreadRows {
  readonly #rows: UnreadRow[] = [];

  add(line: string, look: Look): void {
    this.#rows.push({ line, look });
  }

  get length(): number {
    return this.#rows.length;
  }

  get lines(): readonly string[] {
    return this.#rows.map(({ line }) => line);
  }

  /** The lines that are neither a sum nor, as the first, a heading. */
  get rows(): readonly string[] {
    return this.#rows
      .filter(({ look }, index) => look === 'row' || look === 'wide heading' || (look === 'heading' && index > 0))
      .map(({ line }) => line);
  }

  /** Settles whether the last line is a sum: nothing but a heading may be before it. */
  settleSum(isSum: (line: string) => boolean): void {
    const last = this.#rows.at(-1);
    const areHeadings = this.#rows.slice(0, -1).every(({ look }) => look === 'heading' || look === 'wide heading');
    if (last?.look !== 'row' || this.#rows.length > 2 || !areHeadings || !isSum(last.line)) return;
    this.#rows[this.#rows.length - 1] = { line: last.line, look: 'sum' };
  }

  /** Leaves the last line out, if it is `isHeading` of the format that was found behind it. */
  dropHeading(isHeading: (line: string) => boolean): void {
    const last = this.#rows.at(-1);
    if (last !== undefined && isHeading(last.line)) this.#rows.pop();
  }

  /** The heading of a directory, if a row follows it, or a sum: a line with one of them behind it is no message. A wide one needs a sum. */
  heading(isRowNext: boolean): string | undefined {
    const last = this.#rows.findLast(({ look }) => look !== 'sum');
    const isBeforeSum = this.#rows.at(-1) !== last;
    const isHeading =
      last?.look === 'wide heading' ? isBeforeSum : last?.look === 'heading' && (isRowNext || isBeforeSum);
    return isHeading ? last?.line : undefined;
  }

  /** The lines that were not understood, if they are no names. */
  notUnderstood(isRowNext: boolean): readonly string[] {
    const rows = this.#rows.filter(({ look }) => look !== 'sum').map(({ line }) => line);
    return this.heading(isRowNext) === undefined ? rows : rows.slice(0, -1);
  }
}

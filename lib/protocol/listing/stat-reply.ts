/**
 * Reads a listing in a reply to STAT. The first line is `213-Status of /:` or the like, the last `213 End.`. Some servers also begin the
 * lines between with the code, or with a blank.
 *
 * Files may have such names. So the first line and the last wait for the end of the listing. Both belong to a reply, or neither does.
 */

/** Codes of replies to STAT: 211 status, 212 directory, 213 file. */
const FIRST = /^(21[123])-/;

export class StatReply {
  #code: string | undefined;
  #isFirst = true;
  #first: string | undefined;
  /** The last line so far, if it looks like the last of the reply. */
  #last: string | undefined;

  /** Whether the lines were shown to be of no reply: each is a row. */
  get isNone(): boolean {
    return this.#code === undefined && !this.#isFirst;
  }

  /** The number of waiting lines. */
  get waiting(): number {
    return (this.#first === undefined ? 0 : 1) + (this.#last === undefined ? 0 : 1);
  }

  /** Returns the lines that are of the listing now. */
  take(line: string): readonly string[] {
    if (this.#isFirst) {
      this.#isFirst = false;
      this.#code = FIRST.exec(line)?.[1];
      if (this.#code !== undefined) this.#first = line;
      return this.#first === undefined ? [line] : [];
    }
    if (this.#code === undefined) return [line];
    const before = this.#last === undefined ? [] : [this.#last];
    const isLast = line === this.#code || line.startsWith(`${this.#code} `);
    this.#last = isLast ? line : undefined;
    return isLast ? before : [...before, line];
  }

  /** The row that a line of the reply holds. */
  rowOf(line: string): string {
    if (this.#code === undefined || !line.startsWith(`${this.#code}-`)) return line;
    return line.slice(this.#code.length + 1);
  }

  /** Whether the lines so far begin and end as a reply does. */
  get isWhole(): boolean {
    return this.#first !== undefined && this.#last !== undefined;
  }

  /** The listing with the first line and the last, which were kept. */
  around(lines: readonly string[]): readonly string[] {
    return [this.#first, ...lines, this.#last].filter((line) => line !== undefined);
  }

  /** There is no reply, or none any more: its lines are rows like others. */
  leave(): void {
    this.#code = undefined;
    this.#first = undefined;
    this.#last = undefined;
  }
}

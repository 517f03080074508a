/**
 * A listing in a reply to STAT: the first line is `213-Status of /:` or the like, the last `213 End.`, and some servers begin the
 * lines between with the code too, or with a blank.
 */

/** Codes of replies to STAT: 211 status, 212 directory, 213 file. */
const FIRST = /^(21[123])-/;

export class StatReply {
  #code: string | undefined;
  #isFirst = true;

  /** The row that `line` holds; `undefined` when it is of the reply, and none. */
  rowOf(line: string): string | undefined {
    if (this.#isFirst) {
      this.#isFirst = false;
      this.#code = FIRST.exec(line)?.[1];
      if (this.#code !== undefined) return undefined;
    }
    if (this.#code === undefined) return line;
    if (line === this.#code || line.startsWith(`${this.#code} `)) return undefined;
    return line.startsWith(`${this.#code}-`) ? line.slice(this.#code.length + 1) : line;
  }
}

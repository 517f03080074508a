/** Cuts a line at its blanks, into the columns of a listing. Since rows are many, one object serves all lines of a listing. */

const SPACE = 0x20;
const TAB = 0x09;
/** No columns are farther from the start: later text belongs to a name. A longer line is not gone through by each dialect. */
const MAX_COLUMNS = 8192;

export class Columns {
  line = '';
  /** The number of words. */
  count = 0;
  readonly starts: number[];
  /** Just past the last character of each. */
  readonly ends: number[];
  readonly #limit: number;

  /** @param limit so many words are looked for. */
  constructor(limit: number) {
    this.#limit = limit;
    this.starts = new Array<number>(limit).fill(0);
    this.ends = new Array<number>(limit).fill(0);
  }

  /** Finds the first words of `line`. */
  split(line: string): this {
    this.line = line;
    const length = Math.min(line.length, MAX_COLUMNS);
    let count = 0;
    let at = 0;
    while (count < this.#limit) {
      at = skipBlanks(line, at, length);
      if (at >= length) break;
      this.starts[count] = at;
      at = wordEnd(line, at, length);
      this.ends[count] = at;
      count += 1;
    }
    this.count = count;
    return this;
  }

  /** The word; empty if there is none. */
  text(index: number): string {
    return index < this.count ? this.line.slice(this.start(index), this.end(index)) : '';
  }

  start(index: number): number {
    return this.starts[index] ?? 0;
  }

  end(index: number): number {
    return this.ends[index] ?? 0;
  }

  /** The text from one word to another, blanks between them included. */
  between(from: number, before: number): string | undefined {
    return before > from ? this.line.slice(this.start(from), this.end(before - 1)) : undefined;
  }

  /** The text after a word and one blank. */
  rest(index: number): string {
    return index < this.count ? this.line.slice(this.end(index) + 1) : '';
  }
}

/** The position of the first character from `at` on that is no blank; `end` if there is none. */
export function skipBlanks(line: string, at: number, end: number = line.length): number {
  let index = at;
  while (index < end) {
    const unit = line.charCodeAt(index);
    if (unit !== SPACE && unit !== TAB) break;
    index += 1;
  }
  return index;
}

function wordEnd(line: string, at: number, end: number): number {
  let index = at;
  while (index < end) {
    const unit = line.charCodeAt(index);
    if (unit === SPACE || unit === TAB) break;
    index += 1;
  }
  return index;
}

/** The words of `line`, all of them. */
export function wordsOf(line: string, limit: number): readonly string[] {
  const columns = new Columns(limit).split(line);
  return Array.from({ length: columns.count }, (_, index) => columns.text(index));
}

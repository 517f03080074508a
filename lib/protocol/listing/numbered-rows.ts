/** Reads rows of `ls -i` and `ls -s`: a number, or two, and then the row of `ls -l`. */
import type { FileEntry } from './file-entry.js';
import type { OpenRows } from './held-reader.js';

/** The file's serial number, and blocks (`4.0K`); then permissions, of which nine letters at least make the row certain. */
const NUMBERS =
  /^ {0,16}\d{1,20}(?:\.\d)?[KMGTP]?(?: {1,16}\d{1,16}(?:\.\d)?[KMGTP]?)? (?=[-dlbcpsD][-rwxsStTLl]{9}[ +.@])/;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;

/** Reads such rows as `rows` reads those without the numbers. */
export class NumberedRows implements OpenRows {
  readonly #rows: OpenRows;

  constructor(rows: OpenRows) {
    this.#rows = rows;
  }

  get isDecided(): boolean {
    return this.#rows.isDecided;
  }

  learn(line: string): boolean | undefined {
    return this.#rows.learn(withoutNumbers(line));
  }

  decide(): void {
    this.#rows.decide();
  }

  entry(line: string): FileEntry | undefined {
    const row = withoutNumbers(line);
    const entry = this.#rows.entry(row);
    return row === line || entry === undefined ? entry : { ...entry, raw: line };
  }
}

function withoutNumbers(line: string): string {
  const first = line.charCodeAt(0);
  if (first !== SPACE && !(first >= ZERO && first <= NINE)) return line;
  const numbers = NUMBERS.exec(line);
  return numbers === null ? line : line.slice(numbers[0].length);
}

/**
 * Reads rows of `ls -l` without a date, as some devices print them: `-rw-r--r-- 1 ann staff 7 a.txt`.
 *
 * A row with a date in unknown words looks alike. So the rows of the listing decide together. No row may have a date. Some rows must have
 * one word behind a size, which is then the name. If all of those have the size in one column, more words behind that column are also one
 * name.
 */
import { type Columns, skipBlanks } from './columns.js';
import { monthNumber } from './months.js';
import { isSizeLike } from './size-column.js';
import { isBrokenDate, isDateLike } from './unix-row.js';

/** The columns that the size may be in: behind permissions, owner and group, and links maybe. */
const FIRST_SIZE_AT = 3;
const LAST_SIZE_AT = 4;

/** The evidence whether the rows of a listing have dates. */
export class Dateless {
  #state: 'unseen' | 'open' | 'contradicted' | 'decided' = 'unseen';
  /** The columns of the size in rows with one word behind it; a second one is no evidence for others. */
  readonly #sizeAts = new Set<number>();
  #sawSeveralWords = false;
  /** Whether a row has two words or one behind its size, of which one may be a number. */
  #sawTwoSizes = false;

  /** Takes a row that begins with permissions and has no date. Returns whether it is open, `undefined` when it is no such row. */
  learn(columns: Columns): boolean | undefined {
    if (this.#state === 'contradicted') return undefined;
    const isSingle = hasSingleWord(columns);
    if (this.#state === 'decided') return this.sizeAt(columns) === undefined ? undefined : false;
    if (!isSingle && !hasSeveralWords(columns)) {
      this.contradict();
      return undefined;
    }
    this.#state = 'open';
    if (isSingle && !isSizedAt(columns, columns.count - 3)) this.#sizeAts.add(columns.count - 2);
    else if (isSingle) this.#sawTwoSizes = true;
    else this.#sawSeveralWords = true;
    return true;
  }

  /** A row with a date, or of another form. */
  contradict(): void {
    if (this.#state !== 'decided') this.#state = 'contradicted';
  }

  get isDecided(): boolean {
    return this.#state !== 'open';
  }

  decide(): void {
    if (this.#state !== 'open') return;
    // If all rows have two sizes, the first is the group, in numbers.
    if (this.#sawTwoSizes && this.#sizeAts.size === 0) this.#sizeAts.add(LAST_SIZE_AT);
    const needsOne = this.#sawSeveralWords || this.#sawTwoSizes;
    this.#state = needsOne && this.#sizeAts.size !== 1 ? 'contradicted' : 'decided';
  }

  /** The column of the size in this row, where rows without a date are understood. */
  sizeAt(columns: Columns): number | undefined {
    if (this.#state !== 'decided') return undefined;
    const [only, another] = this.#sizeAts;
    if (another === undefined && only !== undefined && isSizedAt(columns, only)) return only;
    return hasSingleWord(columns) ? columns.count - 2 : undefined;
  }
}

/** The position of the name behind a size. */
export function nameBehind(columns: Columns, sizeAt: number): number {
  return skipBlanks(columns.line, columns.end(sizeAt));
}

/** Whether the last word may be a name, and the one before it a size. */
function hasSingleWord(columns: Columns): boolean {
  const at = columns.count - 2;
  return at >= FIRST_SIZE_AT && at <= LAST_SIZE_AT && isSizedAt(columns, at);
}

function hasSeveralWords(columns: Columns): boolean {
  return isSizedAt(columns, FIRST_SIZE_AT) || isSizedAt(columns, LAST_SIZE_AT);
}

/** Whether the word may be the size, and the text behind it no part of a date. */
function isSizedAt(columns: Columns, at: number): boolean {
  const { count, line } = columns;
  if (at < FIRST_SIZE_AT || count < at + 2 || !isSizeLike(columns.text(at)) || /[ \t]$/.test(line)) return false;
  const next = columns.text(at + 1);
  if (count === at + 2) return monthNumber(next) === undefined;
  // A name has no slash, and one that begins like a date may be one.
  return !next.includes('/') && !isDateLike(next) && !isBrokenDate(columns, at + 1);
}

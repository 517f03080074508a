/**
 * Decides whether the time behind a day (`2024-11-20 11:05`) belongs to the date or to the name. `11:05 meeting` may be a file.
 *
 * If all rows have a time, it belongs to the date. If most have none, it belongs to the names. Otherwise the rows with a time are not
 * understood. Fewer than three rows of `11.05`, which is a number too, are not understood either. The same holds for two blanks before a
 * time, since `ls` pads a day so. A day whose place is padded to the width of a time says nothing. A time with its zone always belongs to
 * the date.
 */
import { clockOf, MIDNIGHT } from './clock-column.js';
import type { Columns } from './columns.js';
import type { DateColumns } from './date-columns.js';
import { endingOfDay } from './numeric-date.js';
import { gapAfter, type UnixRow } from './unix-row.js';

/** So many rows without a time show that dates have none. */
const ENOUGH_ROWS = 3;
/** A blank, and the width of `9:05`: where more stands before a name, there was room for a time. */
const PADDED_GAP = 5;

export class DayTimes {
  /** Rows with a time, and without. */
  #timed = 0;
  #untimed = 0;
  /** Whether a time has dots, or two blanks before it. */
  #sawOdd = false;
  #meaning: 'date' | 'name' | 'unknown' | undefined;

  /** Takes a row. Returns whether it is open. */
  learn(columns: Columns, row: UnixRow): boolean {
    const { date } = row;
    if (this.#meaning !== undefined || date === undefined) return false;
    if (isTimed(date)) this.#countTimed(columns, row);
    else if (isUntimed(columns, row, date)) this.#untimed += 1;
    if (isTimed(date) && (date.zone !== undefined || isSelf(columns, row))) this.#meaning = 'date';
    else if (this.#timed > 0 && this.#untimed >= ENOUGH_ROWS && this.#untimed > this.#timed) this.#meaning = 'name';
    return isTimed(date) && this.#meaning === undefined;
  }

  /** Whether no row waits for others. */
  get isDecided(): boolean {
    return this.#meaning !== undefined || this.#timed === 0;
  }

  decide(): void {
    if (this.#timed === 0) return;
    const isCertain = this.#untimed === 0 && (!this.#sawOdd || this.#timed >= ENOUGH_ROWS);
    this.#meaning ??= isCertain ? 'date' : 'unknown';
  }

  #countTimed(columns: Columns, { at, words, date }: UnixRow): void {
    this.#timed += 1;
    const time = at + words - (date?.timeWords ?? 0);
    if (!columns.text(time).includes(':') || columns.start(time) - columns.end(time - 1) > 1) this.#sawOdd = true;
  }

  /** The row as it is meant; `undefined` if the rows do not tell. */
  complete(columns: Columns, row: UnixRow): UnixRow | undefined {
    const { date } = row;
    if (date === undefined || !isTimed(date) || date.zone !== undefined || this.#meaning === 'date') return row;
    if (this.#meaning !== 'name') return undefined;
    const words = row.words - (date.timeWords ?? 0);
    // Its place may be padded like those of the days without such a name.
    const ending = endingOfDay(columns, row.at, words);
    return { ...row, words, date: { ...date, ...MIDNIGHT, words, timeWords: 0, ending } };
  }
}

function isTimed({ timeWords = 0 }: DateColumns): boolean {
  return timeWords > 0;
}

/** `.` and `..` are names, and none that begins with a time. */
function isSelf(columns: Columns, { at, words }: UnixRow): boolean {
  return at + words + 1 === columns.count && /^\.\.?$/.test(columns.text(at + words));
}

/** A whole day without a time; or a day of this year, beside which whole days have none. */
function isUntimed(columns: Columns, row: UnixRow, date: DateColumns): boolean {
  if (date.monthName !== undefined || clockOf(columns.text(row.at)) !== undefined) return false;
  if (date.precision === 'day') return gapAfter(columns, row) < PADDED_GAP;
  return date.year === undefined;
}

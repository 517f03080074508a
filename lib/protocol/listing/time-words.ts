/**
 * Words behind a time that may be of the date: `11:05 AM`, `11:05:06 CET`, `11:05:06 CET 2024`, and the year of BSD's `ls -T`
 * (`11:05:06 2024`). A name may begin with such words too, so the rows of the listing decide together.
 *
 * A row whose time has none behind it shows that they are of names. One row of a name that is `.` or `..` shows that they are of
 * the date. So does any row where a year or a zone is behind seconds, or a zone in numbers behind a time. Others must be in all of
 * three rows or more: with fewer rows no name is certain.
 */
import { clockOf } from './clock-column.js';
import type { Columns } from './columns.js';
import type { DateColumns } from './date-columns.js';
import type { UnixRow } from './unix-row.js';
import { zoneMinutes } from './zones.js';

interface TimeWords {
  readonly kind: 'meridiem' | 'zone' | 'year';
  readonly count: number;
  /** Whether a name hardly begins so: a single row is enough. */
  readonly isClear: boolean;
  readonly meridiem?: 'A' | 'P' | undefined;
  /** Minutes ahead of UTC, where the zone's name says so. */
  readonly zone?: number | undefined;
  readonly year?: number | undefined;
}

/** No such word is longer. */
const MAX_LENGTH = 5;
const ENOUGH_ROWS = 3;

/** The words behind the time of `date`, which `at` is behind, if there is a name behind them. */
function timeWords(columns: Columns, at: number, date: DateColumns): TimeWords | undefined {
  if (at + 1 >= columns.count || columns.end(at) - columns.start(at) > MAX_LENGTH) return undefined;
  if (columns.start(at) - columns.end(at - 1) !== 1) return undefined;
  const text = columns.text(at);
  const year = date.year === undefined && date.precision === 'second' ? yearOf(text) : undefined;
  if (year !== undefined) return { kind: 'year', count: 1, isClear: true, year };
  const meridiem = meridiemOf(text);
  if (meridiem !== undefined) {
    return isOfClock(columns.text(at - 1), meridiem)
      ? { kind: 'meridiem', count: 1, isClear: false, meridiem }
      : undefined;
  }
  const zone = zoneMinutes(text);
  return zone === undefined ? undefined : zoneWords(columns, at, date, Number.isNaN(zone) ? undefined : zone);
}

/** A zone, and a year maybe. */
function zoneWords(columns: Columns, at: number, date: DateColumns, zone: number | undefined): TimeWords {
  const year = date.year === undefined && at + 2 < columns.count ? yearOf(columns.text(at + 1)) : undefined;
  const isClear = date.precision === 'second' || /^[+-]/.test(columns.text(at));
  return { kind: 'zone', count: year === undefined ? 1 : 2, isClear, zone, year };
}

function yearOf(text: string): number | undefined {
  return /^\d{4}$/.test(text) ? Number(text) : undefined;
}

/** `A` or `P`, of `AM` or `p.m.`. */
export function meridiemOf(text: string): 'A' | 'P' | undefined {
  const letter = text.length > 4 ? undefined : /^([AaPp])\.?[Mm]\.?$/.exec(text)?.[1]?.toUpperCase();
  return letter === 'A' || letter === 'P' ? letter : undefined;
}

/** Whether the hour is one that AM or PM may follow. */
function isOfClock(text: string, meridiem: string): boolean {
  return /^(?:0?[1-9]|1[0-2]):/.test(text) && clockOf(text + meridiem) !== undefined;
}

/** What the rows of one listing show. */
export class TimeWordHabit {
  #rows = 0;
  #kind: TimeWords['kind'] | undefined;
  #areOfDate: boolean | undefined;
  #isClear = true;
  /** Whether all of them have a year: else it is of names. */
  #haveYears = true;

  /** Takes a row. Returns whether it is open. */
  learn(columns: Columns, { at, words, date }: UnixRow): boolean {
    if (this.#areOfDate !== undefined || date === undefined) return false;
    const next = at + words;
    if (!endsWithTime(columns, date, next)) return false;
    const found = timeWords(columns, next, date);
    this.#kind ??= found?.kind;
    if (found === undefined || found.kind !== this.#kind) {
      this.#areOfDate = false;
      return false;
    }
    this.#rows += 1;
    this.#isClear &&= found.isClear;
    this.#haveYears &&= found.year !== undefined;
    const nameAt = next + found.count;
    if (nameAt + 1 === columns.count && /^\.\.?$/.test(columns.text(nameAt))) this.#areOfDate = true;
    return this.#areOfDate === undefined;
  }

  /** Whether words behind times were shown to be of names. */
  get areOfNames(): boolean {
    return this.#areOfDate === false;
  }

  get isDecided(): boolean {
    return this.#areOfDate !== undefined || this.#rows === 0;
  }

  decide(): void {
    if (this.#rows >= (this.#isClear ? 1 : ENOUGH_ROWS)) this.#areOfDate ??= true;
  }

  /** The row with the words that are of its date; `undefined` where they may as well be of its name. */
  complete(columns: Columns, row: UnixRow): UnixRow | undefined {
    const { at, words, date } = row;
    // No row has had such words, or one has shown that they are of names.
    if (this.#areOfDate === false || this.#rows === 0 || date === undefined) return row;
    const found = endsWithTime(columns, date, at + words) ? timeWords(columns, at + words, date) : undefined;
    if (found === undefined || found.kind !== this.#kind) return row;
    if (this.#areOfDate === undefined) return undefined;
    const own = found.kind === 'zone' && !this.#haveYears ? { ...found, count: 1, year: undefined } : found;
    return { ...row, words: words + own.count, date: withWords(date, own, columns.text(at + words - 1)) };
  }
}

/** Whether the last word of a date is its time. */
function endsWithTime(columns: Columns, date: DateColumns, next: number): boolean {
  if (date.ending !== 'other') return date.ending === 'time';
  return date.precision !== 'day' && clockOf(columns.text(next - 1)) !== undefined;
}

function withWords(date: DateColumns, { meridiem, zone, year }: TimeWords, time: string): DateColumns {
  const clock = meridiem === undefined ? undefined : clockOf(time + meridiem);
  return { ...date, ...clock, zone: zone ?? date.zone, year: year ?? date.year, ending: 'other' };
}

/**
 * Reads the words behind a time that may belong to its date: `11:05 AM`, `11:05:06 CET`, `11:05:06 CET 2024`. BSD's `ls -T` puts the year
 * there (`11:05:06 2024`), perhaps with a zone behind it.
 */
import { clockOf } from './clock-column.js';
import type { Columns } from './columns.js';
import type { DateColumns } from './date-columns.js';
import { zoneMinutes } from './zones.js';

/** A word, and how many rows must have one there before it is certainly of the date: one, if names hardly begin so. */
export type TimeWord = { readonly neededRows: number } & (
  | { readonly kind: 'meridiem'; readonly letter: 'A' | 'P' }
  /** Minutes ahead of UTC, if the zone's name says so. */
  | { readonly kind: 'zone'; readonly minutes: number | undefined }
  | { readonly kind: 'year'; readonly year: number }
);

/** The parts of a date that tell which words may follow its time. */
type Timed = Pick<DateColumns, 'precision' | 'year'>;

/** No such word is longer: `+01:00`. */
const MAX_LENGTH = 6;
const SEVERAL_ROWS = 3;
/** No server is known to print a zone in numbers behind hours and minutes. */
const MANY_ROWS = 4;
/** A zone that is not known. */
const ZONE_LIKE = /^[A-Z]{3,5}$/;

/** The words that `at` begins at, one blank before each, as far as a name is behind them. */
export function wordsBehindTime(columns: Columns, at: number, date: Timed): readonly TimeWord[] {
  const words: TimeWord[] = [];
  for (let word = wordAt(columns, at, date, words); word !== undefined; ) {
    words.push(word);
    word = wordAt(columns, at + words.length, date, words);
  }
  return words;
}

/** Whether a date in words that are not known, which ends before `at`, may go on in a word that a name may begin with too. */
export function mayUnknownDateGoOn(columns: Columns, at: number): boolean {
  const clock = clockOf(columns.text(at - 1));
  if (clock !== undefined) {
    return wordsBehindTime(columns, at, { precision: clock.precision, year: undefined }).length > 0;
  }
  // A time behind a year that is not padded as `ls` does.
  const isPadded = columns.start(at - 1) - columns.end(at - 2) > 1 || columns.start(at) - columns.end(at - 1) > 1;
  return !isPadded && at + 1 < columns.count && clockOf(columns.text(at)) !== undefined;
}

/** The word at `at`, behind those that were found: of each kind one, AM or PM as the first. */
function wordAt(columns: Columns, at: number, date: Timed, before: readonly TimeWord[]): TimeWord | undefined {
  if (at + 1 >= columns.count || columns.end(at) - columns.start(at) > MAX_LENGTH) return undefined;
  if (columns.start(at) - columns.end(at - 1) !== 1) return undefined;
  const text = columns.text(at);
  const isClear = date.precision === 'second' && before.every(({ neededRows }) => neededRows === 1);
  if (!has(before, 'year') && date.year === undefined) {
    const year = date.precision === 'second' || before.length > 0 ? yearOf(text) : undefined;
    if (year !== undefined) return { kind: 'year', neededRows: isClear ? 1 : SEVERAL_ROWS, year };
  }
  if (before.length === 0 && meridiemOf(text) !== undefined) return meridiemAt(columns, at, text);
  return has(before, 'zone') ? undefined : zoneAt(columns, at, text, date, isClear && !has(before, 'year'));
}

function has(words: readonly TimeWord[], kind: TimeWord['kind']): boolean {
  return words.some((word) => word.kind === kind);
}

function meridiemAt(columns: Columns, at: number, text: string): TimeWord | undefined {
  const letter = meridiemOf(text);
  if (letter === undefined || !isOfClock(columns.text(at - 1), letter)) return undefined;
  return { kind: 'meridiem', neededRows: SEVERAL_ROWS, letter };
}

function zoneAt(columns: Columns, at: number, text: string, date: Timed, isClear: boolean): TimeWord | undefined {
  const minutes = zoneMinutes(text);
  if (minutes === undefined) return mayBeZone(columns, at, text, date) ? unknownZone : undefined;
  const several = /^[+-]/.test(text) ? MANY_ROWS : SEVERAL_ROWS;
  return { kind: 'zone', neededRows: isClear ? 1 : several, minutes: Number.isNaN(minutes) ? undefined : minutes };
}

const unknownZone: TimeWord = /* @__PURE__ */ Object.freeze({
  kind: 'zone',
  neededRows: SEVERAL_ROWS,
  minutes: undefined,
});

/** `11:05:06 HKT 2024 a`. */
function mayBeZone(columns: Columns, at: number, text: string, { year, precision }: Timed): boolean {
  if (year !== undefined || precision !== 'second' || at + 2 >= columns.count) return false;
  return ZONE_LIKE.test(text) && yearOf(columns.text(at + 1)) !== undefined;
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

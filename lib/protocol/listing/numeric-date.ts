/**
 * Reads dates in one word, and dates that begin with the year.
 *
 * - `2024-11-20T11:05:06Z`
 * - `2024-11-20 11:05`, with seconds and a zone (`ls --full-iso`), without a time, with slashes or dots; `2024年11月20日`
 * - `11-20 11:05`, and `2023-11-20` padded by a blank (`ls --time-style=iso`)
 * - `24-04-2003`, `24.04.03`, and `24/04/2003` where only one order makes a date
 * - `20-Nov-2024 11:05`, `Nov-20-2024`, `2024 Nov 20`
 */
import { beginsWithDigit, readDigits } from '../digits.js';
import { clockOf, MIDNIGHT, onlyClockOf } from './clock-column.js';
import type { Columns } from './columns.js';
import type { DateColumns } from './date-columns.js';
import { type IsoTime, isoTime, MAX_ISO_LENGTH, zonedClock } from './iso-time.js';
import { monthNumber } from './months.js';
import { numericZone } from './zones.js';

/** Year, month and day; a month of 0 if the order is not certain. */
interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Two-digit years from here on are of the last century. */
const PIVOT_YEAR = 70;
const MONTH_AND_DAY = /^\d\d-\d\d$/;
const MONTH_AND_DAY_LENGTH = 5;
/** `2023-11-20`, which `ls` pads to the width of `11-20 11:05`. */
const ISO_DAY = /^\d{4}-\d\d-\d\d$/;

/** The date that begins at word `at`; `undefined` when none does. */
export function numericDate(columns: Columns, at: number): DateColumns | undefined {
  const text = columns.text(at);
  if (text.length < 4 || text.length > MAX_ISO_LENGTH) return undefined;
  if (text.length === MONTH_AND_DAY_LENGTH && MONTH_AND_DAY.test(text)) return recentDate(columns, at, text);
  const iso = isoTime(text);
  if (iso !== undefined) return isoDate(iso);
  const day = joinedDay(text);
  if (day !== undefined) return withTime(columns, at, 1, day);
  const apart = dayAfterYear(columns, at, text);
  return apart === undefined ? undefined : withTime(columns, at, 3, apart);
}

function isoDate({ year, month, day, clock, zone }: IsoTime): DateColumns {
  return { ...clock, year, month, monthName: undefined, day, zone, words: 1, ending: 'other' };
}

/** `11-20 11:05`: a date of the last months, whose year the time takes the place of. */
function recentDate(columns: Columns, at: number, text: string): DateColumns | undefined {
  const isLast = at + 2 >= columns.count;
  const clock = isLast ? undefined : clockOf(columns.text(at + 1));
  if (clock?.precision !== 'minute') return undefined;
  const [month, day] = [Number(text.slice(0, 2)), Number(text.slice(3))];
  return { ...clock, year: undefined, month, monthName: undefined, day, zone: undefined, words: 2, ending: 'time' };
}

/** `2024 Nov 20`, `2024年 11月 20日`. */
function dayAfterYear(columns: Columns, at: number, text: string): Day | undefined {
  const year = /^\d{4}[年년]?$/.test(text) ? Number(text.slice(0, 4)) : undefined;
  // Without its sign, before a date that is whole without it, it is a size.
  if (text.length === 4 && mayBeTime(columns, at + 3)) return undefined;
  const month = year === undefined ? undefined : monthNumber(columns.text(at + 1));
  const day = /^(\d{1,2})[日일.,]?$/.exec(columns.text(at + 2))?.[1];
  return year === undefined || month === undefined || day === undefined ? undefined : { year, month, day: Number(day) };
}

/** Whether the word is a year, or a time in any form: a last word is a name. */
function mayBeTime(columns: Columns, at: number): boolean {
  const text = columns.text(at);
  return /^\d{4}/.test(text) || clockOf(text) !== undefined || (at + 1 < columns.count && /^\d{1,2}\D\d/.test(text));
}

const NUMBERS = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})$/;
const NAMED = /^([^-/.]{1,9})([-/.])([^-/.]{1,9})\2(\d{1,4})$/;
const SIGNED = /^(\d{4})年(\d{1,2})月(\d{1,2})日$/;

/** The day that one word names. */
export function joinedDay(text: string): Day | undefined {
  if (!beginsWithDigit(text)) return namedDay(NAMED.exec(text));
  const signed = SIGNED.exec(text);
  if (signed !== null) return { year: Number(signed[1]), month: Number(signed[2]), day: Number(signed[3]) };
  const match = NUMBERS.exec(text);
  return match === null ? namedDay(NAMED.exec(text)) : numberedDay(match);
}

/** `2024-11-20`, `20.11.2024`; two digits for a year only after dots. */
function numberedDay([, first = '', separator, second = '', third = '']: RegExpExecArray): Day | undefined {
  if (first.length === 4) return { year: Number(first), month: Number(second), day: Number(third) };
  if (first.length > 2 || (third.length !== 4 && !(third.length === 2 && separator === '.'))) return undefined;
  const year = fullYear(third);
  const [one, two] = [Number(first), Number(second)];
  if (separator !== '/' || one > 12) return { year, month: two, day: one };
  if (two > 12) return { year, month: one, day: two };
  // The order of day and month is unknown.
  return { year, month: one === two ? one : 0, day: two };
}

/** `20-Nov-2024`, `Nov-20-2024`, `2024-Nov-20`. */
function namedDay(match: RegExpExecArray | null): Day | undefined {
  if (match === null) return undefined;
  const [, first = '', , second = '', third = ''] = match;
  const late = namedMonth(second);
  const month = late ?? namedMonth(first);
  if (month === undefined) return undefined;
  const other = late === undefined ? second : first;
  const number = readDigits(other, 0, other.length);
  if (number === -1) return undefined;
  if (other.length === 4) return { year: number, month, day: Number(third) };
  return third.length === 2 || third.length === 4 ? { year: fullYear(third), month, day: number } : undefined;
}

function namedMonth(text: string): number | undefined {
  return beginsWithDigit(text) ? undefined : monthNumber(text);
}

/** The year that two or four digits stand for. */
export function fullYear(text: string): number {
  return text.length === 2 ? yearOfTwo(Number(text)) : Number(text);
}

/** The year that two digits stand for. */
export function yearOfTwo(year: number): number {
  return year + (year >= PIVOT_YEAR ? 1900 : 2000);
}

function withTime(columns: Columns, at: number, words: number, { year, month, day }: Day): DateColumns {
  // A last word is the name, even if it looks like a time.
  const isLast = at + words + 1 >= columns.count;
  const time = isLast ? undefined : zonedClock(columns.text(at + words));
  const clock = time?.clock ?? (isLast ? undefined : onlyClockOf(columns.text(at + words)));
  const mayHaveZone = clock?.precision === 'second' && time?.zone === undefined;
  const isZoneNext = mayHaveZone && at + words + 2 < columns.count;
  const zoneNext = isZoneNext ? numericZone(columns.text(at + words + 1)) : undefined;
  const zone = time?.zone ?? zoneNext;
  const timeWords = (clock === undefined ? 0 : 1) + (zoneNext === undefined ? 0 : 1);
  const count = words + timeWords;
  const { hour, minute, second, millisecond, precision } = clock ?? MIDNIGHT;
  const ending = endingOfDay(columns, at, count);
  // biome-ignore format: one literal, and no column of names
  return { year, month, monthName: undefined, day, hour, minute, second, millisecond, precision, zone, words: count, timeWords, ending };
}

/** How a day ends that takes so many words, its time included: one as `ls` pads it, as a year does. */
export function endingOfDay(columns: Columns, at: number, words: number): DateColumns['ending'] {
  return words === 1 && ISO_DAY.test(columns.text(at)) ? 'year' : 'other';
}

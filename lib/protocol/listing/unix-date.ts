/**
 * Reads the date column of `ls -l` and its variants.
 *
 * - `Nov 20 11:05`, `Nov 20 2024`, day first (`8 Mai 2001`, `26. Juli, 20:10`), `Nov 20 11:05:06`, `Oct 08, 2024 09:47`
 * - `11月 20日 11:05`, `6月3日 2003年`
 * - the forms of numeric-date.ts, and the time before the day: `11:05 20.11.2024`
 *
 * An impossible date, such as the 30th of February, leaves the name after it as certain as before. A date without a year is the last one
 * before `now`, with a day allowed for clock difference. `ls` omits the year of recent times. The 29th of February belongs to a leap year.
 */
import { type CalendarTime, utcMs } from '../calendar.js';
import { readDigits } from '../digits.js';
import { type Clock, clockOf, MIDNIGHT, onlyClockOf } from './clock-column.js';
import type { Columns } from './columns.js';
import type { DateColumns } from './date-columns.js';
import { monthNumber, signStart } from './months.js';
import { numericDate } from './numeric-date.js';
import type { ListedTime, ServerClock } from './server-clock.js';

const DAY_MS = 86_400_000;
/** Between two leap years there are up to eight years (1896 and 1904). */
const MAX_YEARS_BACK = 8;

/** The date that begins at word `at`; `undefined` when none does. */
export function unixDateAt(columns: Columns, at: number): DateColumns | undefined {
  return dayAt(columns, at) ?? timeBeforeDay(columns, at);
}

function dayAt(columns: Columns, at: number): DateColumns | undefined {
  return namedDate(columns, at) ?? numericDate(columns, at);
}

/** `11:05 20.11.2024`, `11:05 Nov 20 2024`. */
function timeBeforeDay(columns: Columns, at: number): DateColumns | undefined {
  const clock = clockOf(columns.text(at));
  const date = clock === undefined ? undefined : dayAt(columns, at + 1);
  if (date === undefined || date.precision !== 'day') return undefined;
  return { ...date, ...clock, words: date.words + 1, timeWords: 0, ending: 'other' };
}

/** The time that a date's columns name; none when there is no such day or hour. */
export function timeOf(date: DateColumns, clock: ServerClock): ListedTime {
  const { year, precision, zone } = date;
  const local = localMs(date, year, clock);
  return zone === undefined ? clock.time(local, precision) : clock.zoned(local, zone, precision);
}

/** The moment by the server's clock, as if it were UTC. */
export function localMs(time: CalendarTime, year: number | undefined, clock: ServerClock): number | undefined {
  return year === undefined ? latest(time, clock) : utcMs(year, time);
}

/** The last such moment of any year that is not more than a day ahead of the server's own `now`. */
function latest(time: CalendarTime, { now, year: thisYear }: ServerClock): number | undefined {
  for (let year = thisYear + 1; year >= thisYear - MAX_YEARS_BACK; year -= 1) {
    const candidate = utcMs(year, time);
    if (candidate !== undefined && candidate <= now + DAY_MS) return candidate;
  }
  return undefined;
}

/** `Nov 20 11:05`, `20 Nov 2024`. */
function namedDate(columns: Columns, at: number): DateColumns | undefined {
  if (at + 1 >= columns.count) return undefined;
  const first = columns.text(at);
  const leading = monthNumber(first);
  const second = columns.text(at + 1);
  const month = leading ?? monthNumber(second);
  if (month === undefined) return leading === undefined ? gluedDate(columns, at, first) : undefined;
  const dayText = leading === undefined ? first : second;
  const day = dayOf(dayText);
  if (day === -1) return undefined;
  return completed(
    columns,
    at + 2,
    2,
    month,
    leading === undefined ? second : first,
    day,
    leading !== undefined && dayText.endsWith(','),
  );
}

/** `6月3日 20:10`: month and day in one word. */
function gluedDate(columns: Columns, at: number, text: string): DateColumns | undefined {
  const parts = text.length > 8 ? null : /^(\d{1,2})[^\d\s]{1,2}(\d{1,2})[^\d\s]{1,2}$/.exec(text);
  if (parts === null || text.charCodeAt(text.length - 1) < 0x80) return undefined;
  return completed(columns, at + 1, 1, Number(parts[1]), undefined, Number(parts[2]), false);
}

/** The words after month and day: a year, or a time, or both. `comma`: a year and a time follow (`Oct 08, 2024 09:47`). */
function completed(
  columns: Columns,
  at: number,
  words: number,
  month: number,
  monthName: string | undefined,
  day: number,
  comma: boolean,
): DateColumns | undefined {
  const text = columns.text(at);
  const year = yearOf(text);
  // A last word is the name, even if it looks like a time or a year.
  const isNextLast = at + 2 >= columns.count;
  if (year !== undefined) {
    const clock = comma && !isNextLast ? clockOf(columns.text(at + 1)) : undefined;
    if (clock !== undefined) return dateOf(year, month, monthName, day, clock, words + 2, 'other');
    return dateOf(year, month, monthName, day, MIDNIGHT, words + 1, 'year');
  }
  const clock = onlyClockOf(text);
  if (clock === undefined) return undefined;
  return dateOf(undefined, month, monthName, day, clock, words + 1, 'time');
}

function dateOf(
  year: number | undefined,
  month: number,
  monthName: string | undefined,
  day: number,
  clock: Clock,
  words: number,
  ending: DateColumns['ending'],
): DateColumns {
  const { hour, minute, second, millisecond, precision } = clock;
  return { year, month, monthName, day, hour, minute, second, millisecond, precision, zone: undefined, words, ending };
}

/** One or two digits, maybe followed by a dot, a comma or the sign for a day; else -1. */
function dayOf(text: string): number {
  const { length } = text;
  const day = length <= 2 ? readDigits(text, 0, length) : -1;
  if (day !== -1) return day;
  const end = text.endsWith('.') || text.endsWith(',') ? length - 1 : signStart(text);
  return end > 2 ? -1 : readDigits(text, 0, end);
}

/** Four digits, maybe followed by the sign for a year. */
function yearOf(text: string): number | undefined {
  const { length } = text;
  if (length < 4 || length > 6 || (length > 4 && signStart(text) !== 4)) return undefined;
  const year = readDigits(text, 0, 4);
  return year === -1 ? undefined : year;
}

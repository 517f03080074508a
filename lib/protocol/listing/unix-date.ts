/**
 * The date column of `ls -l` and its variants.
 *
 * - `Nov 20 11:05`, `Nov 20 2024` (also day before month: `8 Mai 2001`, `26. Juli 20:10`), BSD's `Nov 20 11:05:06 2024`
 * - `2024-11-20 11:05`, with seconds and a zone (`ls --full-iso`), without a time, and with slashes or dots
 * - `11月 20日 11:05`, `6月 3日 2003年`
 *
 * A date without a year is the last one before `now`, give or take a day of clock difference: `ls` leaves out the year of
 * what is recent, and nothing is modified in the future. The 29th of February goes back to a leap year.
 */
import { type CalendarTime, fractionMs, utcMs } from '../calendar.js';
import { beginsWithDigit, readDigits } from '../digits.js';
import type { ListingContext, TimePrecision } from './file-entry.js';
import { monthNumber } from './months.js';
import type { Word } from './words.js';

export interface ListedDate {
  readonly modified: Date;
  readonly precision: TimePrecision;
  /** How many words the date takes. */
  readonly words: number;
}

/** What the columns say: a calendar time, and maybe its year and its zone. */
interface Parts extends CalendarTime {
  readonly year: number | undefined;
  readonly utcOffsetMinutes: number | undefined;
  readonly precision: TimePrecision;
  readonly words: number;
}

/** A time of day; `precision` says whether there are seconds. */
interface Clock extends Pick<CalendarTime, 'hour' | 'minute' | 'second' | 'millisecond'> {
  readonly precision: TimePrecision;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Between two leap years there are up to eight years (1896 and 1904). */
const MAX_YEARS_BACK = 8;
const MIDNIGHT: Clock = /* @__PURE__ */ Object.freeze({
  hour: 0,
  minute: 0,
  second: 0,
  millisecond: 0,
  precision: 'day',
});

/** The date that begins at word `at`; `undefined` when none does. */
export function unixDateAt(columns: readonly Word[], at: number, context: ListingContext): ListedDate | undefined {
  const parts = isoParts(columns, at) ?? namedMonthParts(columns, at);
  if (parts === undefined) return undefined;
  const offsetMs = (parts.utcOffsetMinutes ?? Number(context.timeZone ?? 0)) * MINUTE_MS;
  const local = parts.year === undefined ? latest(parts, context.now.getTime() + offsetMs) : utcMs(parts.year, parts);
  if (local === undefined) return undefined;
  return { modified: new Date(local - offsetMs), precision: parts.precision, words: parts.words };
}

/** The last such moment of any year that is not more than a day ahead of the server's own `now`. */
function latest(time: CalendarTime, now: number): number | undefined {
  const thisYear = new Date(now).getUTCFullYear();
  for (let year = thisYear + 1; year >= thisYear - MAX_YEARS_BACK; year -= 1) {
    const candidate = utcMs(year, time);
    if (candidate !== undefined && candidate <= now + DAY_MS) return candidate;
  }
  return undefined;
}

/** `Nov 20 11:05`, `20 Nov 2024`, `Nov 20 11:05:06 2024`. */
function namedMonthParts(columns: readonly Word[], at: number): Parts | undefined {
  const first = textAt(columns, at);
  const second = textAt(columns, at + 1);
  const leading = monthNumber(first);
  const month = leading ?? monthNumber(second);
  if (month === undefined) return undefined;
  const day = dayOf(leading === undefined ? first : second);
  if (day === -1) return undefined;
  const third = textAt(columns, at + 2);
  const year = yearOf(third);
  if (year !== undefined) return partsOf(year, month, day, MIDNIGHT, 3);
  const clock = clockOf(third);
  if (clock === undefined) return undefined;
  // BSD `ls -T`: the year comes after a time with seconds.
  const late = clock.precision === 'second' ? yearOf(textAt(columns, at + 3)) : undefined;
  return partsOf(late, month, day, clock, late === undefined ? 3 : 4);
}

const ISO_DATE = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/;

/** `2024-11-20`, maybe with a time, and that with seconds maybe with a zone. */
function isoParts(columns: readonly Word[], at: number): Parts | undefined {
  const text = textAt(columns, at);
  const match = beginsWithDigit(text) && text.length >= 8 ? ISO_DATE.exec(text) : null;
  if (match === null) return undefined;
  const [, year, , month, day] = match;
  const clock = clockOf(textAt(columns, at + 1));
  const zone = clock?.precision === 'second' ? zoneOf(textAt(columns, at + 2)) : undefined;
  const count = 1 + (clock === undefined ? 0 : 1) + (zone === undefined ? 0 : 1);
  return partsOf(Number(year), Number(month), Number(day), clock ?? MIDNIGHT, count, zone);
}

function partsOf(
  year: number | undefined,
  month: number,
  day: number,
  clock: Clock,
  words: number,
  zone?: number,
): Parts {
  const { hour, minute, second, millisecond, precision } = clock;
  return { year, month, day, hour, minute, second, millisecond, precision, words, utcOffsetMinutes: zone };
}

/** Minutes ahead of UTC, of `+0100`. */
function zoneOf(text: string): number | undefined {
  const zone = /^([+-])(\d\d)(\d\d)$/.exec(text);
  return zone === null ? undefined : (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3]));
}

/** One or two digits, maybe followed by a dot, a comma or the sign for a day; else -1. */
function dayOf(text: string): number {
  const end = /[.,日]$/.test(text) ? text.length - 1 : text.length;
  return end > 2 ? -1 : readDigits(text, 0, end);
}

/** Four digits, maybe followed by the sign for a year. */
function yearOf(text: string): number | undefined {
  if (text.length !== 4 && !(text.length === 5 && text.endsWith('年'))) return undefined;
  const year = readDigits(text, 0, 4);
  return year === -1 ? undefined : year;
}

const CLOCK = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?$/;

function clockOf(text: string): Clock | undefined {
  const match = CLOCK.exec(text);
  if (match === null) return undefined;
  const [, hour, minute, second, fraction = ''] = match;
  return {
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second ?? 0),
    millisecond: fractionMs(fraction),
    precision: second === undefined ? 'minute' : 'second',
  };
}

function textAt(columns: readonly Word[], at: number): string {
  return columns[at]?.text ?? '';
}

/** Dates from numbers, with the calendar checked: JavaScript's own arithmetic would make March of a 30th of February. */

/** A moment of some year, in whatever zone. */
export interface CalendarTime {
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** Up to 60: the leap second, which counts as the next minute's first. */
  readonly second: number;
  readonly millisecond: number;
}

/** The calendar repeats after 400 years; adding them keeps the years below 100 out of `Date.UTC`'s 1900s. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * 86_400_000;

/** Milliseconds since 1970 of a moment taken as UTC, `undefined` when there is no such moment; years 1 to 9999. */
export function utcMs(year: number, time: CalendarTime): number | undefined {
  const { month, day, hour, minute, second, millisecond } = time;
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  return Date.UTC(year + CYCLE_YEARS, month - 1, day, hour, minute, second, millisecond) - CYCLE_MS;
}

/** The milliseconds in a decimal fraction of a second, given without its point. */
export function fractionMs(fraction: string): number {
  return Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

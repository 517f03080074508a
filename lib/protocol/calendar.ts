/** Makes dates from numbers and checks the calendar: JavaScript's own arithmetic would turn a 30th of February into March. */

/** A moment of some year, in any zone. */
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

/** Days from the 1st of March of the year 0 to 1970. */
const DAYS_TO_1970 = 719_468;

/** Milliseconds since 1970 of a moment taken as UTC, `undefined` when there is no such moment; years 1 to 9999. */
export function utcMs(year: number, time: CalendarTime): number | undefined {
  const { month, day, hour, minute, second, millisecond } = time;
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const seconds = (hour * 60 + minute) * 60 + second;
  return daysSince1970(year, month, day) * 86_400_000 + seconds * 1000 + millisecond;
}

/** `Date.UTC` takes several times as long, and the years below 100 for those of the 1900s. */
function daysSince1970(year: number, month: number, day: number): number {
  // Years that begin with March have the leap day at their end.
  const since = month < 3 ? year - 1 : year;
  const months = (month + 9) % 12;
  const leapDays = Math.trunc(since / 4) - Math.trunc(since / 100) + Math.trunc(since / 400);
  return since * 365 + leapDays + Math.trunc((153 * months + 2) / 5) + day - 1 - DAYS_TO_1970;
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

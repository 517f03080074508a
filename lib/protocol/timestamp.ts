/**
 * Reads times as MDTM, MFMT and the facts of MLSD write them: `YYYYMMDDHHMMSS[.sss]`, in UTC (RFC 3659 section 2.3).
 *
 * It checks the calendar. `19100...` is the year 2000: old servers print "19" and the years since 1900.
 */
import { FtpProtocolError, FtpUsageError } from '../errors.js';
import { fractionMs, utcMs } from './calendar.js';
import { readDigits } from './digits.js';
import { printable } from './printable.js';

const WHOLE_DIGITS = 14;

/**
 * The time that `text` names; spaces around it do not matter.
 *
 * @throws FtpProtocolError when it is no such notation, or no day of the calendar.
 */
export function parseTimestamp(text: string): Date {
  const date = readTimestamp(text.trim());
  if (date === undefined) throw new FtpProtocolError(`Not a time (YYYYMMDDHHMMSS): "${printable(text, 60)}"`);
  return date;
}

/** As {@link parseTimestamp} from `start` to `end`, but `undefined` for a text that is no time, and spaces matter. */
export function readTimestamp(text: string, start = 0, end: number = text.length): Date | undefined {
  // `YYYYMMDDHHMMSS`, as nearly all servers write it.
  const point = end - start === WHOLE_DIGITS ? -1 : text.indexOf('.', start);
  const hasFraction = point !== -1 && point < end;
  const whole = hasFraction ? point : end;
  const millisecond = hasFraction ? readFraction(text, point, end) : 0;
  const digits = whole - start;
  if (millisecond === -1 || digits < WHOLE_DIGITS || digits > WHOLE_DIGITS + 1) return undefined;
  const date = readDigits(text, start, whole - 6);
  const time = readDigits(text, whole - 6, whole);
  const year = date === -1 || time === -1 ? -1 : yearOf(Math.trunc(date / 10_000), digits);
  const ms = utcMs(year, {
    month: Math.trunc(date / 100) % 100,
    day: date % 100,
    hour: Math.trunc(time / 10_000),
    minute: Math.trunc(time / 100) % 100,
    second: time % 100,
    millisecond,
  });
  return ms === undefined ? undefined : new Date(ms);
}

/** Four digits of a time of 14; or of 15 five that begin with 19: the bug's. */
function yearOf(number: number, digits: number): number {
  if (digits === WHOLE_DIGITS) return number;
  return number >= 19_000 && number <= 19_999 ? number - 17_100 : -1;
}

/** RFC 3659 sets no limit to the digits of the fraction; servers send nine at most. */
function readFraction(text: string, point: number, end: number): number {
  if (end - point > 10 || readDigits(text, point + 1, end) === -1) return -1;
  return fractionMs(text.slice(point + 1, end));
}

/**
 * `YYYYMMDDHHMMSS` in UTC. Parts of a second are dropped: servers refuse MFMT with a fraction.
 *
 * @throws FtpUsageError for a value that is no Date, an invalid one, and one outside the years 1 to 9999.
 */
export function formatTimestamp(date: Date): string {
  if (Object.prototype.toString.call(date) !== '[object Date]') throw new FtpUsageError('The time must be a Date');
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) throw new FtpUsageError('A timestamp is a valid date of the years 1 to 9999');
  const parts = [
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  return String(year).padStart(4, '0') + parts.map((part) => String(part).padStart(2, '0')).join('');
}

/**
 * Times as MDTM, MFMT and the facts of MLSD write them: `YYYYMMDDHHMMSS[.sss]`, in UTC (RFC 3659 section 2.3).
 *
 * The calendar is checked. `19100...` is the year 2000: old servers print "19" and the years since 1900.
 */
import { FtpProtocolError, FtpUsageError } from '../errors.js';
import { fractionMs, utcMs } from './calendar.js';
import { readDigits } from './digits.js';
import { printable } from './printable.js';

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

/** As {@link parseTimestamp}, but `undefined` for what is no time, and spaces do matter. */
export function readTimestamp(text: string): Date | undefined {
  const point = text.indexOf('.');
  const end = point === -1 ? text.length : point;
  const millisecond = point === -1 ? 0 : readFraction(text, point);
  const year = readYear(text, end);
  if (year === -1 || millisecond === -1) return undefined;
  const month = readDigits(text, end - 10, end - 8);
  const day = readDigits(text, end - 8, end - 6);
  const hour = readDigits(text, end - 6, end - 4);
  const minute = readDigits(text, end - 4, end - 2);
  const second = readDigits(text, end - 2, end);
  if (hour === -1 || minute === -1 || second === -1) return undefined;
  const ms = utcMs(year, { month, day, hour, minute, second, millisecond });
  return ms === undefined ? undefined : new Date(ms);
}

/** Four digits; or five beginning with 19: the bug's. */
function readYear(text: string, end: number): number {
  if (end === 14) return readDigits(text, 0, 4);
  const sinceNineteenHundred = end === 15 && text.startsWith('19') ? readDigits(text, 2, 5) : -1;
  return sinceNineteenHundred === -1 ? -1 : 1900 + sinceNineteenHundred;
}

/** RFC 3659 bounds the digits of the fraction by nothing; nine are more than anybody sends. */
function readFraction(text: string, point: number): number {
  if (text.length - point > 10 || readDigits(text, point + 1, text.length) === -1) return -1;
  return fractionMs(text.slice(point + 1));
}

/**
 * `YYYYMMDDHHMMSS` in UTC. Parts of a second are dropped: servers refuse MFMT with a fraction.
 *
 * @throws FtpUsageError for an invalid Date, and outside the years 1 to 9999.
 */
export function formatTimestamp(date: Date): string {
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

/** Reads a time of day as listings print it: `9:05`, `09:05:30.123`, `09:05PM`. */
import { type CalendarTime, fractionMs } from '../calendar.js';
import { beginsWithDigit, readDigits } from '../digits.js';
import type { TimePrecision } from './file-entry.js';

/** A time of day; `precision` says whether there are seconds. */
export interface Clock extends Pick<CalendarTime, 'hour' | 'minute' | 'second' | 'millisecond'> {
  readonly precision: TimePrecision;
}

/** Of a date alone. */
export const MIDNIGHT: Clock = /* @__PURE__ */ Object.freeze({
  hour: 0,
  minute: 0,
  second: 0,
  millisecond: 0,
  precision: 'day',
});

const CLOCK = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:([AaPp])[Mm]?)?$/;
const COLON = 0x3a;
/** The bit of small letters. */
const LOWER = 0x20;
const SMALL_A = 0x61;
const SMALL_M = 0x6d;
const SMALL_P = 0x70;

/** The time; `undefined` when `text` is none. The hour may be one that no clock shows. */
export function clockOf(text: string): Clock | undefined {
  if (
    text.charCodeAt(2) === COLON &&
    (text.length === 5 || (text.length === 7 && isMeridiem(text.charCodeAt(5), text.charCodeAt(6))))
  ) {
    return plainClock(text);
  }
  const match = beginsWithDigit(text) && text.length <= 24 ? CLOCK.exec(text) : null;
  if (match === null) return undefined;
  const [, hour, minute, second, fraction = '', meridiem] = match;
  return {
    hour: hourOf(Number(hour), meridiem?.toLowerCase()),
    minute: Number(minute),
    second: Number(second ?? 0),
    millisecond: fraction === '' ? 0 : fractionMs(fraction),
    precision: second === undefined ? 'minute' : 'second',
  };
}

const OTHER = /^(\d{1,2})(?:[.h](\d\d)|:(\d))$/;

/** The same, if nothing but a time can stand: `9.05` and `9h05` too, as in Finland and France, and `9:5` of a device. */
export function onlyClockOf(text: string): Clock | undefined {
  const clock = clockOf(text);
  const other = clock === undefined && text.length <= 5 ? OTHER.exec(text) : null;
  return other === null ? clock : clockOf(`${other[1]}:${other[2] ?? `0${other[3]}`}`);
}

/** `AM` or `pm`. */
function isMeridiem(first: number, second: number): boolean {
  const letter = first | LOWER;
  return (letter === SMALL_A || letter === SMALL_P) && (second | LOWER) === SMALL_M;
}

/** `09:05`, `09:05PM`: the form of most rows. */
function plainClock(text: string): Clock | undefined {
  const hours = readDigits(text, 0, 2);
  const minute = readDigits(text, 3, 5);
  if (hours === -1 || minute === -1) return undefined;
  const hour = text.length === 5 ? hours : hourOf(hours, text.charAt(5).toLowerCase());
  return { hour, minute, second: 0, millisecond: 0, precision: 'minute' };
}

/** Not an hour. */
const NO_HOUR = 24;

/** The hour of 24; none when it is none of the clock's twelve. */
function hourOf(hour: number, meridiem: string | undefined): number {
  if (meridiem === undefined) return hour;
  if (hour < 1 || hour > 12) return NO_HOUR;
  return (hour % 12) + (meridiem === 'p' ? 12 : 0);
}

/** A time of day as listings print it: `9:05`, `09:05:30.123`, `09:05PM`, `9.05`. */
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

/** The time; `undefined` when `text` is none. The hour may be one that no clock shows. */
export function clockOf(text: string): Clock | undefined {
  if (text.length === 5 && text.charCodeAt(2) === COLON) {
    const hour = readDigits(text, 0, 2);
    const minute = readDigits(text, 3, 5);
    return hour === -1 || minute === -1 ? undefined : { hour, minute, second: 0, millisecond: 0, precision: 'minute' };
  }
  const match = beginsWithDigit(text) && text.length <= 24 ? CLOCK.exec(text) : null;
  if (match === null) return undefined;
  const [, hour, minute, second, fraction = '', meridiem] = match;
  return {
    hour: hourOf(Number(hour), meridiem?.toLowerCase()),
    minute: Number(minute),
    second: Number(second ?? 0),
    millisecond: fractionMs(fraction),
    precision: second === undefined ? 'minute' : 'second',
  };
}

/** Not an hour. */
const NO_HOUR = 24;

/** The hour of 24; none when it is none of the clock's twelve. */
function hourOf(hour: number, meridiem: string | undefined): number {
  if (meridiem === undefined) return hour;
  if (hour < 1 || hour > 12) return NO_HOUR;
  return (hour % 12) + (meridiem === 'p' ? 12 : 0);
}

/** Reads times of ISO 8601: day and time in one word, and perhaps the zone: `2024-11-20T11:05:06Z`. */
import { readDigits } from '../digits.js';
import { type Clock, clockOf } from './clock-column.js';
import { numericZone } from './zones.js';

export interface IsoTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly clock: Clock;
  /** Minutes ahead of UTC. */
  readonly zone: number | undefined;
}

/** A time of day, and its zone if it is in the same word. */
export interface ZonedClock {
  readonly clock: Clock;
  readonly zone: number | undefined;
}

/** The longest such word, with nanoseconds and a zone. */
export const MAX_ISO_LENGTH = 36;
const EXTENDED = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d\S{0,20})$/;
const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\S{0,16})$/;

/** The time that `word` is; `undefined` when it is none. */
export function isoTime(word: string): IsoTime | undefined {
  const at = word.charCodeAt(8) === T || word.charCodeAt(10) === T ? word.length : 0;
  if (at === 0 || word.length > MAX_ISO_LENGTH || readDigits(word, 0, 4) === -1) return undefined;
  const basic = BASIC.exec(word);
  const match = basic ?? EXTENDED.exec(word);
  if (match === null) return undefined;
  const [, year, month, day, hour = '', minute, second, rest = ''] = match;
  const timed = zonedClock(basic === null ? hour : `${hour}:${minute}:${second}${rest}`);
  return timed && { year: Number(year), month: Number(month), day: Number(day), ...timed };
}

const T = 0x54;

/** `11:05:06`, `11:05:06Z`, `11:05+01:00`. */
export function zonedClock(word: string): ZonedClock | undefined {
  const plain = clockOf(word);
  if (plain !== undefined || word.length > MAX_ISO_LENGTH) return plain && { clock: plain, zone: undefined };
  const zoneAt = word.endsWith('Z') ? word.length - 1 : Math.max(word.lastIndexOf('+'), word.lastIndexOf('-'));
  const clock = zoneAt > 0 ? clockOf(word.slice(0, zoneAt)) : undefined;
  const zone = word.endsWith('Z') ? 0 : numericZone(word.slice(Math.max(zoneAt, 0)));
  return clock === undefined || zone === undefined ? undefined : { clock, zone };
}

/** Decides which of two files changed later, as far as two listings tell. */
import type { TimePrecision } from '../../protocol/listing/file-entry.js';

/** The time of a file in a listing. */
export interface ToldTime {
  /** Milliseconds of the epoch. */
  readonly modified: number | undefined;
  readonly precision: TimePrecision;
  readonly zoneKnown: boolean;
}

/**
 * - `newer`: the source was changed later than the target.
 * - `maybe-newer`: it may have been: the zone of one of the times is not known.
 * - `not-newer`: the source is as old, or older.
 * - `unknown`: one of the two has no time.
 */
export type TimeOrder = 'newer' | 'maybe-newer' | 'not-newer' | 'unknown';

const MINUTE_MS = 60_000;
const UNITS: Readonly<Record<TimePrecision, number>> = {
  second: 1000,
  minute: MINUTE_MS,
  day: 24 * 60 * MINUTE_MS,
  none: 0,
};

/** Zones are whole quarters of an hour away from each other, from 12 hours west of UTC to 14 hours east of it. */
const ZONE_STEP_MS = 15 * MINUTE_MS;
const FARTHEST_ZONE_MS = 14 * 60 * MINUTE_MS;

export function orderOfTimes(source: ToldTime, target: ToldTime): TimeOrder {
  const here = spanOf(source);
  const there = spanOf(target);
  if (here === undefined || there === undefined) return 'unknown';
  if (source.zoneKnown && target.zoneKnown) return here.start >= there.end ? 'newer' : 'not-newer';
  if (overlapInSomeZone(here, there)) return 'not-newer';
  if (here.start >= there.end + FARTHEST_ZONE_MS) return 'newer';
  return here.end + FARTHEST_ZONE_MS > there.start ? 'maybe-newer' : 'not-newer';
}

/** Whether two times of one clock can be the same. */
export function isSameTime(a: ToldTime, b: ToldTime): boolean {
  const one = spanOf(a);
  const other = spanOf(b);
  if (one === undefined || other === undefined) return one === other;
  return overlap(one, other);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** All the moments that a time of this precision may mean. */
function spanOf({ modified, precision }: ToldTime): Span | undefined {
  const unit = UNITS[precision];
  if (modified === undefined || unit === 0) return undefined;
  // A day begins where its zone says; the rest of a minute is floored here.
  const start = unit === UNITS.day ? modified : Math.floor(modified / unit) * unit;
  return { start, end: start + unit };
}

function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Whether the two are the same time, told by clocks of two zones. */
function overlapInSomeZone(a: Span, b: Span): boolean {
  const steps = Math.round((a.start - b.start) / ZONE_STEP_MS);
  for (const step of [steps - 1, steps, steps + 1]) {
    const offset = step * ZONE_STEP_MS;
    const isZone = Math.abs(offset) <= FARTHEST_ZONE_MS;
    if (isZone && overlap(a, { start: b.start + offset, end: b.end + offset })) return true;
  }
  return false;
}

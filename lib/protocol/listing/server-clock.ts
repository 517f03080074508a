/**
 * Holds the server's clock, which converts a listing's local times to UTC.
 *
 * The zone is UTC unless the user names another. A named zone has daylight saving time. It looks up the zone's distance from UTC for each
 * quarter of an hour, and remembers it. A lookup is slow, and the files of a listing often share a day.
 */
import { FtpUsageError } from '../../errors.js';
import { unfit } from '../check-number.js';
import { printable } from '../printable.js';
import type { ListingContext, TimePrecision } from './file-entry.js';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
/** So many distances are remembered. */
const MAX_REMEMBERED = 4096;

/** The time of a file in a row. */
export interface ListedTime {
  readonly modified: Date | undefined;
  readonly precision: TimePrecision;
  readonly zoneKnown: boolean;
}

/** The row names no time that is one. */
export const NO_TIME: ListedTime = /* @__PURE__ */ Object.freeze({
  modified: undefined,
  precision: 'none',
  zoneKnown: false,
});

export class ServerClock {
  /** The time of the listing as the server's clock shows it, in milliseconds as if it were UTC. */
  readonly now: number;
  /** Its year. */
  readonly year: number;
  readonly #zoneKnown: boolean;
  /** Milliseconds ahead of UTC at a moment of UTC. */
  readonly #offsetAt: (utc: number) => number;
  /** The same, if it is the same at all moments. */
  readonly #offset: number | undefined;

  /** Throws FtpUsageError for an invalid `now` or `timeZone`. */
  constructor({ now, timeZone }: ListingContext) {
    if (!Number.isFinite(now.getTime())) throw unfit('now', 'a valid date', now.getTime());
    this.#zoneKnown = timeZone !== undefined;
    this.#offsetAt = offsetsOf(timeZone ?? 0);
    this.#offset = typeof timeZone === 'string' ? undefined : this.#offsetAt(0);
    this.now = now.getTime() + this.#offsetAt(now.getTime());
    this.year = new Date(this.now).getUTCFullYear();
  }

  /** The time that is `local` by the server's clock; none for `undefined`. */
  time(local: number | undefined, precision: TimePrecision): ListedTime {
    if (local === undefined) return NO_TIME;
    return { modified: new Date(this.#utc(local)), precision, zoneKnown: this.#zoneKnown };
  }

  /** A time whose zone the row names itself: so many minutes ahead of UTC. */
  zoned(local: number | undefined, minutes: number, precision: TimePrecision): ListedTime {
    if (local === undefined) return NO_TIME;
    return { modified: new Date(local - minutes * MINUTE_MS), precision, zoneKnown: true };
  }

  /** Of a moment that comes twice in autumn, either; of one that never comes in spring, one beside it. */
  #utc(local: number): number {
    if (this.#offset !== undefined) return local - this.#offset;
    const near = this.#offsetAt(local);
    return local - this.#offsetAt(local - near);
  }
}

function offsetsOf(timeZone: string | number): (utc: number) => number {
  if (typeof timeZone === 'string') return namedZone(timeZone);
  if (!(Math.abs(timeZone) <= 24 * 60)) throw unfit('timeZone', 'a zone name, or minutes from -1440 to 1440', timeZone);
  return () => timeZone * MINUTE_MS;
}

function namedZone(name: string): (utc: number) => number {
  const format = zoneFormat(name);
  const known = new Map<number, number>();
  return (utc) => {
    const quarter = Math.floor(utc / QUARTER_MS);
    const remembered = known.get(quarter);
    if (remembered !== undefined) return remembered;
    const offset = offsetIn(format.format(quarter * QUARTER_MS));
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(quarter, offset);
    return offset;
  };
}

function zoneFormat(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch (cause) {
    throw new FtpUsageError(`timeZone must be a zone name such as Europe/Berlin, not ${printable(name, 60)}.`, {
      cause,
    });
  }
}

const OFFSET = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/;

/** Of `1/31/2024, GMT+01:00`; `GMT` alone is UTC. */
function offsetIn(text: string): number {
  const [, sign, hours = 0, minutes = 0, seconds = 0] = OFFSET.exec(text) ?? [];
  const ms = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS + Number(seconds) * 1000;
  return sign === '-' ? -ms : ms;
}

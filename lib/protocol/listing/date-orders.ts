/**
 * Settles the order of numeric dates, which is the same in the whole listing. Each date excludes the orders in which it is impossible, or
 * in the future. After dots the day comes first, if that is possible.
 */
import { utcMs } from '../calendar.js';
import type { DayParts } from './dos-day.js';
import { fullYear } from './numeric-date.js';

type Order = (one: string, two: string, three: string) => DayParts;

const ORDERS: readonly Order[] = [
  (day, month, year) => ({ year: fullYear(year), month: Number(month), day: Number(day) }),
  (month, day, year) => ({ year: fullYear(year), month: Number(month), day: Number(day) }),
  (year, month, day) => ({ year: fullYear(year), month: Number(month), day: Number(day) }),
];

const PARTS = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})$/;
const DAY_MS = 86_400_000;

export class DateOrders {
  readonly #now: number;
  #possible: readonly Order[] = ORDERS;
  #decided = false;
  #learned = false;

  /** @param now the server's own time. */
  constructor(now: number) {
    this.#now = now;
  }

  get isDecided(): boolean {
    return this.#decided || !this.#learned;
  }

  /** Returns whether the order is open. */
  learn(text: string): boolean {
    const match = PARTS.exec(text);
    if (this.#decided || match === null) return false;
    this.#learned = true;
    const dotted = match[2] === '.' ? this.#possible.slice(0, 1).filter((order) => this.#isPast(order, match)) : [];
    const left = dotted.length > 0 ? dotted : this.#possible.filter((order) => this.#isPast(order, match));
    // A day that fits in no order is no evidence.
    if (left.length > 0) this.#possible = left;
    this.#decided = this.#possible.length === 1;
    return !this.#decided;
  }

  decide(): void {
    if (this.#learned) this.#decided = true;
  }

  /** The day, if the order is known. */
  dayOf(text: string): DayParts | undefined {
    const match = PARTS.exec(text);
    if (match === null) return undefined;
    const [day, ...others] = this.#possible
      .filter((order) => this.#isPast(order, match))
      .map((order) => read(order, match));
    if (day === undefined) return undefined;
    return others.every((other) => other.month === day.month && other.day === day.day && other.year === day.year)
      ? day
      : undefined;
  }

  #isPast(order: Order, match: RegExpExecArray): boolean {
    const { year, month, day } = read(order, match);
    const local = utcMs(year, { month, day, hour: 0, minute: 0, second: 0, millisecond: 0 });
    return local !== undefined && local <= this.#now + DAY_MS;
  }
}

function read(order: Order, [, one = '', , two = '', three = '']: RegExpExecArray): DayParts {
  return order(one, two, three);
}

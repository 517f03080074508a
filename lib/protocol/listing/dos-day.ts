/** The date of a Windows row: `10-18-12`, `2012-10-18`, `18.10.2012`, `18/10/2012`. */
import { beginsWithDigit } from '../digits.js';
import { fullYear } from './numeric-date.js';

export interface DayParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export interface DosDay {
  /** The order that this date alone shows of dates with slashes. */
  readonly order: 'day-first' | 'month-first' | undefined;
  /** Whether it could be of either order. */
  readonly isOpen: boolean;
  of(dayFirst: boolean): DayParts;
}

const DATE = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})\.?$/;
const MAX_LENGTH = 12;
const MONTHS = 12;

/** `undefined` when `text` is no such date. It may be of no calendar. */
export function dosDay(text: string): DosDay | undefined {
  const match = beginsWithDigit(text) && text.length <= MAX_LENGTH ? DATE.exec(text) : null;
  if (match === null) return undefined;
  const [, first = '', separator, second = '', third = ''] = match;
  const [one, two] = [Number(first), Number(second)];
  if (first.length > 2) {
    const parts = { year: one, month: two, day: Number(third) };
    return { order: undefined, isOpen: false, of: () => parts };
  }
  const year = fullYear(third);
  const slashed = separator === '/';
  const order = slashed ? orderOf(one, two) : undefined;
  const fixed = separator === '.' || one > MONTHS;
  return {
    order,
    isOpen: slashed && order === undefined && one !== two,
    of: (dayFirst) =>
      fixed || (slashed && dayFirst) ? { year, month: two, day: one } : { year, month: one, day: two },
  };
}

function orderOf(one: number, two: number): DosDay['order'] {
  if (one > MONTHS) return 'day-first';
  return two > MONTHS ? 'month-first' : undefined;
}

/** Reads the date of a Windows row: `10-18-12`, `2012-10-18`, `18.10.2012`, `18/10/2012`. */
import { beginsWithDigit, readDigits } from '../digits.js';
import { fullYear, yearOfTwo } from './numeric-date.js';

export interface DayParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export interface DosDay {
  readonly year: number;
  /** Month and day, in the order that the row has, unless that is known. */
  readonly first: number;
  readonly second: number;
  /** The order; `undefined` if it could be either, after slashes or dashes. */
  readonly order: 'day-first' | 'month-first' | undefined;
  /** Whether the date has slashes or dashes, and shows by itself which order they have. */
  readonly isEvidence: boolean;
}

/** The year comes first, with four digits, or last. */
const DATE = /^(\d{4}|\d{1,2})([-/.])(\d{1,2})\2(\d{1,4})\.?$/;
/** Servers print `100` for 2000 if they count from here, as `tm_year` of C does. */
const YEAR_0 = 1900;
const LEAST_OF_THREE_DIGITS = 100;
const MAX_LENGTH = 12;
const PLAIN_LENGTH = 8;
const MONTHS = 12;

/** `undefined` when `text` is no such date. It may be of no calendar. */
export function dosDay(text: string): DosDay | undefined {
  const plain = text.length === PLAIN_LENGTH ? plainDay(text) : undefined;
  if (plain !== undefined) return plain;
  const match = beginsWithDigit(text) && text.length <= MAX_LENGTH ? DATE.exec(text) : null;
  if (match === null) return undefined;
  const [, one = '', separator, two = '', three = ''] = match;
  const [first, second] = [Number(one), Number(two)];
  if (one.length > 2) {
    return { year: first, first: second, second: Number(three), order: 'month-first', isEvidence: false };
  }
  return dayWithYear(first, second, lastYear(three), separator);
}

/** `04-08-14`, as IIS prints it, without cutting it. */
function plainDay(text: string): DosDay | undefined {
  const separator = text.charAt(2);
  const [first, second, year] = [readDigits(text, 0, 2), readDigits(text, 3, 5), readDigits(text, 6, PLAIN_LENGTH)];
  const isPlain = separator === text.charAt(5) && (separator === '-' || separator === '/' || separator === '.');
  if (!isPlain || first === -1 || second === -1 || year === -1) return undefined;
  return dayWithYear(first, second, yearOfTwo(year), separator);
}

function dayWithYear(first: number, second: number, year: number, separator: string | undefined): DosDay {
  const order = orderOf(first, second, separator);
  const isEvidence = separator !== '.' && order !== undefined && first !== second;
  return { year, first, second, order, isEvidence };
}

/** A year that comes last. One of three digits counts from 1900; of one digit there is none, and the date is no date then. */
function lastYear(text: string): number {
  if (text.length === 2 || text.length === 4) return fullYear(text);
  const year = Number(text);
  return year >= LEAST_OF_THREE_DIGITS ? YEAR_0 + year : 0;
}

/** Dots are German. */
function orderOf(first: number, second: number, separator: string | undefined): DosDay['order'] {
  if (separator === '.' || first > MONTHS) return 'day-first';
  return second > MONTHS || first === second ? 'month-first' : undefined;
}

/** The day, in the order `dayFirst` if the date shows none itself. */
export function dayPartsOf({ year, first, second, order }: DosDay, dayFirst: boolean): DayParts {
  const isDayFirst = order === undefined ? dayFirst : order === 'day-first';
  return isDayFirst ? { year, month: second, day: first } : { year, month: first, day: second };
}

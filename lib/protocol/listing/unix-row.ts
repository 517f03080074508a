/**
 * Finds the columns of one `ls -l` row.
 *
 * It does not count them from the left. The owner, the group or the count of links may be missing, and owners may have blanks. The middle
 * is reliable: a size and then a date. The name follows the date.
 */
import { beginsWithDigit } from '../digits.js';
import { clockOf } from './clock-column.js';
import type { Columns } from './columns.js';
import { skipBlanks } from './columns.js';
import type { DateColumns } from './date-columns.js';
import { monthNumber } from './months.js';
import { isSizeLike } from './size-column.js';
import { unixDateAt } from './unix-date.js';

export interface UnixRow {
  /** The word that the date begins at. */
  readonly at: number;
  /** Whether the word before it is a size. */
  readonly sized: boolean;
  /** `undefined` for words in the place of a date that are none: the name is known, the date is not. */
  readonly date: DateColumns | undefined;
  /** The number of the date's words. */
  readonly words: number;
}

/** The usual place of the date: after permissions, links, owner, group and size. */
const USUAL_DATE_AT = 5;
/** Behind permissions and a size alone. */
const FIRST_DATE_AT = 2;
/** Month, day, and year or time. */
const DATE_WORDS = 3;
/** `Wed,`, `сред.`. */
const MAX_WEEKDAY = 5;
/** `11-20`, `20:06`, `01/15/24`, `11.05`, `2024-11-20T11:05:06Z`. */
const DATE_LIKE = /^\d{1,4}[-/:.hu]\d/;
/** A word of a date is not longer. */
const MAX_DATE_WORD = 12;

/**
 * Finds the columns of a row.
 *
 * @param usualAt the position of the date in other rows of this listing: a word there that is no date still takes its place.
 */
export function locateRow(columns: Columns, usualAt: number | undefined): UnixRow | undefined {
  const row = sizedRow(columns, FIRST_DATE_AT, usualAt);
  // Jan and May are names of users too: `jan 10 4096` and `1000 may 7` may be owner, group and size, if a date follows at once.
  if (row?.at === FIRST_DATE_AT && row.date?.precision === 'day') {
    const laterAt = row.at + row.words;
    // One that is not understood leaves both readings open.
    if (isBrokenDate(columns, laterAt) && unixDateAt(columns, laterAt) === undefined) return undefined;
    const later = unixDateAt(columns, laterAt) ?? dateAfterWeekday(columns, laterAt);
    const hasName = later !== undefined && columns.end(laterAt + later.words - 1) + 1 < columns.line.length;
    if (later !== undefined) return hasName ? { at: laterAt, sized: true, date: later, words: later.words } : undefined;
  }
  if (row?.at === FIRST_DATE_AT + 1 && mayBeGroup(columns, row)) return undefined;
  return row ?? withoutSize(columns);
}

/** `1000 may 7 2016 Jan 14 18:20`: owner, group, size and a year before the date; or size and date, and a name that begins with one. */
function mayBeGroup(columns: Columns, { at, date, words }: UnixRow): boolean {
  if (date?.precision !== 'day' || date.monthName === undefined) return false;
  // As `ls` pads a year.
  if (columns.start(at + words - 1) - columns.end(at + words - 2) > 1) return false;
  return unixDateAt(columns, at + words) !== undefined || isBrokenDate(columns, at + words);
}

/** The first date that is behind a size, from word `from` on. */
export function sizedRow(columns: Columns, from: number, usualAt: number | undefined): UnixRow | undefined {
  for (let at = from; at < columns.count; at += 1) {
    if (!isSizeLike(columns.text(at - 1))) continue;
    const date = unixDateAt(columns, at) ?? dateAfterWeekday(columns, at);
    if (date !== undefined && (at === usualAt || (isFirstDate(columns, at) && !isSizeOfUsual(columns, at, usualAt)))) {
      return { at, sized: true, date, words: date.words };
    }
    if (at === (usualAt ?? USUAL_DATE_AT) && isBrokenDate(columns, at)) {
      return { at, sized: true, date: undefined, words: DATE_WORDS };
    }
  }
  return undefined;
}

/**
 * Whether the words before the date at `at` and its size are no date in an unknown form: then this one would be of the name.
 * `Foo 20 11:05 2023-05-06` is one too, if a size stands before it.
 */
function isFirstDate(columns: Columns, at: number): boolean {
  for (let index = 2; index < at - 1; index += 1) {
    if (isDateLike(columns.text(index))) return false;
  }
  if (at < 4 || clockOf(columns.text(at)) === undefined || !isSizeLike(columns.text(at - 3))) return true;
  return beginsWithDigit(columns.text(at - 2)) || !isBrokenDate(columns, at - 2);
}

/** Whether the year at `at` is the size in other rows, before a date that ends in words that are not known. */
function isSizeOfUsual(columns: Columns, at: number, usualAt: number | undefined): boolean {
  return at + 1 === usualAt && isBareYear(columns.text(at));
}

function isBareYear(word: string): boolean {
  return /^\d{4}$/.test(word);
}

/** Whether `word` begins as a date in numbers does, or a time. */
export function isDateLike(word: string): boolean {
  return beginsWithDigit(word) && DATE_LIKE.test(word);
}

/** `Wed Nov 20 11:05:06`. */
function dateAfterWeekday(columns: Columns, at: number): DateColumns | undefined {
  // `jan may 0` are owner, group and size.
  if (at === FIRST_DATE_AT && monthNumber(columns.text(at)) !== undefined) return undefined;
  if (columns.end(at) - columns.start(at) > MAX_WEEKDAY || monthNumber(columns.text(at + 1)) === undefined)
    return undefined;
  if (!/^[^\d\s]{2,4}[.,]?$/.test(columns.text(at))) return undefined;
  const date = unixDateAt(columns, at + 1);
  return date === undefined ? undefined : { ...date, words: date.words + 1 };
}

/** Two short words, one of them a number, and then a year or a time: `000 12 13:14`, `Xyz 20 2024`. */
export function isBrokenDate(columns: Columns, at: number): boolean {
  const [first, second, third] = [columns.text(at), columns.text(at + 1), columns.text(at + 2)];
  if (first.length > MAX_DATE_WORD || second.length > MAX_DATE_WORD) return false;
  return (
    /^\d{1,3}[.,]?$/.test(/^\d/.test(second) ? second : first) &&
    (/^\d{4}$/.test(third) || clockOf(third) !== undefined)
  );
}

/**
 * The size may have run into the column before it (`bobgroup123456`), or be missing. Behind a word that begins with a digit, other
 * than the links, a date may be of the name: the row's own is in words that are not known.
 */
function withoutSize(columns: Columns): UnixRow | undefined {
  for (let at = 1; at < columns.count; at += 1) {
    if (at > 2 && beginsWithDigit(columns.text(at - 1))) return undefined;
    const date = unixDateAt(columns, at);
    // It may be the size, before a date that ends in words that are not known.
    if (date !== undefined && isBareYear(columns.text(at))) return undefined;
    if (date !== undefined) return { at, sized: false, date, words: date.words };
  }
  return undefined;
}

/** The number of blanks behind the date. */
export function gapAfter(columns: Columns, { at, words }: UnixRow): number {
  const end = columns.end(at + words - 1);
  const unit = columns.line.charCodeAt(end + 1);
  return unit === 0x20 || unit === 0x09 ? skipBlanks(columns.line, end) - end : 1;
}

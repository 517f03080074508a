/**
 * The listing of IIS and other Windows servers, as `dir` prints it: date, time, `<DIR>` or a size, name.
 *
 * Dates are month first unless that makes no sense, or dots say otherwise (German). In IIS's columns a name begins
 * ten characters after `<DIR>` and one after a size; what is more belongs to the name.
 */
import { utcMs } from '../calendar.js';
import { readSize } from '../size.js';
import type { FileEntry, FileKind, ListingContext } from './file-entry.js';
import { type Word, words } from './words.js';

const MARKS: Readonly<Partial<Record<string, FileKind>>> = /* @__PURE__ */ Object.freeze({
  '<DIR>': 'directory',
  '<JUNCTION>': 'symlink',
  '<SYMLINK>': 'symlink',
  '<SYMLINKD>': 'symlink',
});

/** The columns from the start of `<DIR>` to the name, as IIS and `dir` print them. */
const MARK_COLUMNS = 15;
/** Two-digit years from here on are of the last century. */
const PIVOT_YEAR = 70;
const MINUTE_MS = 60_000;

/** Reads one line; `undefined` when it is not in this format. */
export function parseDosLine(line: string, context: ListingContext): FileEntry | undefined {
  const [date, time, fourth, meridiem] = rearranged(words(line, 4));
  if (date === undefined || time === undefined || fourth === undefined) return undefined;
  const modified = momentOf(date.text, time.text + (meridiem?.text ?? ''), context);
  if (modified === undefined) return undefined;
  const mark = fourth.text.toUpperCase();
  const kind = Object.hasOwn(MARKS, mark) ? MARKS[mark] : 'file';
  const size = kind === 'file' ? sizeOf(fourth.text) : undefined;
  if (kind === undefined || (kind === 'file' && size === undefined)) return undefined;
  const rest = kind === 'file' ? line.slice(fourth.end + 1) : afterMark(line, fourth);
  const { name, target } = kind === 'symlink' ? nameAndTarget(rest) : { name: rest, target: undefined };
  if (name === '') return undefined;
  return { name, kind, size, modified, precision: 'minute', zoneKnown: false, dialect: 'dos', target, raw: line };
}

/** Date, time, size, and AM or PM if it stands apart from the time. */
function rearranged(columns: readonly Word[]): readonly (Word | undefined)[] {
  const [date, time, third, fourth] = columns;
  return /^[AP]M$/i.test(third?.text ?? '') ? [date, time, fourth, third] : [date, time, third, undefined];
}

function afterMark(line: string, mark: Word): string {
  const padded = line.slice(mark.end, mark.start + MARK_COLUMNS);
  if (padded.trim() === '') return line.slice(mark.start + MARK_COLUMNS);
  return line.slice(mark.end).trimStart();
}

/** `name [target]`, as `dir` shows links. */
function nameAndTarget(text: string): { name: string; target: string | undefined } {
  const bracket = text.indexOf(' [');
  if (bracket === -1 || !text.endsWith(']')) return { name: text, target: undefined };
  return { name: text.slice(0, bracket), target: text.slice(bracket + 2, -1) };
}

function sizeOf(text: string): number | undefined {
  return readSize(/^\d{1,3}(?:[.,]\d{3}){1,5}$/.test(text) ? text.replaceAll(/[.,]/g, '') : text);
}

const DATE = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})$/;
const TIME = /^(\d{1,2}):(\d\d)(?::\d\d)?(?:([AaPp])[Mm]?)?$/;

function momentOf(date: string, time: string, context: ListingContext): Date | undefined {
  const day = DATE.exec(date);
  const clock = TIME.exec(time);
  if (day === null || clock === null) return undefined;
  const hour = hourOf(Number(clock[1]), clock[3]?.toLowerCase());
  if (hour === undefined) return undefined;
  const { year, month, day: dayOfMonth } = calendarDay(day);
  const local = utcMs(year, { month, day: dayOfMonth, hour, minute: Number(clock[2]), second: 0, millisecond: 0 });
  return local === undefined ? undefined : new Date(local - Number(context.timeZone ?? 0) * MINUTE_MS);
}

/** The hour of 24; `undefined` when it is none of the clock's twelve. */
function hourOf(hour: number, meridiem: string | undefined): number | undefined {
  if (meridiem === undefined) return hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (meridiem === 'p' ? 12 : 0);
}

function calendarDay(match: RegExpExecArray): { year: number; month: number; day: number } {
  const [, first = '', separator, second = '', third = ''] = match;
  if (first.length === 4) return { year: Number(first), month: Number(second), day: Number(third) };
  const dayFirst = separator === '.' || Number(first) > 12;
  const [month, day] = dayFirst ? [Number(second), Number(first)] : [Number(first), Number(second)];
  return { year: fullYear(third), month, day };
}

function fullYear(text: string): number {
  const year = Number(text);
  if (text.length !== 2) return year;
  return year + (year >= PIVOT_YEAR ? 1900 : 2000);
}

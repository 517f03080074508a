/**
 * HP NonStop (Tandem Guardian): a heading, and rows of `file code EOF d-MMM-yy hh:mm:ss group,user "RWEP"`. A file in use has an `O`
 * before its code, which may have a letter behind it (`100L`). File names have no blanks.
 */
import { utcMs } from '../calendar.js';
import { readSize } from '../size.js';
import { clockOf } from './clock-column.js';
import { type ListingDialect, lineDialect } from './dialect.js';
import type { FileEntry } from './file-entry.js';
import { joinedDay } from './numeric-date.js';
import type { ServerClock } from './server-clock.js';

const HEADING = /^File +Code +EOF +Last Modification +Owner +RWEP/i;
const ROW =
  /^([$\w.]{1,60}) +(?:O +)?\d{1,5}[A-Z+]{0,2} +(\d{1,16}) +(\d{1,2}-\p{L}{3,9}-\d{2,4}) +([\d:]{4,12}) +(\d{1,3}), *(\d{1,3}) +"?[-\w]{4}"? *$/u;
const MAX_LENGTH = 240;

export const nonstop: ListingDialect = /* @__PURE__ */ lineDialect('nonstop', read);

function read(line: string, clock: ServerClock): FileEntry | 'ignored' | undefined {
  if (line.length > MAX_LENGTH) return undefined;
  if (HEADING.test(line)) return 'ignored';
  const row = ROW.exec(line);
  if (row === null) return undefined;
  const [, name = '', size = '', date = '', time = '', group, user] = row;
  const day = joinedDay(date);
  const hours = clockOf(time);
  const local = day === undefined || hours === undefined ? undefined : utcMs(day.year, { ...day, ...hours });
  return {
    name,
    kind: 'file',
    size: readSize(size),
    ...clock.time(local, hours?.precision ?? 'none'),
    owner: `${group},${user}`,
    group,
    dialect: 'nonstop',
    raw: line,
  };
}

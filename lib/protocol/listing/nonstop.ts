/**
 * Reads listings of HP NonStop (Tandem Guardian): a heading, and rows of `file code EOF d-MMM-yy hh:mm:ss group,user "RWEP"`. A file in use
 * has an `O` before its code, which may have a letter behind it (`100L`). File names have no blanks. A line before the heading may name the
 * subvolume (`$DATA.KIM`): the files of a second one are named with it.
 */
import { utcMs } from '../calendar.js';
import { readSize } from '../size.js';
import { clockOf } from './clock-column.js';
import type { DialectReader, ListingDialect, Reading } from './dialect.js';
import type { FileEntry } from './file-entry.js';
import { joinedDay } from './numeric-date.js';
import type { ServerClock } from './server-clock.js';

const HEADING = /^File +Code +EOF +Last Modification +Owner +RWEP/i;
const ROW =
  /^([$\w.]{1,60}) +(?:O +)?\d{1,5}[A-Z+]{0,2} +(\d{1,16}) +(\d{1,2}-\p{L}{3,9}-\d{2,4}) +([\d:]{4,12}) +(\d{1,3}), *(\d{1,3}) +"?[-\w]{4}"? *$/u;
const MAX_LENGTH = 240;

const SUBVOLUME = /^(?:\\[A-Z]\w{0,6}\.)?\$[A-Z]\w{0,6}\.[A-Z]\w{0,7}$/i;

export const nonstop: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'nonstop',
  open: (clock: ServerClock) => new NonstopReader(clock),
});

/** Whether `line` names a subvolume. It may be a file's name in a listing of names. */
export function mayBeSubvolume(line: string): boolean {
  return SUBVOLUME.test(line.trim());
}

class NonstopReader implements DialectReader {
  readonly #clock: ServerClock;
  #hasHeading = false;
  /** The last line that may name one, and the first that did. */
  #subvolume = '';
  #first: string | undefined;

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  read(line: string): Reading {
    if (line.length > MAX_LENGTH) return undefined;
    if (HEADING.test(line)) return this.#begin();
    if (!mayBeSubvolume(line)) return this.#placed(read(line, this.#clock));
    this.#subvolume = line.trim();
    // Before the first heading nothing shows what it is.
    return this.#hasHeading ? 'ignored' : undefined;
  }

  #begin(): Reading {
    this.#hasHeading = true;
    this.#first ??= this.#subvolume;
    return 'ignored';
  }

  #placed(entry: FileEntry | undefined): FileEntry | undefined {
    const isFirst = this.#first === undefined || this.#subvolume === this.#first;
    return entry === undefined || isFirst ? entry : { ...entry, name: `${this.#subvolume}.${entry.name}` };
  }
}

function read(line: string, clock: ServerClock): FileEntry | undefined {
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

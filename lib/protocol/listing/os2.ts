/** Reads rows of OS/2: `size [attributes] [DIR] MM-dd-yy HH:mm name`, with blanks before the size. */
import { utcMs } from '../calendar.js';
import { clockOf } from './clock-column.js';
import { Columns, skipBlanks } from './columns.js';
import type { ListingDialect } from './dialect.js';
import { dayPartsOf, dosDay } from './dos-day.js';
import type { FileEntry } from './file-entry.js';
import { HeldReader, type OpenRows } from './held-reader.js';
import { LeastGap } from './least-gap.js';
import type { ServerClock } from './server-clock.js';
import { exactSize } from './size-column.js';

const MAX_WORDS = 7;
/** Behind a time with seconds: a row of OS/400 without an owner. */
const OS400_TYPE = /^ *\*[A-Z]/;

export const os2: ListingDialect = /* @__PURE__ */ Object.freeze({
  dialect: 'os2',
  open: (clock: ServerClock) => new HeldReader(new Os2Rows(clock)),
});

class Os2Rows implements OpenRows {
  readonly #clock: ServerClock;
  readonly #columns = new Columns(MAX_WORDS);
  readonly #gaps = new LeastGap(1);

  constructor(clock: ServerClock) {
    this.#clock = clock;
  }

  get isDecided(): boolean {
    return this.#gaps.isDecided;
  }

  learn(line: string): boolean | undefined {
    const dateAt = this.#dateAt(line);
    return dateAt === undefined ? undefined : this.#gaps.learn(this.#gap(dateAt));
  }

  decide(): void {
    this.#gaps.decide();
  }

  entry(line: string): FileEntry | undefined {
    const dateAt = this.#dateAt(line);
    const columns = this.#columns;
    const listed = dateAt === undefined ? undefined : dosDay(columns.text(dateAt));
    const clock = dateAt === undefined ? undefined : clockOf(columns.text(dateAt + 1));
    if (dateAt === undefined || listed === undefined || clock === undefined) return undefined;
    const day = dayPartsOf(listed, false);
    const name = line.slice(columns.end(dateAt + 1) + this.#gaps.before(this.#gap(dateAt)));
    if (name === '' || (clock.precision === 'second' && OS400_TYPE.test(name))) return undefined;
    const isDirectory = columns.text(dateAt - 1) === 'DIR';
    return {
      name,
      kind: isDirectory ? 'directory' : 'file',
      size: isDirectory ? undefined : exactSize(columns.text(0)),
      ...this.#clock.time(utcMs(day.year, { ...day, ...clock }), clock.precision),
      dialect: 'os2',
      raw: line,
    };
  }

  /** The word that is the date: behind the size, the attributes and `DIR`. */
  #dateAt(line: string): number | undefined {
    const columns = this.#columns.split(line);
    if (exactSize(columns.text(0)) === undefined) return undefined;
    for (let at = 1; at <= 3; at += 1) {
      const text = columns.text(at);
      if (dosDay(text) !== undefined) return clockOf(columns.text(at + 1)) === undefined ? undefined : at;
      if (!/^[A-Z]{1,6}$/.test(text)) return undefined;
    }
    return undefined;
  }

  #gap(dateAt: number): number {
    const end = this.#columns.end(dateAt + 1);
    return skipBlanks(this.#columns.line, end) - end;
  }
}

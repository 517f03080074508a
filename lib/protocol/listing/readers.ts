/**
 * Holds the readers of one listing. It tries the dialect of the last row first, and then the others.
 *
 * A reader may keep rows until others of its dialect decide. Later rows, of other dialects or unread, wait behind those, so that the order
 * of the lines stays. When 64 rows wait, each reader settles its rows by the rows that it has seen.
 */
import { type DialectReader, isSettledList, type ListingDialect, type Reading, type Settled } from './dialect.js';
import type { Dialect, FileEntry, ListingRow } from './file-entry.js';
import { RowOrder, type RowPlace } from './row-order.js';
import type { ServerClock } from './server-clock.js';

/** When so many rows wait, they are settled. */
export const MAX_HELD_ROWS = 64;
const NOTHING: readonly ListingRow[] = /* @__PURE__ */ Object.freeze([]);

/** One line gives its entry, or earlier rows with it. It gives `undefined` if no dialect reads the line. */
export type RowsNow = FileEntry | readonly ListingRow[] | 'ignored' | undefined;

/** The reader of one dialect for this listing, opened when it is first needed. */
interface Candidate {
  readonly dialect: Dialect;
  readonly reader: DialectReader;
  /** The places of the lines that it keeps. */
  readonly kept: RowPlace[];
}

export class DialectReaders {
  readonly #clock: ServerClock;
  readonly #dialects: readonly ListingDialect[];
  readonly #candidates = new Map<ListingDialect, Candidate>();
  readonly #order = new RowOrder();
  #usual: Candidate | undefined;
  /** So many rows of this listing wait elsewhere. */
  waitingElsewhere = 0;

  constructor(clock: ServerClock, dialects: readonly ListingDialect[]) {
    this.#clock = clock;
    this.#dialects = dialects;
  }

  /** The dialect of the last row. */
  get usual(): Dialect | undefined {
    return this.#usual?.dialect;
  }

  /** Tries this dialect first from now on. */
  use(dialect: ListingDialect): void {
    this.#usual = this.#open(dialect);
  }

  read(line: string): RowsNow {
    const usual = this.#usual;
    const reading = usual?.reader.read(line);
    return usual === undefined || reading === undefined ? this.#readOtherwise(line) : this.#rowsNow(usual, reading);
  }

  /** A row that no dialect reads: it takes its turn. */
  pass(line: string): readonly ListingRow[] {
    if (this.#order.length === 0) return [line];
    this.#order.add(line);
    return this.#take(undefined);
  }

  /** All rows that wait. */
  end(): readonly ListingRow[] {
    for (const { reader, kept } of this.#candidates.values()) settle(kept, reader.end?.() ?? NOTHING);
    return this.#order.take();
  }

  #readOtherwise(line: string): RowsNow {
    for (const dialect of this.#dialects) {
      const candidate = this.#candidates.get(dialect) ?? this.#open(dialect);
      if (candidate === this.#usual) continue;
      const reading = candidate.reader.read(line);
      if (reading === undefined) continue;
      this.#usual = candidate;
      return this.#rowsNow(candidate, reading);
    }
    return undefined;
  }

  #open(dialect: ListingDialect): Candidate {
    const candidate = { dialect: dialect.dialect, reader: dialect.open(this.#clock), kept: [] };
    this.#candidates.set(dialect, candidate);
    return candidate;
  }

  #rowsNow(candidate: Candidate, reading: Exclude<Reading, undefined>): RowsNow {
    if (isSettledList(reading)) {
      candidate.kept.push(this.#order.add());
      settle(candidate.kept, reading);
    } else {
      if (this.#order.length === 0 || reading === 'ignored') return reading;
      this.#order.add(reading);
    }
    return this.#take(candidate);
  }

  #take(latest: Candidate | undefined): readonly ListingRow[] {
    const rows = this.#order.take();
    if (this.#order.length + this.waitingElsewhere < MAX_HELD_ROWS) return rows;
    for (const candidate of this.#candidates.values()) {
      const { reader, kept } = candidate;
      if (kept.length > 0) settle(kept, reader.interrupt?.(candidate === latest) ?? reader.end?.() ?? NOTHING);
    }
    return [...rows, ...this.#order.take()];
  }
}

/** The first of the lines that were kept became this. */
function settle(kept: RowPlace[], items: readonly Settled[]): void {
  const places = kept.splice(0, items.length);
  for (const [index, place] of places.entries()) place.settled = items[index];
}

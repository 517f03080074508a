/**
 * The readers of one listing. The dialect of the last row is tried first; a row that it does not read is offered to the others.
 *
 * A reader may keep rows until others of its dialect decide. Where rows of other dialects come, or rows that none reads, it gives
 * what it keeps after 64 of them.
 */
import type { DialectReader, ListingDialect, Reading } from './dialect.js';
import type { Dialect, ListingRow } from './file-entry.js';
import { MAX_HELD_ROWS } from './held-reader.js';
import type { ServerClock } from './server-clock.js';

const NOTHING: readonly ListingRow[] = /* @__PURE__ */ Object.freeze([]);

/** One dialect's reader of this listing, opened when it is first needed. */
interface Candidate {
  readonly dialect: Dialect;
  readonly reader: DialectReader;
}

export class DialectReaders {
  readonly #clock: ServerClock;
  readonly #dialects: readonly ListingDialect[];
  readonly #candidates = new Map<ListingDialect, Candidate>();
  #usual: Candidate | undefined;
  /** After so many lines the readers give what they keep; `undefined` while all lines are of one dialect. */
  #linesLeft: number | undefined;

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

  read(line: string): Reading {
    return this.readAsUsual(line) ?? this.#readOtherwise(line);
  }

  /** Reads a line by the dialect of the last row alone. */
  readAsUsual(line: string): Reading {
    return this.#usual?.reader.read(line);
  }

  /** The rows that were kept for too long. Called once for each line, when it was read. */
  late(reading: Reading): readonly ListingRow[] {
    if (this.#linesLeft === undefined) return NOTHING;
    this.#linesLeft -= 1;
    if (this.#linesLeft > 0) return NOTHING;
    this.#linesLeft = undefined;
    // The reader of this line counts its rows itself.
    return this.#keptExceptBy(reading === undefined ? undefined : this.#usual);
  }

  /** All rows that are kept. */
  end(): readonly ListingRow[] {
    return this.#keptExceptBy(undefined);
  }

  #readOtherwise(line: string): Reading {
    if (this.#usual !== undefined) this.#linesLeft ??= MAX_HELD_ROWS;
    for (const dialect of this.#dialects) {
      const candidate = this.#candidates.get(dialect) ?? this.#open(dialect);
      if (candidate === this.#usual) continue;
      const reading = candidate.reader.read(line);
      if (reading === undefined) continue;
      this.#usual = candidate;
      return reading;
    }
    return undefined;
  }

  #open(dialect: ListingDialect): Candidate {
    const candidate = { dialect: dialect.dialect, reader: dialect.open(this.#clock) };
    this.#candidates.set(dialect, candidate);
    return candidate;
  }

  #keptExceptBy(one: Candidate | undefined): readonly ListingRow[] {
    const others = [...this.#candidates.values()].filter((candidate) => candidate !== one);
    return others.flatMap(({ reader }) => reader.end?.() ?? NOTHING);
  }
}

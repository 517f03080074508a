/**
 * Keeps the rows of one listing in the order of their lines. Some lines wait until others decide how to read them.
 *
 * As soon as one line waits, each line has a place. Rows leave from the front, up to the first line that still waits.
 */
import type { Settled } from './dialect.js';
import type { ListingRow } from './file-entry.js';

const NOTHING: readonly ListingRow[] = /* @__PURE__ */ Object.freeze([]);

/** The place of one line; `undefined` while it waits. */
export interface RowPlace {
  settled: Settled | undefined;
}

export class RowOrder {
  readonly #places: RowPlace[] = [];

  /** The number of lines that have not left, those behind a waiting one included. */
  get length(): number {
    return this.#places.length;
  }

  /** Adds the next line; without `settled` it waits. */
  add(settled?: Settled): RowPlace {
    const place: RowPlace = { settled };
    this.#places.push(place);
    return place;
  }

  /** The rows that wait for no line before them. They leave. */
  take(): readonly ListingRow[] {
    const first = this.#places.findIndex(({ settled }) => settled === undefined);
    if (first === 0) return NOTHING;
    const places = this.#places.splice(0, first === -1 ? this.#places.length : first);
    return places.flatMap(({ settled }): readonly ListingRow[] | ListingRow => settled ?? NOTHING);
  }
}

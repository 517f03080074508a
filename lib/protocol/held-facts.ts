/**
 * Holds rows of one machine-readable listing until they can be read. If a row leaves open where its facts end, it waits until another row
 * shows that. Later rows wait too, so that the order stays.
 */
import type { LastFact } from './last-fact.js';

/** When so many rows wait, they are read as the standard says. */
const MAX_HELD_ROWS = 64;
const NOTHING: readonly string[] = /* @__PURE__ */ Object.freeze([]);

export class HeldFacts {
  readonly #lastFact: LastFact;
  #held: string[] = [];

  constructor(lastFact: LastFact) {
    this.#lastFact = lastFact;
  }

  /** Whether no row waits, and none will. */
  get isDecided(): boolean {
    return this.#lastFact.habit !== undefined && this.#held.length === 0;
  }

  /** Takes the next row. Returns the rows that can be read now. */
  take(line: string): readonly string[] {
    const isOpen = this.#lastFact.learn(line);
    if (!isOpen && this.#held.length === 0) return [line];
    this.#held.push(line);
    return this.#lastFact.habit !== undefined || this.#held.length >= MAX_HELD_ROWS ? this.end() : NOTHING;
  }

  /** All rows that wait. */
  end(): readonly string[] {
    const lines = this.#held;
    if (lines.length === 0) return lines;
    this.#held = [];
    this.#lastFact.decide();
    return lines;
  }
}

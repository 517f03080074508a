/**
 * Computes the recent rate of a transfer: over the last five seconds, or since its beginning if that is shorter.
 *
 * Its owner reports the count now and then. It keeps some ten of these counts, and has no timer. The average since the beginning would take
 * minutes to show that a link has become slower.
 */

/** The rate is measured over so much time. */
const WINDOW_MS = 5_000;
/** Least time between two counts that are kept. */
const STEP_MS = 500;

/** The number of moved bytes at a moment. */
interface Count {
  readonly at: number;
  readonly bytes: number;
}

export class RecentRate {
  /** The newest that is a whole window old, else that of the beginning. */
  #oldest: Count;
  #newest: Count;
  /** The counts after the oldest. */
  readonly #later: Count[] = [];

  /** Of a transfer that begins now; times are in milliseconds. */
  constructor(now: number) {
    this.#oldest = { at: now, bytes: 0 };
    this.#newest = this.#oldest;
  }

  /** Takes the count of this moment; gives the bytes per second up to it, 0 until time has passed. */
  measure(now: number, bytes: number): number {
    this.#forgetBefore(now - WINDOW_MS);
    const { at, bytes: before } = this.#oldest;
    if (now - this.#newest.at >= STEP_MS) {
      this.#newest = { at: now, bytes };
      this.#later.push(this.#newest);
    }
    // A wall clock may be set back.
    return now <= at ? 0 : ((bytes - before) * 1000) / (now - at);
  }

  #forgetBefore(time: number): void {
    for (let next = this.#later[0]; next !== undefined && next.at <= time; next = this.#later[0]) {
      this.#oldest = next;
      this.#later.shift();
    }
  }
}

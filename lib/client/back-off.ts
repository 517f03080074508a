/**
 * Computes the wait of a client between a failed connection and the next login: exponential back-off with full jitter. The wait is a random
 * time; its bound doubles with each failure in a row. Clients that failed together do not return together.
 */
export interface BackOffDelays {
  /** The bound of the first wait. */
  readonly delayMs: number;
  /** The bound of any wait. */
  readonly maxDelayMs: number;
}

export class BackOff {
  readonly #delays: BackOffDelays;
  #failures = 0;

  constructor(delays: BackOffDelays) {
    this.#delays = delays;
  }

  /** The last connection has failed. */
  get failing(): boolean {
    return this.#failures > 0;
  }

  /** Counts one failure, and returns how long to wait, in milliseconds. */
  fail(): number {
    const { delayMs, maxDelayMs } = this.#delays;
    // A bound of 0 would never grow: then a client could log in without a pause for ever.
    const bound = Math.max(1, delayMs) * 2 ** this.#failures;
    this.#failures += 1;
    return Math.random() * Math.min(maxDelayMs, bound);
  }

  /** A connection was good: the next failure is the first one again. */
  reset(): void {
    this.#failures = 0;
  }
}

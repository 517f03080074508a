/**
 * Gives the time to a client and to all modules below it. The client passes one clock down. No other module reads the system's time.
 */

export interface Clock {
  /** Milliseconds; the value never goes back, and only differences count. */
  readonly now: () => number;
  /** Milliseconds since 1970, with fractions; the value never goes back either. */
  readonly at: () => number;
  /** The current date and time of day, as people set it. */
  readonly today: () => Date;
}

export const SYSTEM_CLOCK: Clock = /* @__PURE__ */ Object.freeze({
  now: () => performance.now(),
  at: () => performance.timeOrigin + performance.now(),
  today: () => new Date(),
});

/**
 * The time, as a client and all below it take it. The client passes one clock down. This is the only module that reads the
 * system's.
 */

export interface Clock {
  /** Milliseconds; it never goes back, and only differences count. */
  readonly now: () => number;
  /** Milliseconds since 1970, with fractions; it never goes back either. */
  readonly at: () => number;
  /** The date of today and the time of day, as people set it. */
  readonly today: () => Date;
}

export const SYSTEM_CLOCK: Clock = /* @__PURE__ */ Object.freeze({
  now: () => performance.now(),
  at: () => performance.timeOrigin + performance.now(),
  today: () => new Date(),
});

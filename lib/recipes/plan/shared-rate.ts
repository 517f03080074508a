/** Shares one limit of bytes per second among any number of transfers. */

/** So much may pass at once after a pause. */
const BURST_MS = 100;

/** The clock and timer; a spec has its own. */
export interface RateClock {
  readonly now: () => number;
  /** Returns what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
}

const SYSTEM: RateClock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export class SharedRate {
  readonly #bytesPerMs: number;
  readonly #clock: RateClock;
  /** The time when all passed bytes are paid for. */
  #paidAt = Number.NEGATIVE_INFINITY;

  constructor(bytesPerSecond: number, clock: RateClock = SYSTEM) {
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#clock = clock;
  }

  /** Resolves when so many bytes may pass, in the order of the calls. Rejects with the signal's reason. */
  pass(bytes: number, signal?: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    this.#paidAt = Math.max(this.#paidAt, now - BURST_MS) + bytes / this.#bytesPerMs;
    const waitMs = this.#paidAt - now;
    if (waitMs <= 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.#clock.after(waitMs, () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      });
      signal?.addEventListener('abort', leave, { once: true });
      if (signal?.aborted === true) leave();
    });
  }
}

import type { RestingTimers, TimeLimit } from '../net/resting-timers.js';

/**
 * Tells when nothing has moved for too long. It runs only while something should move: not while the consumer holds the
 * socket, nor while an upload's source has nothing to send.
 */
export class StallTimer {
  readonly #timers: RestingTimers;
  readonly #ms: number;
  readonly #onStall: () => void;
  #limit: TimeLimit | undefined;

  constructor(timers: RestingTimers, ms: number, onStall: () => void) {
    this.#timers = timers;
    this.#ms = ms;
    this.#onStall = onStall;
  }

  /** Does nothing while it runs. */
  start(): void {
    this.#limit ??= this.#timers.start(this.#ms, this.#onStall);
  }

  /** Something has moved; does nothing while the timer does not run. */
  moved(): void {
    this.#timers.refresh(this.#limit);
  }

  stop(): void {
    this.#timers.stop(this.#limit);
    this.#limit = undefined;
  }
}

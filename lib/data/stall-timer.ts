import type { RestingTimers, TimeLimit } from '../net/resting-timers.js';

/**
 * Tells when nothing has moved for too long. It runs only while something should move: not while the consumer holds the
 * socket, nor while an upload's source has nothing to send.
 */
export class StallTimer {
  readonly #timers: RestingTimers;
  readonly #ms: number;
  readonly #onStall: () => void;
  #started = false;
  #held = false;
  #limit: TimeLimit | undefined;

  constructor(timers: RestingTimers, ms: number, onStall: () => void) {
    this.#timers = timers;
    this.#ms = ms;
    this.#onStall = onStall;
  }

  /** From now on something should move; does nothing while it runs. */
  start(): void {
    this.#started = true;
    this.#run();
  }

  /** Something has moved; does nothing while the timer does not run. */
  moved(): void {
    this.#timers.refresh(this.#limit);
  }

  stop(): void {
    this.#started = false;
    this.#rest();
  }

  /** The consumer wants nothing until `release`, whether the timer was started or will be. */
  hold(): void {
    this.#held = true;
    this.#rest();
  }

  release(): void {
    this.#held = false;
    this.#run();
  }

  #run(): void {
    if (this.#started && !this.#held) this.#limit ??= this.#timers.start(this.#ms, this.#onStall);
  }

  #rest(): void {
    this.#timers.stop(this.#limit);
    this.#limit = undefined;
  }
}

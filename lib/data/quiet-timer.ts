import type { TimeLimit, TimerPool } from '../net/timer-pool.js';

/** Tells each time the control connection was silent for so long, until its owner ends it. */
export class QuietTimer {
  readonly #timers: TimerPool;
  readonly #ms: number;
  readonly #onQuiet: () => void;
  #limit: TimeLimit;

  /** The time counts from now on. */
  constructor(timers: TimerPool, ms: number, onQuiet: () => void) {
    this.#timers = timers;
    this.#ms = ms;
    this.#onQuiet = onQuiet;
    this.#limit = this.#start();
  }

  /** Something was sent or received. */
  heard(): void {
    this.#timers.refresh(this.#limit);
  }

  end(): void {
    this.#timers.stop(this.#limit);
  }

  #start(): TimeLimit {
    return this.#timers.start(this.#ms, () => {
      this.#limit = this.#start();
      this.#onQuiet();
    });
  }
}

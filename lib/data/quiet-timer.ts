import type { RestingTimers, TimeLimit } from '../net/resting-timers.js';

/** Tells each time nothing was sent or received for so long, until it is ended. */
export class QuietTimer {
  readonly #timers: RestingTimers;
  readonly #ms: number;
  readonly #onQuiet: () => void;
  #limit: TimeLimit;

  /** The time counts from now on. */
  constructor(timers: RestingTimers, ms: number, onQuiet: () => void) {
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

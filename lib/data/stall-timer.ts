import type { TimeLimit, TimerPool } from '../net/timer-pool.js';
import type { RateTimer } from './rate-timer.js';

/**
 * Tells when nothing has moved for too long. It runs only while something should move. It rests while the consumer holds the socket, and
 * while an upload's source has nothing to send. A timer for the least rate, if there is one, goes along.
 */
export class StallTimer {
  readonly #timers: TimerPool;
  readonly #ms: number;
  readonly #onStall: () => void;
  #started = false;
  #held = false;
  #limit: TimeLimit | undefined;

  readonly #rate: RateTimer | undefined;

  constructor(timers: TimerPool, ms: number, onStall: () => void, rate?: RateTimer) {
    this.#rate = rate;
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

  /** The transfer is over. */
  end(): void {
    if (this.#started) this.stop();
    this.#rate?.end();
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
    if (!this.#started || this.#held) return;
    this.#limit ??= this.#timers.start(this.#ms, this.#onStall);
    this.#rate?.run();
  }

  #rest(): void {
    if (this.#limit !== undefined) this.#timers.stop(this.#limit);
    this.#limit = undefined;
    this.#rate?.rest();
  }
}

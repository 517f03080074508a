/**
 * Tells when a transfer moves too little in a window of time. It counts only time in which bytes should move. The timer itself runs on
 * meanwhile; when it fires, it waits for the rest of the window. So starting and stopping it, which an upload does for every chunk, only
 * reads the clock.
 */
import type { MinRate } from '../control/min-rate.js';

export class RateTimer {
  readonly #rate: MinRate;
  readonly #bytes: () => number;
  readonly #onSlow: (moved: number) => void;
  readonly #now: () => number;
  /** The number of moved bytes when this window began. */
  #before: number;
  /** The part of the window that has passed, up to `#since`. */
  #passedMs = 0;
  /** Since when bytes should move; undefined while none should. */
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `bytes` is the running count; `onSlow` is called once, with the number of bytes that moved in a window. */
  constructor(rate: MinRate, bytes: () => number, onSlow: (moved: number) => void, now: () => number) {
    this.#rate = rate;
    this.#bytes = bytes;
    this.#onSlow = onSlow;
    this.#now = now;
    this.#before = bytes();
  }

  /** From now on bytes should move. */
  run(): void {
    this.#since ??= this.#now();
    this.#wait();
  }

  /** None should until `run`. */
  rest(): void {
    this.#passedMs = this.#passed();
    this.#since = undefined;
  }

  /** The transfer is over. */
  end(): void {
    this.rest();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #passed(): number {
    return this.#since === undefined ? this.#passedMs : this.#passedMs + this.#now() - this.#since;
  }

  #wait(): void {
    if (this.#since === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        if (this.#passed() >= this.#rate.overMs) this.#judge();
        else this.#wait();
      },
      Math.max(1, Math.ceil(this.#rate.overMs - this.#passed())),
    );
  }

  #judge(): void {
    const { bytesPerSecond, overMs } = this.#rate;
    const moved = this.#bytes() - this.#before;
    if (moved * 1000 < bytesPerSecond * overMs) {
      this.#onSlow(moved);
      return;
    }
    this.#before += moved;
    this.#passedMs = 0;
    if (this.#since !== undefined) this.#since = this.#now();
    this.#wait();
  }
}

/** Decides when the finished ranges go to the disk: after so many bytes, or so much time, one at a time. */

const EVERY_BYTES = 8 * 1024 * 1024;
const EVERY_MS = 5_000;

export class CheckpointClock {
  readonly #now: () => number;
  #bytes = 0;
  #lastAt: number;
  #isBusy = false;

  /** `now` is in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#lastAt = now();
  }

  /** So many bytes have come. */
  add(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Whether it is time now; then it is not before `end`. */
  begin(): boolean {
    const isDue = this.#bytes >= EVERY_BYTES || (this.#bytes > 0 && this.#now() - this.#lastAt >= EVERY_MS);
    if (this.#isBusy || !isDue) return false;
    this.#isBusy = true;
    this.#bytes = 0;
    return true;
  }

  end(): void {
    this.#isBusy = false;
    this.#lastAt = this.#now();
  }
}

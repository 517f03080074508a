/**
 * Holds the one timer of a client. It runs only while an operation waits for a login, and keeps the process alive.
 *
 * It is the client's clock too. A moment that the timer has reached is past, even if the timer fired a little early.
 */
export class WaitTimer {
  #timeout: NodeJS.Timeout | undefined;
  #at = 0;
  #reached = 0;
  readonly #clock: () => number;

  /** `clock` is in milliseconds; it never goes back. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** The current time of the clock. */
  get now(): number {
    return Math.max(this.#clock(), this.#reached);
  }

  get runs(): boolean {
    return this.#timeout !== undefined;
  }

  /** Calls `callback` at that moment; replaces an earlier call. */
  set(at: number, callback: () => void): void {
    if (this.runs && this.#at === at) return;
    this.clear();
    this.#at = at;
    this.#timeout = setTimeout(() => {
      this.#timeout = undefined;
      this.#reached = at;
      callback();
    }, at - this.now);
  }

  /** The same; `Infinity`: at no moment. */
  setOrClear(at: number, callback: () => void): void {
    if (Number.isFinite(at)) this.set(at, callback);
    else this.clear();
  }

  clear(): void {
    if (this.#timeout !== undefined) clearTimeout(this.#timeout);
    this.#timeout = undefined;
  }
}

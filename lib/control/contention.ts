/**
 * Tracks contention for a session: other work waits for it. Work that runs there learns of it if it could end sooner, or if its user
 * holds it.
 */
export class Contention {
  readonly #now: () => number;
  readonly #callbacks = new Set<() => void>();
  /** Since when there is any, without a break. */
  #since = 0;
  /** The longest such time that is over. */
  #longestMs = 0;

  /** `now` is the clock, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get any(): boolean {
    return this.#callbacks.size > 0;
  }

  /** Whether there is any, and was for so long without a break, up to now or before that. */
  lasts(ms: number): boolean {
    return this.any && Math.max(this.#longestMs, this.#now() - this.#since) >= ms;
  }

  /** For how long there is any now, without a break; undefined if there is none. */
  get lastsMs(): number | undefined {
    return this.any ? this.#now() - this.#since : undefined;
  }

  /** `callback` is called whenever other work waits. The returned function ends that. */
  add(callback: () => void): () => void {
    if (!this.any) this.#since = this.#now();
    this.#callbacks.add(callback);
    return () => {
      if (!this.#callbacks.delete(callback) || this.any) return;
      this.#longestMs = Math.max(this.#longestMs, this.#now() - this.#since);
    };
  }

  /** Other work waits. */
  tell(): void {
    for (const callback of [...this.#callbacks]) callback();
  }

  /** Other work begins: earlier marks do not count any more. */
  reset(): void {
    this.#longestMs = 0;
  }
}

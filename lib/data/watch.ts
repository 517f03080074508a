/**
 * Lets a script wait until what it looks at has changed: `until` holds a predicate against the state, `changed` says
 * that the state may have moved. Many independent events, one readable line of waiting.
 */
import type { RestingTimers, TimeLimit } from '../net/resting-timers.js';

export class Watch {
  readonly #timers: RestingTimers;
  readonly #waiting = new Set<() => void>();
  #failure: Error | undefined;

  constructor(timers: RestingTimers) {
    this.#timers = timers;
  }

  changed(): void {
    for (const look of this.#waiting) look();
  }

  /** There is nothing to wait for any more: every wait rejects with `failure`, those of later too. */
  giveUp(failure: Error): void {
    this.#failure = failure;
    this.changed();
  }

  /** Resolves with true once `holds` does (at once where it does already), with false after `timeoutMs`. */
  until(holds: () => boolean, timeoutMs?: number): Promise<boolean> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (holds()) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      let limit: TimeLimit | undefined;
      const look = (): void => {
        if (this.#failure !== undefined) reject(this.#failure);
        else if (holds()) resolve(true);
        else return;
        this.#timers.stop(limit);
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      if (timeoutMs === undefined) return;
      limit = this.#timers.start(timeoutMs, () => {
        this.#waiting.delete(look);
        resolve(false);
      });
    });
  }
}

/**
 * Lets a script wait until what it looks at has changed: `until` holds a predicate against the state, `changed` says
 * that the state may have moved. Many independent events, one readable line of waiting.
 */
import type { RestingTimers, TimeLimit } from '../net/resting-timers.js';

export class Watch {
  readonly #timers: RestingTimers;
  readonly #waiting = new Set<() => void>();

  constructor(timers: RestingTimers) {
    this.#timers = timers;
  }

  changed(): void {
    for (const look of this.#waiting) look();
  }

  /** Resolves with true once `holds` does (at once where it does already), with false after `timeoutMs`. */
  until(holds: () => boolean, timeoutMs?: number): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    return new Promise((resolve) => {
      let limit: TimeLimit | undefined;
      const settle = (held: boolean): void => {
        limit?.stop();
        this.#waiting.delete(look);
        resolve(held);
      };
      const look = (): void => {
        if (holds()) settle(true);
      };
      this.#waiting.add(look);
      if (timeoutMs !== undefined) limit = this.#timers.start(timeoutMs, () => settle(false));
    });
  }
}

/**
 * The time limits of one control connection, by timers that rest instead of being cleared.
 *
 * Nearly every limit is stopped before it has passed, and the next one of the same length begins soon. Node takes thirty
 * calls to make a timer and to clear it again; one that rests stays in Node's list, keeps no process alive, and is
 * refreshed for the next limit. If none comes, it fires into nothing, once. No more than one of each length rests, and a
 * few in all; none when the connection is closed.
 */

/** One limit, from its start on: its timer may run for another by now. */
export interface TimeLimit {
  readonly timer: Timer;
  readonly onPassed: () => void;
}

/** One of Node's timers, and the limit that it runs for; none while it rests. */
interface Timer {
  readonly ms: number;
  readonly timeout: NodeJS.Timeout;
  limit: TimeLimit | undefined;
}

/** Of a connection's own limits there are five lengths at most; those that an abort reckons are all different. */
const MOST_RESTING = 8;

export class RestingTimers {
  /** By their length; the timer that has rested longest comes first. */
  readonly #resting = new Map<number, Timer>();
  #closed = false;

  /** Calls `onPassed` in `ms`, once, unless the limit is stopped before; also when the connection is closed by now. */
  start(ms: number, onPassed: () => void): TimeLimit {
    const rested = this.#resting.get(ms);
    if (rested !== undefined) {
      this.#resting.delete(ms);
      rested.timeout.refresh().ref();
    }
    const timer = rested ?? this.#make(ms);
    timer.limit = { timer, onPassed };
    return timer.limit;
  }

  /** Begins to count again; does nothing for a limit that has passed or was stopped. */
  refresh(limit: TimeLimit | undefined): void {
    if (limit !== undefined && limit.timer.limit === limit) limit.timer.timeout.refresh();
  }

  /** Does nothing for a limit that has passed or was stopped. */
  stop(limit: TimeLimit | undefined): void {
    if (limit === undefined || limit.timer.limit !== limit) return;
    const { timer } = limit;
    timer.limit = undefined;
    if (this.#closed || this.#resting.has(timer.ms)) {
      clearTimeout(timer.timeout);
      return;
    }
    timer.timeout.unref();
    this.#resting.set(timer.ms, timer);
    if (this.#resting.size > MOST_RESTING) this.#dropOldest();
  }

  /** Nothing rests any more; a limit that runs is cleared when it is stopped. */
  close(): void {
    this.#closed = true;
    for (const { timeout } of this.#resting.values()) clearTimeout(timeout);
    this.#resting.clear();
  }

  #make(ms: number): Timer {
    const timeout = setTimeout(() => {
      const { limit } = timer;
      this.stop(limit);
      limit?.onPassed();
    }, ms);
    const timer: Timer = { ms, timeout, limit: undefined };
    return timer;
  }

  #dropOldest(): void {
    for (const { ms, timeout } of this.#resting.values()) {
      clearTimeout(timeout);
      this.#resting.delete(ms);
      return;
    }
  }
}

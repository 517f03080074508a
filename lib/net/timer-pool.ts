/**
 * Holds the clock and the time limits of one control connection. Timers of the limits rest instead of being cleared.
 *
 * Nearly every limit stops before it has passed, and the next one of the same length begins soon. Node needs thirty calls to make a timer
 * and to clear it again. A resting timer stays in Node's list, keeps no process alive, and is refreshed for the next limit. If none comes,
 * it fires once, without effect. At most two of each length rest. A transfer waits for its reply while the client asks for the next port.
 * Few rest in all, and none when the connection is closed.
 */

/** One limit, from its start on: its timer may serve another by now. */
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
const MOST_OF_A_LENGTH = 2;

export class TimerPool {
  readonly now: () => number;
  /** By their length, two of each at most, and none where they run; the length that rested first comes first. */
  readonly #resting = new Map<number, Timer[]>();
  #restingCount = 0;
  #closed = false;

  /** `now` is the clock, in milliseconds; it never goes back. */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Calls `onPassed` in `ms`, once, unless the limit is stopped before; also when the connection is closed by now. */
  start(ms: number, onPassed: () => void): TimeLimit {
    const timer = this.#resting.get(ms)?.pop();
    if (timer === undefined) return this.#make(ms, onPassed);
    this.#restingCount -= 1;
    timer.timeout.refresh().ref();
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
    limit.timer.limit = undefined;
    if (this.#closed) clearTimeout(limit.timer.timeout);
    else this.#rest(limit.timer);
  }

  #rest(timer: Timer): void {
    const sameLength = this.#resting.get(timer.ms) ?? this.#begin(timer.ms);
    if (sameLength.length === MOST_OF_A_LENGTH) {
      clearTimeout(timer.timeout);
      return;
    }
    timer.timeout.unref();
    sameLength.push(timer);
    this.#restingCount += 1;
    if (this.#restingCount > MOST_RESTING) this.#dropOldest();
  }

  #begin(ms: number): Timer[] {
    const sameLength: Timer[] = [];
    this.#resting.set(ms, sameLength);
    return sameLength;
  }

  /** Nothing rests any more; a limit that runs is cleared when it is stopped. */
  close(): void {
    this.#closed = true;
    for (const timers of this.#resting.values()) for (const { timeout } of timers) clearTimeout(timeout);
    this.#resting.clear();
    this.#restingCount = 0;
  }

  #make(ms: number, onPassed: () => void): TimeLimit {
    const timeout = setTimeout(() => {
      const { limit } = timer;
      this.stop(limit);
      limit?.onPassed();
    }, ms);
    const timer: Timer = { ms, timeout, limit: undefined };
    timer.limit = { timer, onPassed };
    return timer.limit;
  }

  #dropOldest(): void {
    for (const [ms, timers] of this.#resting) {
      const timer = timers.pop();
      if (timers.length === 0) this.#resting.delete(ms);
      if (timer === undefined) continue;
      clearTimeout(timer.timeout);
      this.#restingCount -= 1;
      return;
    }
  }
}

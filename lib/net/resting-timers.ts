/**
 * The time limits of one control connection, by timers that rest instead of being cleared.
 *
 * Nearly every limit is stopped before it has passed, and the next one of the same length begins soon. Node takes thirty
 * calls to make a timer and to clear it again; one that rests stays in Node's list, keeps no process alive, and is
 * refreshed for the next limit. If none comes, it fires into nothing, once. No more than one of each length rests, and a
 * few in all; none when the connection is closed.
 */

/** Of a connection's own limits there are five lengths at most; those that an abort reckons are all different. */
const MOST_RESTING = 8;

export class RestingTimers {
  /** By their length; who has rested longest comes first. */
  readonly #resting = new Map<number, Timer>();
  #closed = false;

  /** Calls `onPassed` in `ms`, once, unless the limit is stopped before; also when the connection is closed by now. */
  start(ms: number, onPassed: () => void): TimeLimit {
    const timer = this.#resting.get(ms);
    if (timer === undefined) return new TimeLimit(new Timer(ms, (stopped) => this.#rest(stopped)), onPassed);
    this.#resting.delete(ms);
    timer.timeout.refresh().ref();
    return new TimeLimit(timer, onPassed);
  }

  /** Nothing rests any more; a limit that runs is cleared when it is stopped. */
  close(): void {
    this.#closed = true;
    for (const { timeout } of this.#resting.values()) clearTimeout(timeout);
    this.#resting.clear();
  }

  #rest(timer: Timer): void {
    if (this.#closed || this.#resting.has(timer.ms)) {
      clearTimeout(timer.timeout);
      return;
    }
    timer.timeout.unref();
    this.#resting.set(timer.ms, timer);
    if (this.#resting.size > MOST_RESTING) this.#dropOldest();
  }

  #dropOldest(): void {
    for (const { ms, timeout } of this.#resting.values()) {
      clearTimeout(timeout);
      this.#resting.delete(ms);
      return;
    }
  }
}

/** One limit, from its start on; what is done to it when it has passed or was stopped does nothing. */
export class TimeLimit {
  readonly onPassed: () => void;
  readonly #timer: Timer;

  constructor(timer: Timer, onPassed: () => void) {
    this.#timer = timer;
    this.onPassed = onPassed;
    timer.limit = this;
  }

  /** Counts from now on. */
  refresh(): void {
    if (this.#timer.limit === this) this.#timer.timeout.refresh();
  }

  stop(): void {
    if (this.#timer.limit === this) this.#timer.rest();
  }
}

/** One of Node's timers, and the limit that it runs for; none while it rests. */
class Timer {
  readonly ms: number;
  readonly timeout: NodeJS.Timeout;
  limit: TimeLimit | undefined;
  readonly #onRest: (timer: Timer) => void;

  constructor(ms: number, onRest: (timer: Timer) => void) {
    this.ms = ms;
    this.#onRest = onRest;
    this.timeout = setTimeout(() => this.#fire(), ms);
  }

  rest(): void {
    this.limit = undefined;
    this.#onRest(this);
  }

  #fire(): void {
    const { limit } = this;
    if (limit === undefined) return;
    this.rest();
    limit.onPassed();
  }
}

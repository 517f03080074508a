/**
 * Runs work under the leases of one lane, from the grant until the connection is in step again.
 *
 * Work is a promise, since it cannot be cancelled half way. Its subscriber can leave at any time: the work's signal then
 * tells it to get into step by the shortest way, in a time that is bounded.
 *
 * What a window sends goes out at the end of the turn. Its work begins no earlier, so that whoever leaves in the turn in
 * which he came has sent nothing.
 */
import type { FtpError } from '../errors.js';
import { type Cancellation, Canceller } from '../net/cancellation.js';
import { type Lane, type LeaseKind, opensData } from './lane.js';

export interface LeaseRunnerOptions {
  readonly lane: Lane;
  /** How long work has to get into step after its subscriber has left, and everybody who shares the connection with it. */
  readonly abortTimeoutMs: number;
  readonly onStart: (kind: LeaseKind) => void;
  /** Nothing is under way but work whose subscribers have left. */
  readonly onCancel: () => void;
  /** The time is up: the connection is to be given up. */
  readonly onOverdue: () => void;
}

interface RunningLease {
  readonly kind: LeaseKind;
  /** Tells the subscriber, unless he has left. */
  readonly end: (error?: unknown) => void;
  /** Tells the work to get into step; with a reason when somebody still listens. */
  readonly cancel: (reason?: FtpError) => void;
}

export class LeaseRunner {
  readonly #options: LeaseRunnerOptions;
  readonly #running = new Set<RunningLease>();
  /** How many of those have not been cancelled. */
  #wanted = 0;
  /** Set while nothing runs but what was cancelled. */
  #bound: NodeJS.Timeout | undefined;

  constructor(options: LeaseRunnerOptions) {
    this.#options = options;
  }

  /** As `LeaseHost.start`. */
  start(kind: LeaseKind, work: (signal: Cancellation) => Promise<void>, ended: (error?: unknown) => void): () => void {
    let over = false;
    let running: RunningLease | undefined;
    const end = (error?: unknown): void => {
      if (over) return;
      over = true;
      ended(error);
    };
    const grant = (release: () => void): void => {
      this.#options.onStart(kind);
      running = this.#run(kind, work, release, end);
    };
    const leave = this.#options.lane.enter(kind, grant, end);
    return () => {
      over = true;
      leave();
      running?.cancel();
    };
  }

  /** Breaks off the transfer that runs; its subscriber gets an error that carries `reason`. */
  interrupt(reason: FtpError): void {
    for (const lease of this.#running) if (opensData(lease.kind)) lease.cancel(reason);
  }

  /** Refuses what waits, ends what runs with `cause`; resolves when all of it is in step. */
  async close(cause: FtpError): Promise<void> {
    const drained = new Promise<void>((resolve) => this.#options.lane.close(cause, resolve));
    for (const lease of this.#running) {
      lease.end(cause);
      lease.cancel();
    }
    await drained;
  }

  #run(
    kind: LeaseKind,
    work: (signal: Cancellation) => Promise<void>,
    release: () => void,
    end: RunningLease['end'],
  ): RunningLease {
    const signal = new Canceller();
    let begun = false;
    const cancel = (reason?: FtpError): void => {
      if (!this.#running.has(lease) || signal.aborted) return;
      if (!begun) {
        finish(reason);
        return;
      }
      this.#wanted -= 1;
      signal.abort(reason);
      this.#watch();
    };
    const finish = (error?: unknown): void => {
      this.#running.delete(lease);
      if (!signal.aborted) this.#wanted -= 1;
      this.#watch();
      release();
      end(error);
    };
    const lease: RunningLease = { kind, end, cancel };
    const begin = (): void => {
      if (!this.#running.has(lease)) return;
      begun = true;
      work(signal).then(() => finish(), finish);
    };
    this.#running.add(lease);
    this.#wanted += 1;
    if (typeof kind === 'number') process.nextTick(begin);
    else begin();
    return lease;
  }

  /** What was cancelled has its time from when nothing else is under way: until then, the time that the others have bounds it too. */
  #watch(): void {
    const { abortTimeoutMs, onCancel, onOverdue } = this.#options;
    if (this.#wanted > 0 || this.#running.size === 0) {
      clearTimeout(this.#bound);
      this.#bound = undefined;
      return;
    }
    if (this.#bound !== undefined) return;
    this.#bound = setTimeout(onOverdue, abortTimeoutMs);
    // Who leaves with the last value (firstValueFrom, take) leaves nothing behind that would have to be aborted.
    process.nextTick(() => {
      if (this.#bound !== undefined) onCancel();
    });
  }
}

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
import type { Lane, LeaseKind } from './lane.js';

export interface LeaseRunnerOptions {
  readonly lane: Lane;
  /** How long work has to get into step after its subscriber has left. */
  readonly abortTimeoutMs: number;
  readonly onStart: (kind: LeaseKind) => void;
  /** Work whose subscriber has left is getting into step. */
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
  /** Aborted by `cancel`. */
  readonly signal: Cancellation;
}

export class LeaseRunner {
  readonly #options: LeaseRunnerOptions;
  readonly #running = new Set<RunningLease>();

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
    for (const lease of this.#running) if (lease.kind === 'transfer') lease.cancel(reason);
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
    const { abortTimeoutMs, onCancel } = this.#options;
    const signal = new Canceller();
    let begun = false;
    let bound: NodeJS.Timeout | undefined;
    const cancel = (reason?: FtpError): void => {
      if (!this.#running.has(lease) || signal.aborted) return;
      if (!begun) {
        finish(reason);
        return;
      }
      // Who leaves with the last value (firstValueFrom, take) leaves nothing behind that would have to be aborted.
      process.nextTick(() => {
        if (this.#running.has(lease)) onCancel();
      });
      bound = setTimeout(() => this.#overdue(), abortTimeoutMs);
      signal.abort(reason);
    };
    const finish = (error?: unknown): void => {
      clearTimeout(bound);
      this.#running.delete(lease);
      release();
      end(error);
    };
    const lease: RunningLease = { kind, end, cancel, signal };
    const begin = (): void => {
      if (!this.#running.has(lease)) return;
      begun = true;
      work(signal).then(() => finish(), finish);
    };
    this.#running.add(lease);
    if (typeof kind === 'number') process.nextTick(begin);
    else begin();
    return lease;
  }

  /** While others of its window still want their replies, the time that those have bounds what was cancelled too. */
  #overdue(): void {
    if ([...this.#running].every(({ signal }) => signal.aborted)) this.#options.onOverdue();
  }
}

/**
 * Runs work under the leases of one lane, from the grant until the connection is in step again.
 *
 * Work is a promise, since it cannot be cancelled half way. Its subscriber can unsubscribe at any time. The work's signal then tells it to
 * get into step by the shortest way, in a bounded time.
 *
 * Work begins a little after its grant: when the code that has subscribed has returned. Shared work begins at the end of the turn, so that
 * its commands leave in one write. A subscriber that unsubscribes before that has sent nothing.
 */
import { type FtpError, FtpTransferError } from '../errors.js';
import { type Cancellation, Canceller } from '../net/cancellation.js';
import { isShared, type Lane, type LeaseKind, opensData } from './lane.js';
import type { WorkEnd } from './task-runner.js';

export interface LeaseRunnerOptions {
  readonly lane: Lane;
  /** The time that work has to get into step when all other work on the connection has ended. */
  readonly abortTimeoutMs: number;
  /** Resolves when work may begin; undefined if it may at once. */
  readonly settle: () => Promise<void> | undefined;
  readonly onStart: (kind: LeaseKind) => void;
  /** Nothing is under way but work whose subscribers have unsubscribed. */
  readonly onCancel: () => void;
  /** The time is up: the connection must be closed. */
  readonly onOverdue: () => void;
}

interface Lease {
  readonly kind: LeaseKind;
  readonly work: (signal: Cancellation) => Promise<void>;
  readonly ended: (end: WorkEnd) => void;
  /** Its failure is reported before its lease ends. */
  readonly failsFirst: boolean;
  /** Tells the work to get into step; with a reason if its subscriber still listens. */
  readonly signal: Canceller;
  /** Its subscriber knows its end, or has unsubscribed. */
  over: boolean;
  begun: boolean;
  /** Its work only gets into step from now on. */
  leaving: boolean;
  /** Gives the lane on; set once it is granted. */
  release?: () => void;
}

/** `NOW.then` calls back when the code that runs has returned. */
const NOW: Promise<void> = /* @__PURE__ */ Promise.resolve();

export class LeaseRunner {
  readonly #options: LeaseRunnerOptions;
  /** The granted leases. */
  readonly #running = new Set<Lease>();
  /** The number of those that do more than get into step. */
  #wanted = 0;
  /** Set while all running work only gets into step: the one time limit of an abort, for any cause. */
  #bound: NodeJS.Timeout | undefined;
  #hasToldCancel = false;

  constructor(options: LeaseRunnerOptions) {
    this.#options = options;
  }

  /**
   * As `TaskRunner.start`. The lane is given on before the end is told. With `failsFirst` the failure is reported before that: the work may
   * then keep its place, and later work must not start.
   */
  start(
    kind: LeaseKind,
    work: (signal: Cancellation) => Promise<void>,
    ended: (end: WorkEnd) => void,
    failsFirst: boolean = false,
  ): () => void {
    const signal = new Canceller();
    const lease: Lease = { kind, work, ended, failsFirst, signal, over: false, begun: false, leaving: false };
    const leave = this.#options.lane.enter(
      kind,
      (release) => this.#run(lease, release),
      (cause) => tell(lease, { error: cause }),
    );
    return () => {
      lease.over = true;
      leave();
      this.#cancel(lease);
    };
  }

  /** Breaks off the transfer that runs; its subscriber gets an error that carries `reason`. */
  interrupt(reason: FtpError): void {
    // Without the work to which its end gives the lane.
    for (const lease of [...this.#running]) if (opensData(lease.kind)) this.#cancel(lease, reason);
  }

  /** The work that has the connection alone only gets into step from now on, and has `abortTimeoutMs` for it. */
  limitAbort(): void {
    for (const lease of this.#running) if (!isShared(lease.kind)) this.#leave(lease);
    this.#watch();
  }

  /** The work that has the connection alone is in step and goes on, unless it was told to stop: this limit is over for it. */
  endAbort(): void {
    for (const lease of this.#running) {
      if (!lease.leaving || lease.signal.aborted || isShared(lease.kind)) continue;
      lease.leaving = false;
      this.#wanted += 1;
      this.#watch();
    }
  }

  /** Refuses what waits, ends what runs with `cause`; resolves when all of it is in step. */
  async close(cause: FtpError): Promise<void> {
    const drained = new Promise<void>((resolve) => this.#options.lane.close(cause, resolve));
    for (const lease of this.#running) {
      tell(lease, { error: cause });
      this.#cancel(lease);
    }
    await drained;
  }

  #run(lease: Lease, release: () => void): void {
    lease.release = release;
    this.#running.add(lease);
    this.#wanted += 1;
    if (isShared(lease.kind)) process.nextTick(() => this.#runSoon(lease));
    else this.#runSoon(lease);
    // At which it may be cancelled already, or more be asked for, which comes after it.
    this.#options.onStart(lease.kind);
  }

  #runSoon(lease: Lease): void {
    void NOW.then(() => this.#runInStep(lease));
  }

  /** Performs the work as soon as the connection is in step, unless it was cancelled by then. */
  #runInStep(lease: Lease): void {
    const settled = this.#options.settle();
    if (settled !== undefined) void settled.then(() => this.#runInStep(lease));
    else if (this.#running.has(lease)) void this.#perform(lease);
  }

  async #perform(lease: Lease): Promise<void> {
    lease.begun = true;
    try {
      await lease.work(lease.signal);
    } catch (error) {
      this.#finish(lease, { error });
      return;
    }
    this.#finish(lease, undefined);
  }

  #cancel(lease: Lease, reason?: FtpError): void {
    if (!this.#running.has(lease) || lease.signal.aborted) return;
    if (!lease.begun) {
      this.#finish(lease, reason && { error: notBegun(reason) });
      return;
    }
    this.#leave(lease);
    lease.signal.abort(reason);
    this.#watch();
  }

  #leave(lease: Lease): void {
    if (lease.leaving) return;
    lease.leaving = true;
    this.#wanted -= 1;
  }

  #finish(lease: Lease, end: WorkEnd): void {
    this.#running.delete(lease);
    if (!lease.leaving) this.#wanted -= 1;
    this.#watch();
    if (lease.failsFirst && end !== undefined) tell(lease, end);
    lease.release?.();
    tell(lease, end);
  }

  /** The abort timeout starts when all that run get into step. Until then the time limits of the other commands are the bound. */
  #watch(): void {
    if (this.#wanted > 0 || this.#running.size === 0) this.#endBound();
    else this.#setBound();
  }

  #endBound(): void {
    if (this.#bound === undefined) return;
    clearTimeout(this.#bound);
    this.#bound = undefined;
    this.#hasToldCancel = false;
  }

  #setBound(): void {
    this.#bound ??= setTimeout(this.#options.onOverdue, this.#options.abortTimeoutMs);
    // A subscriber that leaves with the last value (firstValueFrom, take) leaves nothing to abort.
    if (!this.#hasToldCancel) process.nextTick(() => this.#tellCancel());
  }

  #tellCancel(): void {
    if (this.#bound === undefined || this.#hasToldCancel) return;
    for (const { signal } of this.#running) if (signal.aborted) this.#hasToldCancel = true;
    if (this.#hasToldCancel) this.#options.onCancel();
  }
}

/** Tells the subscriber, unless he knows, or has unsubscribed. */
function tell(lease: Lease, end: WorkEnd): void {
  if (lease.over) return;
  lease.over = true;
  lease.ended(end);
}

/** Only a transfer can be aborted while its subscriber still listens. */
export function notBegun(cause: unknown): FtpTransferError {
  return new FtpTransferError('The transfer was broken off before it had begun; nothing was sent for it.', {
    bytes: 0,
    outcome: 'none',
    transient: false,
    cause,
  });
}

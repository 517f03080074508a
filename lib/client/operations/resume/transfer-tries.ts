/**
 * Runs the tries of one transfer with `resume`, with a wait between two of them. All of them are one task, which keeps its place among the
 * others while it waits. So a rename that was subscribed later does not find half a file.
 *
 * A client's pool asks whether to run the task again, perhaps on another session. A session of `connect$` has no pool: there the task waits
 * under its lease. `deadlineMs` counts over all tries, from the beginning of the first one on its session.
 */

import type { Session } from '../../../control/session.js';
import type { Failed, LeaseTask, WorkEnd } from '../../../control/task-runner.js';
import { deadlineError, withinDeadline } from '../../../data/transfer-deadline.js';
import { FtpError, withTries } from '../../../errors.js';
import type { Cancellation } from '../../../net/cancellation.js';
import { brokenOffAtRest } from '../../resting-work.js';
import { type NextTry, Tries } from '../../tries.js';
import type { OperationContext } from '../operation.js';
import { waitOn } from './wait-on-session.js';

export interface TriedTransfer {
  /** Names the transfer in errors; secrets are masked. */
  readonly command: string;
  readonly path: string;
  readonly deadlineMs: number | undefined;
  /** The number of bytes that have moved in all, from the `start` on. */
  readonly bytes: number;
  /** A try. When `signal` aborts, it gets into step and returns. */
  attempt(session: Session, signal: Cancellation, attempt: number): Promise<void>;
  /** The transfer is over and not complete, and `session` is in step: clears away what is left at the server. */
  clearAway?(session: Session): Promise<void>;
}

/** The consequence of a failed try. */
interface Decision {
  /** The error of the try. */
  readonly of: unknown;
  readonly next: NextTry | undefined;
  /** The error of the transfer if no other try follows. */
  readonly failed: Failed;
}

export class TransferTries {
  readonly #context: OperationContext;
  readonly #transfer: TriedTransfer;
  readonly #ended: (end: WorkEnd) => void;
  readonly #tries: Tries;
  readonly #deadlineMs: number;
  #attempt = 1;
  /** The try has begun on a session. */
  #isBegun = false;
  /** The time when the first try began on its session. */
  #begunAt: number | undefined;
  #decision: Decision | undefined;
  #isOver = false;
  #stop: (() => void) | undefined;
  /** The deadline while no try has a session. */
  #limit: NodeJS.Timeout | undefined;

  /** `ended` is called once with the end of the transfer, unless it is cancelled before. */
  constructor(context: OperationContext, transfer: TriedTransfer, ended: (end: WorkEnd) => void) {
    this.#context = context;
    this.#transfer = transfer;
    this.#ended = ended;
    this.#tries = new Tries(context.resuming.policy);
    this.#deadlineMs = transfer.deadlineMs ?? context.settings.deadlineMs;
  }

  /** Returns a function that cancels the transfer at any stage. */
  start(): () => void {
    const { runner, shared, resuming } = this.#context;
    const { command: name } = this.#transfer;
    const task: LeaseTask = {
      kind: 'transfer',
      name,
      work: (session, signal) => (shared ? this.#try(session, signal) : this.#tryAll(session, signal)),
      mustNotRepeat: () => true,
      inAnyDirectory: this.#inAnyDirectory,
      // A login that the runner tries again by itself is no try here: their numbers would multiply.
      ...(shared ? { again: this.#again, countsLogins: !resuming.retriesLogins } : {}),
    };
    this.#stop = runner.start(task, (end) => this.#onEnd(end));
    return () => this.#close();
  }

  /** The transfer got further than ever before. */
  moved(): void {
    this.#tries.moved();
  }

  async #try(session: Session, signal: Cancellation): Promise<void> {
    this.#isBegun = true;
    this.#begunAt ??= this.#now();
    clearTimeout(this.#limit);
    const { command } = this.#transfer;
    const run = (limited: Cancellation): Promise<void> => this.#transfer.attempt(session, limited, this.#attempt);
    const moved = (): number => this.#transfer.bytes;
    const timed = { session, deadlineMs: this.#deadlineMs, leftMs: this.#leftMs(), command, run, moved };
    try {
      await withinDeadline(timed, signal);
    } catch (error) {
      this.#decision = this.#decide(error, !this.#mayGoOn(session));
      if (this.#decision.next === undefined) await this.#transfer.clearAway?.(session);
      throw error;
    }
    if (signal.aborted) await this.#transfer.clearAway?.(session);
  }

  /** Not if the one session is lost, or if other work has left the directory of a relative path. */
  #mayGoOn({ channel, user }: Session): boolean {
    if (!this.#context.shared) return channel.cause === undefined;
    return this.#inAnyDirectory || user.isApplied;
  }

  get #inAnyDirectory(): boolean {
    return this.#transfer.path.startsWith('/');
  }

  /** All tries on the one session that there is. */
  async #tryAll(session: Session, signal: Cancellation): Promise<void> {
    for (;;) {
      try {
        await this.#try(session, signal);
        return;
      } catch (error) {
        const next = this.#decision?.next;
        if (next === undefined) throw error;
        this.#goOn(next);
        await waitOn(session, Math.min(next.delayMs, Math.max(0, this.#leftMs())), signal);
        if (this.#leftMs() <= 0) throw this.#tooLate();
      }
      if (!signal.aborted) continue;
      await this.#transfer.clearAway?.(session);
      if (signal.reason instanceof FtpError) throw brokenOffAtRest(undefined, signal.reason);
      return;
    }
  }

  /** The question of a pool when a try has failed. */
  readonly #again: NonNullable<LeaseTask['again']> = (error, start) => {
    const made = this.#decision;
    const decision = made !== undefined && made.of === error ? made : this.#decide(error);
    this.#decision = decision;
    const { next } = decision;
    if (next === undefined) return undefined;
    const isBegun = this.#isBegun;
    if (this.#hasDeadline) this.#limit = setTimeout(() => this.#onLate(), Math.max(0, this.#leftMs()));
    // The runner holds a login back by itself.
    const timer = setTimeout(start, isBegun ? next.delayMs : 0);
    this.#goOn(next, isBegun);
    return () => clearTimeout(timer);
  };

  #goOn({ attempt, delayMs, error }: NextTry, tells = true): void {
    this.#decision = undefined;
    this.#attempt += 1;
    this.#isBegun = false;
    const { command: operation } = this.#transfer;
    if (tells) this.#context.resuming.events.tell(0, { type: 'retrying', operation, attempt, delayMs, error });
  }

  #decide(error: unknown, isLast: boolean = false): Decision {
    try {
      const next = isLast || this.#leftMs() <= 0 ? undefined : this.#tries.after(error);
      return { of: error, next, failed: { error: this.#inAll(error) } };
    } catch (thrown) {
      return { of: error, next: undefined, failed: { error: thrown } };
    }
  }

  #onEnd(end: WorkEnd): void {
    if (this.#isOver) return;
    const decision = this.#decision;
    // The runner may have put the reason of a signal in place of the error.
    if (end === undefined || decision === undefined) this.#finish(end && { error: this.#inAll(end.error) });
    else this.#finish(decision.of === end.error ? decision.failed : end);
  }

  #onLate(): void {
    this.#finish({ error: this.#tooLate() });
  }

  #tooLate(): FtpError {
    const { command, bytes } = this.#transfer;
    return deadlineError(this.#deadlineMs, { command, bytes });
  }

  #finish(end: WorkEnd): void {
    this.#close();
    this.#ended(end);
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#limit);
    this.#stop?.();
  }

  #now(): number {
    return this.#context.settings.clock.now();
  }

  get #hasDeadline(): boolean {
    return this.#deadlineMs > 0 && this.#begunAt !== undefined;
  }

  #leftMs(): number {
    if (!this.#hasDeadline) return Number.POSITIVE_INFINITY;
    return this.#deadlineMs - (this.#now() - (this.#begunAt ?? 0));
  }

  /** The error of a try, as that of the whole transfer. */
  #inAll(error: unknown): unknown {
    const { bytes } = this.#transfer;
    const isOfOneTry = this.#attempt === 1 || !(error instanceof FtpError);
    return isOfOneTry ? error : withTries(error, { bytes, attempt: this.#attempt });
  }
}

/**
 * The tries of one transfer with `resume`: each is a task of its own at the host, with a wait between two of them.
 *
 * A login that fails is a try only where the host does not try logins again by itself: so their numbers do not multiply. The host
 * holds back the next login in any case. `deadlineMs` counts over all tries, from when the first one begins on its session.
 */
import type { Failed, LeaseTask, WorkEnd } from '../../../control/lease-host.js';
import type { Session } from '../../../control/session.js';
import { TaskGroup } from '../../../control/task-group.js';
import { deadlineError, withinDeadline } from '../../../data/transfer-deadline.js';
import { FtpError, withTries } from '../../../errors.js';
import type { Cancellation } from '../../../net/cancellation.js';
import { type NextTry, Tries } from '../../tries.js';
import type { OperationContext } from '../operation.js';

export interface TriedTransfer {
  /** Names the transfer in errors; secrets are masked. */
  readonly command: string;
  readonly deadlineMs: number | undefined;
  /** How many bytes have moved in all, from the `start` on. */
  readonly bytes: number;
  /** One try. When `signal` aborts, it gets into step and returns. */
  attempt(session: Session, signal: Cancellation, attempt: number): Promise<void>;
  /** The transfer is over and not complete, and `session` is in step: clears away what is left at the server. */
  clearAway?(session: Session): Promise<void>;
}

/** What comes of a try that has failed. */
interface Decision {
  /** The error of the try. */
  readonly of: unknown;
  readonly next: NextTry | undefined;
  /** The error of the transfer where no other try follows. */
  readonly failed: Failed;
}

export class TransferTries {
  readonly #context: OperationContext;
  readonly #transfer: TriedTransfer;
  readonly #ended: (end: WorkEnd) => void;
  readonly #tries: Tries;
  /** A client that closes when its operations have ended waits for all tries, and takes their tasks. */
  readonly #group = new TaskGroup();
  readonly #deadlineMs: number;
  #attempt = 1;
  /** When the first try began on its session. */
  #begunAt: number | undefined;
  #decision: Decision | undefined;
  #isOver = false;
  #stopTry: (() => void) | undefined;
  /** Runs between two tries. */
  #wait: NodeJS.Timeout | undefined;
  /** The deadline while no try has a session. */
  #limit: NodeJS.Timeout | undefined;

  /** `ended` is told once how the transfer ended, unless it is cancelled before. */
  constructor(context: OperationContext, transfer: TriedTransfer, ended: (end: WorkEnd) => void) {
    this.#context = context;
    this.#transfer = transfer;
    this.#ended = ended;
    this.#tries = new Tries(context.resuming.policy);
    this.#deadlineMs = transfer.deadlineMs ?? context.settings.deadlineMs;
  }

  /** Returns what cancels the transfer, whatever it is at. */
  start(): () => void {
    this.#context.resuming.closed.addEventListener('abort', this.#onClosed);
    this.#begin();
    return () => this.#close();
  }

  /** The transfer got further than ever before. */
  moved(): void {
    this.#tries.moved();
  }

  #begin(): void {
    const attempt = this.#attempt;
    let begun = false;
    let ended = false;
    const work = (session: Session, signal: Cancellation): Promise<void> => {
      begun = true;
      return this.#work(session, signal, attempt);
    };
    // These tries are all that there are: those of the host would multiply them.
    const task: LeaseTask = { kind: 'transfer', work, group: this.#group, mustNotRepeat: () => true };
    const stop = this.#context.host.start(task, (end) => {
      ended = true;
      this.#onEnd(end, begun);
    });
    if (ended) return;
    if (this.#isOver) stop();
    else this.#stopTry = stop;
  }

  async #work(session: Session, signal: Cancellation, attempt: number): Promise<void> {
    this.#begunAt ??= this.#now();
    clearTimeout(this.#limit);
    const { command } = this.#transfer;
    const run = (limited: Cancellation): Promise<void> => this.#transfer.attempt(session, limited, attempt);
    const moved = (): number => this.#transfer.bytes;
    const timed = { session, deadlineMs: this.#deadlineMs, leftMs: this.#leftMs(), command, run, moved };
    try {
      await withinDeadline(timed, signal);
    } catch (error) {
      this.#decision = this.#decide(error, session);
      if (this.#decision.next === undefined) await this.#transfer.clearAway?.(session);
      throw error;
    }
    if (signal.aborted) await this.#transfer.clearAway?.(session);
  }

  #onEnd(end: WorkEnd, begun: boolean): void {
    this.#stopTry = undefined;
    if (this.#isOver) return;
    if (end === undefined) {
      this.#finish(undefined);
      return;
    }
    const { of, next, failed } = this.#decision ?? this.#decide(end.error);
    this.#decision = undefined;
    // The host may have put the reason of a signal in place of the error.
    if (next === undefined || this.#context.resuming.closed.aborted) this.#finish(of === end.error ? failed : end);
    // The host holds a login back by itself.
    else this.#again(begun ? next.delayMs : 0);
  }

  /** `session`: the one that the try had; without one, the try had only waited for a login. */
  #decide(error: unknown, session?: Session): Decision {
    const { shared, resuming } = this.#context;
    const isLast =
      session === undefined
        ? resuming.retriesLogins
        : this.#leftMs() <= 0 || (!shared && session.channel.cause !== undefined);
    try {
      const next = isLast ? undefined : this.#tries.after(error);
      return { of: error, next, failed: { error: this.#inAll(error) } };
    } catch (thrown) {
      return { of: error, next: undefined, failed: { error: thrown } };
    }
  }

  #again(delayMs: number): void {
    this.#attempt += 1;
    if (this.#hasDeadline) this.#limit = setTimeout(() => this.#onLate(), Math.max(0, this.#leftMs()));
    this.#wait = setTimeout(() => {
      this.#wait = undefined;
      this.#begin();
    }, delayMs);
  }

  #onLate(): void {
    const { command, bytes } = this.#transfer;
    this.#finish({ error: deadlineError(this.#deadlineMs, { command, bytes }) });
  }

  /** A try that has begun is ended by the host. */
  readonly #onClosed = (): void => {
    if (this.#wait !== undefined) this.#finish({ error: this.#inAll(this.#context.resuming.closed.reason) });
  };

  #finish(end: WorkEnd): void {
    this.#close();
    this.#ended(end);
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#wait);
    clearTimeout(this.#limit);
    this.#context.resuming.closed.removeEventListener('abort', this.#onClosed);
    this.#stopTry?.();
    this.#group.end();
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

/**
 * Tracks the work that a session has received. Until it begins, the session has sent nothing for it. If the session is lost by then, the
 * work waits for another one.
 *
 * An idle session may be dead, and shows that only by its next command. Work that must not run twice does not risk that: after a long idle
 * time, NOOP goes before it. Other work starts over once, on another session.
 */
import type { ControlSession } from '../control/control-session.js';
import { isShared, type LeaseKind } from '../control/lane.js';
import { notBegun } from '../control/lease-runner.js';
import type { Failed, LeasedWork, LeaseTask, SessionTask, WorkEnd } from '../control/task-runner.js';
import type { WantedState } from '../control/user-state.js';
import { FtpConnectionError, FtpError, FtpTimeoutError, withOutcome } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import { command } from '../protocol/command.js';
import { isClosedHere, isGivenUp } from './good-sessions.js';
import { leaseFor, type PooledWork } from './pooled-work.js';
import { WokenSessions } from './woken-sessions.js';

/** Work that a session has. */
interface Granted<Work extends PooledWork> {
  readonly session: ControlSession;
  readonly work: Work;
  isPutBack: boolean;
  /** It has begun on a session of which nothing was heard since that was idle. */
  beganUnheard: boolean;
}

export interface GrantedWorkOptions<Work extends PooledWork> {
  readonly wanted: WantedState;
  /** Told of the end of work, and of work that waits again. */
  readonly work: {
    /** `mayStartOver`: its session was lost, and nothing was done that must not be done twice. */
    ended(work: Work, end: WorkEnd, mayStartOver: boolean): void;
    putBack(work: Work, error: FtpError): void;
  };
  /** Told when the session begins its work. */
  readonly onBegun: (session: ControlSession) => void;
  /** Whether the session has answered an operation. */
  readonly isGood: (session: ControlSession) => boolean;
}

export class GrantedWork<Work extends PooledWork> {
  readonly #options: GrantedWorkOptions<Work>;
  readonly #granted = new Set<Granted<Work>>();
  readonly #woken = new WokenSessions();

  constructor(options: GrantedWorkOptions<Work>) {
    this.#options = options;
  }

  /** The session was idle, and the server was not heard of for so long. It will be given work. */
  woke(session: ControlSession, silentMs: number): void {
    this.#woken.woke(session, silentMs);
  }

  /** Starts work on a session that takes it; the returned function cancels it. */
  start(session: ControlSession, work: Work): () => void {
    const granted: Granted<Work> = { session, work, isPutBack: false, beganUnheard: false };
    this.#granted.add(granted);
    const cancel = session.start(this.#leaseTask(granted), (end) => {
      this.#granted.delete(granted);
      if (granted.isPutBack) return;
      this.#options.work.ended(work, end, end !== undefined && this.#mayStartOver(granted, end));
    });
    return () => {
      this.#granted.delete(granted);
      cancel();
    };
  }

  /** The work that the lost session has not begun waits for another one. */
  putBackFrom(lost: ControlSession, cause: FtpError): void {
    const error = withOutcome(cause, 'none');
    for (const granted of this.#granted) {
      if (granted.session !== lost) continue;
      this.#granted.delete(granted);
      granted.isPutBack = true;
      this.#options.work.putBack(granted.work, error);
    }
  }

  #leaseTask(granted: Granted<Work>): SessionTask {
    const { work: pooled } = granted;
    const { task } = pooled;
    const kind = isShared(task.kind) ? this.#kindOf(granted) : task.kind;
    // The present settings: a later change must not reach work that has yet to wait for the replies of a login.
    pooled.state = this.#options.wanted.current;
    const work: LeasedWork = (on, signal) => {
      if (granted.isPutBack) return Promise.resolve();
      const isUnheard = this.#woken.isUnheard(on);
      if (isUnheard && this.#mustAsk(granted)) return this.#askFirst(granted, signal);
      this.#begun(granted, isUnheard);
      return task.work(on, signal);
    };
    // Named one by one: a copy of the task by a spread costs a small file as much as ten calls.
    const { sharesOn, skipDirectory, mayFollowRnfr, again } = task;
    return { kind, work, sharesOn, state: pooled.state, skipDirectory, mayFollowRnfr, again };
  }

  /** A NOOP is sent alone. */
  #kindOf(granted: Granted<Work>): LeaseKind {
    const kind = leaseFor(granted.session, granted.work.task);
    return isShared(kind) && this.#mustAsk(granted) ? 'exclusive' : kind;
  }

  #mustAsk({ session, work: { task, startedOver } }: Granted<Work>): boolean {
    // RNTO can follow RNFR on this session alone.
    if (!this.#woken.isDoubtful(session) || task.mayFollowRnfr === true) return false;
    return startedOver === true || task.mayRepeat?.() !== true;
  }

  /** If the session is lost meanwhile, the work waits for another one. */
  async #askFirst(granted: Granted<Work>, signal: Cancellation): Promise<void> {
    const { session, work } = granted;
    try {
      await session.requestOptional(command('NOOP'));
    } catch (error) {
      if (granted.isPutBack) return;
      throw error instanceof FtpError ? withOutcome(error, 'none') : error;
    }
    if (signal.aborted) throw notBegun(signal.reason);
    this.#begun(granted, this.#woken.isUnheard(session));
    await work.task.work(session, signal);
  }

  #begun(granted: Granted<Work>, isUnheard: boolean): void {
    this.#granted.delete(granted);
    granted.beganUnheard = isUnheard;
    this.#options.onBegun(granted.session);
  }

  #mayStartOver({ session, work, beganUnheard }: Granted<Work>, end: Failed): boolean {
    if (isWithoutCommand(end.error)) return true;
    if (!beganUnheard || !this.#woken.isUnheard(session)) return false;
    const { cause } = session.channel;
    const isDead = cause instanceof FtpConnectionError || cause instanceof FtpTimeoutError;
    if (!isDead || isClosedHere(cause) || isGivenUp(cause) || !this.#options.isGood(session)) return false;
    return isSafe(end.error, work.task);
  }
}

/** Work had not begun when the server left a command unanswered that the client can do without. */
function isWithoutCommand(error: unknown): boolean {
  // The error of such a command has the time-out as its cause.
  return error instanceof FtpTimeoutError && error.outcome === 'none' && error.cause instanceof FtpTimeoutError;
}

/** Whether the task may be done again after this error of a lost connection. */
function isSafe(error: unknown, { mayRepeat, mustNotRepeat }: LeaseTask): boolean {
  if (!(error instanceof FtpError) || mustNotRepeat?.() === true) return false;
  if (error.outcome === 'none' || mayRepeat?.() === true) return true;
  return error.outcome === 'refused' && error.reply?.code === 421;
}

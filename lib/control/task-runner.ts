/** Defines work that needs a lease, and its runner: a session, or a client with several sessions. */
import type { FtpError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import type { LeaseKind } from './lane.js';
import type { Session } from './session.js';
import type { UserState } from './user-state.js';

/** Work under a lease. When `signal` aborts, its subscriber has unsubscribed: get into step and return. */
export type LeasedWork = (session: Session, signal: Cancellation) => Promise<void>;

/** Work, and the lease that it needs. */
export interface LeaseTask {
  readonly kind: LeaseKind;
  readonly work: LeasedWork;
  /** A shared lease is for sessions of which this holds; on any other the lease is exclusive. Default: all. */
  readonly sharesOn?: ((session: Pick<Session, 'profile'>) => boolean) | undefined;
  /** Whether it will change what the user has set, from how that is now: work that starts later must find it changed. */
  readonly changes?: ((state: UserState) => boolean) | undefined;
  /** The session is brought to this state first, where another session has changed it. */
  readonly state?: UserState | undefined;
  /** It goes to another directory, wherever the session is: it need not be brought to the present one first. */
  readonly skipDirectory?: boolean | undefined;
  /** It may come between RNFR and its end: RNTO itself. Any other work finds the rename taken back. */
  readonly mayFollowRnfr?: boolean | undefined;
  /** The operation's command, secrets masked: events name the operation by it. */
  readonly name?: string | undefined;
  /**
   * Called once the task has failed: whether it may run again even if the server may have done it already. That holds for questions that
   * have delivered nothing yet, and for commands that set the same value again. Without it, only a task that was not done is repeated.
   */
  readonly mayRepeat?: (() => boolean) | undefined;
  /**
   * Asked once the task has failed: whether it must not be done again, even where nothing was done. So it is with work that has
   * handed something on, or has used up its source.
   */
  readonly mustNotRepeat?: (() => boolean) | undefined;
  /** Told the number of each further try, from 2, before it starts. */
  readonly onRepeat?: ((attempt: number) => void) | undefined;
  /**
   * Asked once the task has failed, before its lease ends. Undefined: the failure is its end. Otherwise the task keeps its place among
   * the others, and starts again when `start` is called; the returned function ends that wait.
   */
  readonly again?: ((error: unknown, start: () => void) => (() => void) | undefined) | undefined;
  /** A login that fails while the task waits for it counts as one of its tries: `again` is asked then too. */
  readonly countsLogins?: boolean | undefined;
  /** Its path is absolute: it may start again even if the client's directory has changed meanwhile. */
  readonly inAnyDirectory?: boolean | undefined;
}

/** The part of a task that decides its lease. */
export type Leased = Pick<LeaseTask, 'kind' | 'sharesOn'>;

/** All that a session reads of a task. Each has to be named, so that none is lost between a client and its session. */
export type SessionTask = Required<
  Pick<LeaseTask, 'kind' | 'work' | 'sharesOn' | 'state' | 'skipDirectory' | 'mayFollowRnfr' | 'again'>
>;

/** The lease that the task needs on this session. */
export function leaseOn(session: Pick<Session, 'profile'>, { kind, sharesOn }: Leased): LeaseKind {
  return sharesOn?.(session) === false ? 'exclusive' : kind;
}

/** Why work was not done. The error may be anything that can be thrown, and `undefined` too: so it is never given by itself. */
export interface Failed {
  readonly error: unknown;
}

/** How work has ended: undefined if it was done. */
export type WorkEnd = Failed | undefined;

export interface TaskRunner {
  /**
   * Runs a task when its turn comes; `ended` is called once with its end, unless the returned function is called before. That cancels a
   * waiting place, or aborts the signal of running work.
   */
  start(task: LeaseTask, ended: (end: WorkEnd) => void): () => void;

  /** Breaks off the transfers that run; their subscribers get an error that carries `reason`. */
  interrupt(reason: FtpError): void;
}

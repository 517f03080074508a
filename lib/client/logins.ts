/**
 * Decides when a client may log in, and whether it tries again. After a failed connection the next login waits by the back-off, for all
 * operations together. Then there is one login at a time, until a session has answered an operation.
 */
import type { FtpError } from '../errors.js';
import { BackOff } from './back-off.js';
import { isTemporary, type RetryPolicy } from './retry.js';
import type { LimitEvidence, SessionLimit } from './session-limit.js';
import { limitShownBy } from './too-many-sessions.js';

/** The number of sessions. */
export interface SessionCount {
  readonly open: number;
  /** Not logged in yet. */
  readonly opening: number;
}

/** A login that has failed. */
export interface FailedLogin {
  readonly error: unknown;
  /** The sessions that are left. */
  readonly left: SessionCount;
  /** One of them was let in by the password that this login has sent. */
  readonly passwordIsGood: boolean;
}

export interface LoginPolicy {
  readonly retry: RetryPolicy;
  readonly limit: SessionLimit;
  /** Least time between two logins. */
  readonly connectIntervalMs: number;
}

export class Logins {
  readonly #policy: LoginPolicy;
  readonly #backOff: BackOff;
  #heldUntil = 0;
  #intervalUntil = 0;
  /** Failed tries since an operation waits and no session is open. */
  #tries = 0;
  /** A login was refused for good: none is tried beside the open sessions. */
  #isBarred = false;

  constructor(policy: LoginPolicy) {
    this.#policy = policy;
    this.#backOff = new BackOff(policy.retry);
  }

  /** The time from which one more login may begin; `Infinity` while a session or login has to end first. */
  nextAt({ open, opening }: SessionCount): number {
    const mustWait = (this.#isBarred && open > 0) || (this.#backOff.failing && opening > 0);
    if (mustWait) return Number.POSITIVE_INFINITY;
    return Math.max(this.#heldUntil, this.#intervalUntil, this.#policy.limit.nextAt(open + opening));
  }

  begun(now: number): void {
    this.#intervalUntil = now + this.#policy.connectIntervalMs;
  }

  /** A login has failed. A limit of the server's is no failure while other sessions work. */
  failed({ error, left, passwordIsGood }: FailedLogin, now: number): void {
    const { limit } = this.#policy;
    const sessions = left.open + left.opening;
    const besideOthers = left.open > 0;
    const because = limitShownBy(error, { besideOthers, passwordIsGood });
    if (because === undefined) limit.notRaised(sessions, now);
    else limit.reached(sessions, now, { because, ...replyOf(error) });
    if (because !== undefined && besideOthers) return;
    this.#isBarred = besideOthers && !isTemporary(error);
    this.#hold(now);
  }

  /** A session has ended; `early`: before it had answered an operation, which is a failed connection. */
  lost(early: boolean, now: number): void {
    this.#isBarred = false;
    if (early) this.#hold(now);
  }

  /** A session has answered its first operation. */
  succeeded(): void {
    this.#backOff.reset();
    this.#tries = 0;
  }

  /** No operation waits any more: later ones have all tries again. */
  nothingWaits(): void {
    this.#tries = 0;
  }

  /** Counts a failed try with no session left, and tells whether there is another. Throws what `when` throws. */
  mayTryAgain(error: unknown): boolean {
    const { attempts, when } = this.#policy.retry;
    const tries = this.#tries + 1;
    this.#tries = 0;
    if (tries >= attempts || !isTemporary(error) || when(error, tries) !== true) return false;
    this.#tries = tries;
    return true;
  }

  #hold(now: number): void {
    this.#heldUntil = now + this.#backOff.fail();
  }
}

function replyOf(error: unknown): Pick<LimitEvidence, 'reply'> {
  const { reply } = error as FtpError;
  return reply === undefined ? {} : { reply };
}

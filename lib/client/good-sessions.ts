/**
 * Tracks which sessions have answered an operation. A login alone proves little: a server can let a client in and drop it at once, every
 * time. So the loss of a session without an answer counts as a failed connection.
 *
 * An answer is the final reply to a command of the operation's work, refusals included. The first bytes of a download are one too. A
 * preliminary reply, a held or dropped one, and 421 do not count. Replies of the login, and replies on the way to the client's directory,
 * do not count.
 */
import { take } from 'rxjs';
import type { ControlSession } from '../control/control-session.js';
import { FtpConnectionError, type FtpError, FtpTimeoutError } from '../errors.js';

export class GoodSessions {
  readonly #good = new WeakSet<ControlSession>();
  readonly #watched = new WeakSet<ControlSession>();
  readonly #onGood: () => void;

  /** `onGood` is called once for each session. */
  constructor(onGood: () => void) {
    this.#onGood = onGood;
  }

  has(session: ControlSession): boolean {
    return this.#good.has(session);
  }

  /** The work of an operation begins: the next reply answers it. */
  readonly watch = (session: ControlSession): void => {
    if (!this.#watched.has(session)) this.#begin(session);
  };

  #begin(session: ControlSession): void {
    this.#watched.add(session);
    const rest = session.settled;
    if (rest === undefined) this.#listen(session);
    // The session is lost when this rejects, and the channel reports that to its pool.
    else
      rest.then(
        () => this.#listen(session),
        () => undefined,
      );
  }

  #listen(session: ControlSession): void {
    session.channel.progress$.pipe(take(1)).subscribe(() => {
      this.#good.add(session);
      this.#onGood();
    });
  }
}

/** The error of operations that waited while a session was lost right after its login. */
export function lostEarly(cause: FtpError): FtpError {
  if (!(cause instanceof FtpConnectionError)) return cause;
  const { channel, phase, reply, transient } = cause;
  return new FtpConnectionError(
    `The login was accepted, but the session was lost before it answered an operation: ${cause.message}`,
    { channel, phase, reply, transient, outcome: 'none', cause },
  );
}

/** Whether the client has closed the connection at the end of its use. */
export function isClosedHere(cause: FtpError): boolean {
  return cause instanceof FtpConnectionError && cause.phase === 'close';
}

/**
 * Whether the client has closed the connection for a reason that the next one does not share. A cancelled command did not end in time, or
 * EPSV got no answer; the client then does without EPSV.
 */
export function isGivenUp(cause: FtpError): boolean {
  return cause instanceof FtpTimeoutError && (cause.phase === 'abort' || cause.command === 'EPSV');
}

/** Gets the password of a login from a user's function, which may take its time, or never answer. */
import { FtpTimeoutError } from '../errors.js';
import { Canceller } from '../net/cancellation.js';
import { DeadlinePassed, withDeadline } from '../net/deadline.js';
import type { Session } from './session.js';

/** Rejects when `connectTimeoutMs` have passed, and when the connection is closed before: the login is over then. */
export async function askPassword({ channel, settings }: Session): Promise<string> {
  const given = settings.password();
  if (typeof given === 'string') return given;
  const closed = new Canceller();
  const watching = channel.closed$.subscribe((cause) => closed.abort(cause));
  const ignoreLatePassword = (): void => {};
  try {
    return await withDeadline(settings.connectTimeoutMs, closed, () => given, ignoreLatePassword);
  } catch (error) {
    throw error instanceof DeadlinePassed ? tookTooLong(error.ms) : error;
  } finally {
    watching.unsubscribe();
  }
}

function tookTooLong(afterMs: number): FtpTimeoutError {
  return new FtpTimeoutError(
    `The function given as password gave none within ${afterMs} ms: PASS was not sent. If it uses the client that it is the password of, it waits for itself: let it use another FtpClient. If it only needs longer, give a larger connectTimeoutMs.`,
    { phase: 'login', afterMs, outcome: 'none' },
  );
}

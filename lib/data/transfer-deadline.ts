/**
 * How long a transfer may take in all, from when its work begins on its session: with the questions before it (TYPE, SIZE, the
 * port), whatever moves meanwhile, and while its consumer holds it.
 */
import type { ControlSession } from '../control/control-session.js';
import { FtpError, type FtpErrorDetails, FtpTimeoutError } from '../errors.js';
import { type Cancellation, Canceller } from '../net/cancellation.js';
import { DeadlinePassed } from '../net/deadline.js';
import type { TransferExchange } from './transfer-exchange.js';

/**
 * Runs the work of one transfer, which its signal tells to get into step when `deadlineMs` have passed (0: never), or when
 * `outer` aborts. Rejects with FtpTimeoutError when the deadline has passed and the transfer was not done; `command` names it.
 */
export function withinDeadline<T>(
  session: ControlSession,
  deadlineMs: number,
  command: string,
  outer: Cancellation,
  work: (signal: Cancellation) => Promise<T>,
): Promise<T> {
  return deadlineMs === 0 ? work(outer) : timed(session, deadlineMs, command, outer, work);
}

async function timed<T>(
  session: ControlSession,
  deadlineMs: number,
  command: string,
  outer: Cancellation,
  work: (signal: Cancellation) => Promise<T>,
): Promise<T> {
  const inner = new Canceller();
  const leave = (): void => inner.abort(outer.reason);
  if (outer.aborted) leave();
  else outer.addEventListener('abort', leave);
  let timer = setTimeout(() => {
    inner.abort(new DeadlinePassed(deadlineMs));
    timer = setTimeout(() => session.giveUp(), session.settings.abortTimeoutMs);
  }, deadlineMs);
  try {
    return await work(inner);
  } catch (error) {
    const isConsequence = inner.reason instanceof DeadlinePassed && error instanceof FtpError;
    if (!isConsequence || isDeadlineError(error, deadlineMs)) throw error;
    throw deadlineError(deadlineMs, { command, bytes: error.bytes, cause: error });
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', leave);
  }
}

/** What a transfer that was cancelled by `signal` errors with, where that was by its deadline. */
export function deadlineOf(
  { command, bytes, final: reply }: TransferExchange,
  { reason }: Cancellation,
): FtpTimeoutError | undefined {
  return reason instanceof DeadlinePassed ? deadlineError(reason.ms, { command, bytes, reply }) : undefined;
}

function isDeadlineError(error: FtpError, deadlineMs: number): boolean {
  return error instanceof FtpTimeoutError && error.phase === 'data' && error.afterMs === deadlineMs;
}

function deadlineError(afterMs: number, details: FtpErrorDetails): FtpTimeoutError {
  const { command, bytes = 0 } = details;
  return new FtpTimeoutError(
    `${command} was not done within its deadlineMs of ${afterMs} ms: ${bytes} bytes had moved.`,
    { phase: 'data', afterMs, ...details, bytes },
  );
}

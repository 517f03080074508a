/**
 * Limits the whole time of a transfer, from the beginning of its work on its session. The commands before it (TYPE, SIZE, the port) and
 * behind it (SIZE) count. The time in which its consumer holds it counts too, whether bytes move or not.
 */
import type { Session } from '../control/session.js';
import { FtpError, type FtpErrorDetails, FtpTimeoutError } from '../errors.js';
import { type Cancellation, Canceller } from '../net/cancellation.js';
import { DeadlinePassed } from '../net/deadline.js';
import type { Transfer } from './transfer.js';

/** The work of one transfer, and the facts that its deadline needs. */
export interface TimedWork<T> {
  readonly session: Session;
  /** 0: no deadline. */
  readonly deadlineMs: number;
  /** The part of it that is left, if the transfer has had earlier tries. Default: all of it. */
  readonly leftMs?: number | undefined;
  /** Names the transfer in the error; secrets are masked. */
  readonly command: string;
  /** The signal tells the work to get into step. */
  readonly run: (signal: Cancellation) => Promise<T>;
  /** The number of moved bytes when the transfer is over and its work goes on: later errors name none. */
  readonly moved?: () => number;
}

/**
 * Runs the work of one transfer. Its signal aborts when `deadlineMs` have passed, or when `outer` aborts. Rejects with
 * FtpTimeoutError when the deadline has passed before all of the work was done.
 */
export function withinDeadline<T>(work: TimedWork<T>, outer: Cancellation): Promise<T> {
  return work.deadlineMs === 0 ? work.run(outer) : timed(work, outer);
}

async function timed<T>(work: TimedWork<T>, outer: Cancellation): Promise<T> {
  const { session, deadlineMs, leftMs = deadlineMs, command, run, moved } = work;
  const inner = new Canceller();
  const leave = (): void => inner.abort(outer.reason);
  if (outer.aborted) leave();
  else outer.addEventListener('abort', leave);
  const timer = setTimeout(() => {
    session.limitAbort();
    inner.abort(new DeadlinePassed(deadlineMs));
  }, leftMs);
  try {
    const result = await run(inner);
    if (inner.reason instanceof DeadlinePassed) throw deadlineError(deadlineMs, { command, bytes: moved?.() });
    return result;
  } catch (error) {
    const isConsequence = inner.reason instanceof DeadlinePassed && error instanceof FtpError;
    if (!isConsequence || isDeadlineError(error, deadlineMs)) throw error;
    throw deadlineError(deadlineMs, { command, bytes: error.bytes ?? moved?.(), outcome: error.outcome, cause: error });
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', leave);
  }
}

/** The error of a transfer whose deadline has passed; undefined if `signal` aborted for another reason. */
export function deadlineOf(
  { command, bytes, facts: { final: reply } }: Transfer,
  { reason }: Cancellation,
): FtpTimeoutError | undefined {
  return reason instanceof DeadlinePassed ? deadlineError(reason.ms, { command, bytes, reply }) : undefined;
}

function isDeadlineError(error: FtpError, deadlineMs: number): boolean {
  return error instanceof FtpTimeoutError && error.phase === 'data' && error.afterMs === deadlineMs;
}

/** The error of a transfer that was not done in time. */
export function deadlineError(afterMs: number, details: FtpErrorDetails): FtpTimeoutError {
  const { command, bytes = 0 } = details;
  return new FtpTimeoutError(
    `${command} was not done within its deadlineMs of ${afterMs} ms: ${bytes} bytes had moved.`,
    { phase: 'data', afterMs, ...details, bytes },
  );
}

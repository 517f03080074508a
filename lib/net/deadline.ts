/**
 * A promise with a deadline that also tells the work to stop: the work is cancelled when the time is up or when the
 * caller's own cancellation says so.
 */
import { type Cancellation, Canceller } from './cancellation.js';

/** Thrown when the time is up; callers turn it into the error that fits what they were doing. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';

  readonly ms: number;

  constructor(ms: number) {
    super(`Not done within ${ms} ms.`);
    this.ms = ms;
  }
}

export async function withDeadline<T>(
  ms: number,
  outer: Cancellation | undefined,
  work: (limited: Cancellation) => Promise<T>,
): Promise<T> {
  const inner = new Canceller();
  const onOuterAbort = (): void => inner.abort(outer?.reason);
  if (outer?.aborted === true) onOuterAbort();
  else outer?.addEventListener('abort', onOuterAbort);
  const timer = setTimeout(() => inner.abort(new DeadlinePassed(ms)), ms);
  try {
    return await work(inner);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', onOuterAbort);
  }
}

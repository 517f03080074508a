/**
 * Makes a promise with a deadline, which also tells the work to stop. It cancels the work when the time is up, or when the caller cancels
 * it. The promise does not wait for cancelled work, which may be a user's and never end.
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

/** `discard` is given the late result of cancelled work. A late error is ignored: the promise has its reason already. */
export function withDeadline<T>(
  ms: number,
  outer: Cancellation | undefined,
  work: (limited: Cancellation) => Promise<T>,
  discard: (late: T) => void,
): Promise<T> {
  const inner = new Canceller();
  return new Promise((resolve, reject) => {
    const onOuterAbort = (): void => inner.abort(outer?.reason);
    const timer = setTimeout(() => inner.abort(new DeadlinePassed(ms)), ms);
    const settle = (): void => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onOuterAbort);
    };
    inner.addEventListener('abort', () => {
      settle();
      reject(inner.reason);
    });
    if (outer?.aborted === true) onOuterAbort();
    else outer?.addEventListener('abort', onOuterAbort);
    work(inner).then(
      (result) => {
        settle();
        if (inner.aborted) discard(result);
        else resolve(result);
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  });
}

/** Makes the observer of an operator that passes its stream through. */
import type { Observer, Subscriber } from 'rxjs';
import { FtpUsageError } from '../errors.js';

/** A caller's observer: a function that takes each value, or an observer. */
export type TapObserver<T> = Partial<Observer<T>> | ((value: T) => void);

/** The observer as an object. Throws FtpUsageError, which names `operator`, for any other value. */
export function tapObserver<T>(operator: string, observer: TapObserver<T>): Partial<Observer<T>> {
  if (typeof observer === 'function') return { next: observer };
  if (typeof observer === 'object' && observer !== null) return observer;
  throw new FtpUsageError(`${operator}: the observer must be a function, or an object with next, error or complete.`);
}

/** Tells the last value and the end, first beside the stream and then in it. */
export function completeBoth<T>(told: Partial<Observer<T>>, last: T, subscriber: Subscriber<unknown>): void {
  told.next?.(last);
  // At the last value the stream's subscriber may have unsubscribed.
  if (!subscriber.closed) told.complete?.();
  subscriber.complete();
}

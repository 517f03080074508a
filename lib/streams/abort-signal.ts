/** Lets AbortSignals end an Observable: the reason becomes the error, as everywhere in Node. */
import { setMaxListeners } from 'node:events';
import { Observable } from 'rxjs';
import { FtpUsageError } from '../errors.js';

/**
 * Calls `abort` with the signal's reason when it aborts, at once when it has. Returns how to stop listening. Throws FtpUsageError for a
 * value that is no signal.
 */
export function onAbort(signal: AbortSignal | undefined, abort: (reason: unknown) => void): () => void {
  if (signal === undefined) return () => {};
  if (!(signal instanceof AbortSignal)) throw new FtpUsageError('The option signal must be an AbortSignal.');
  if (signal.aborted) {
    abort(signal.reason);
    return () => {};
  }
  const listener = (): void => abort(signal.reason);
  // One signal for many operations is no leak to warn of: each of them stops listening at its end.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', listener);
  return () => signal.removeEventListener('abort', listener);
}

/** The same Observable, unsubscribed from and ended with the signal's reason as error when `signal` aborts. */
export function untilAborted<T>(source: Observable<T>, signal: AbortSignal | undefined): Observable<T> {
  if (signal === undefined) return source;
  return new Observable((subscriber) => {
    subscriber.add(onAbort(signal, (reason) => subscriber.error(reason)));
    if (!subscriber.closed) subscriber.add(source.subscribe(subscriber));
  });
}

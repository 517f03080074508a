/** The options that every operation takes; what has more of them names those itself. */
import { Observable } from 'rxjs';
import { requireKnownOptions } from '../../protocol/option-names.js';
import { onAbort } from '../../streams/abort-signal.js';

export interface OperationOptions {
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const NAMES: Readonly<Record<keyof OperationOptions, true>> = { signal: true };

/** The operation with its options: they are checked, and a signal that has aborted ends it, before anything is sent. */
export function withOptions<T>(operation$: Observable<T>, options: OperationOptions | undefined): Observable<T> {
  if (options === undefined) return operation$;
  return new Observable((subscriber) => {
    requireKnownOptions(options, NAMES, { signal: ['abortsignal'] });
    subscriber.add(onAbort(options.signal, (reason) => subscriber.error(reason)));
    if (!subscriber.closed) subscriber.add(operation$.subscribe(subscriber));
  });
}

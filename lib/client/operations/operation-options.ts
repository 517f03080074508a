/** The options that every operation takes; what has more of them names those itself. */
import { Observable } from 'rxjs';
import { type OptionAliases, requireKnownOptions } from '../../protocol/option-names.js';
import { onAbort } from '../../streams/abort-signal.js';

export interface OperationOptions {
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const NAMES: Readonly<Record<keyof OperationOptions, true>> = { signal: true };
const ALIASES: OptionAliases = { signal: ['abortsignal'] };

/** The operation with its options: they are checked, and a signal that has aborted ends it, before anything is sent. */
export function withOptions<T>(
  operation$: Observable<T>,
  options: OperationOptions | undefined,
  names: Readonly<Record<string, true>> = NAMES,
  aliases: OptionAliases = ALIASES,
): Observable<T> {
  if (options === undefined) return operation$;
  return new Observable((subscriber) => {
    requireKnownOptions(options, names, aliases);
    subscriber.add(onAbort(options.signal, (reason) => subscriber.error(reason)));
    if (!subscriber.closed) subscriber.add(operation$.subscribe(subscriber));
  });
}

/** Declares the options that every operation takes; an operation with more options declares those itself. */
import { Observable } from 'rxjs';
import { type OptionAliases, requireKnownOptions } from '../../protocol/option-names.js';
import { onAbort } from '../../streams/abort-signal.js';

export interface OperationOptions {
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const NAMES: Readonly<Record<keyof OperationOptions, true>> = { signal: true };
const ALIASES: OptionAliases = { signal: ['abortsignal'] };

/** The operation with its options: they are checked, and an aborted signal ends it, before the client sends anything. */
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

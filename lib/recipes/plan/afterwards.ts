/** Makes one Observable of asynchronous work and of what follows from its result. */
import { Observable } from 'rxjs';

/**
 * Emits what `next` makes of the result of `work`: as `defer` and `switchMap` do, in one step. Trees have many files, and each operator
 * costs a few objects a file. Unsubscribing drops the result.
 */
export function afterwards$<T, R>(work: () => Promise<T>, next: (result: T) => Observable<R>): Observable<R> {
  return new Observable((subscriber) => {
    work()
      .then((result) => {
        if (!subscriber.closed) next(result).subscribe(subscriber);
      })
      .catch((error: unknown) => subscriber.error(error));
  });
}

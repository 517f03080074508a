/** Makes Observables of promises; unsubscribing aborts their signal. */
import { Observable } from 'rxjs';

/** Emits the result of `work`. Unsubscribing aborts its signal, and later results of `work` are dropped. */
export function withSignal<T>(work: (signal: AbortSignal) => Promise<T>): Observable<T> {
  return new Observable((subscriber) => {
    const left = new AbortController();
    // An abort makes an error with a stack: work that is done needs none. Of work that has failed, parts may go on.
    let isDone = false;
    work(left.signal).then(
      (value) => {
        isDone = true;
        if (subscriber.closed) return;
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => {
        if (!subscriber.closed) subscriber.error(error);
      },
    );
    return () => {
      if (!isDone) left.abort();
    };
  });
}

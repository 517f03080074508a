/** Promises as Observables that can be left. */
import { defer, finalize, from, type Observable } from 'rxjs';

/** Emits what `work` resolves with; unsubscribing aborts its signal. */
export function withSignal<T>(work: (signal: AbortSignal) => Promise<T>): Observable<T> {
  return defer(() => {
    const left = new AbortController();
    return from(work(left.signal)).pipe(finalize(() => left.abort()));
  });
}

/** Shows all values together at the end, also those before an error. */
import { type MonoTypeOperatorFunction, Observable } from 'rxjs';

export function shownAtEnd<T>(show: (values: readonly T[]) => unknown): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) => {
      const values: T[] = [];
      return source.subscribe({
        next: (value) => void values.push(value),
        error: (error: unknown) => {
          if (values.length > 0) show(values);
          subscriber.error(error);
        },
        complete: () => {
          show(values);
          subscriber.complete();
        },
      });
    });
}

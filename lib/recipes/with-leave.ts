/** Makes Observables of promises whose questions end when they are unsubscribed. */
import { Observable, Subscription } from 'rxjs';

/** What an AbortSignal is to `withSignal`. It costs no controller, and no listener for each question: trees have many files. */
export class Leave {
  readonly #questions = new Subscription();

  /** Ends the questions that are under way. */
  leave(): void {
    this.#questions.unsubscribe();
  }

  /** Throws when the work was left: nothing more is begun then. */
  throwIfAborted(): void {
    if (this.#questions.closed) throw new Error('The work was left.');
  }

  /** Resolves with the last value of `source$`, or undefined if there is none. Rejects when the work is left. */
  last<T>(source$: Observable<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.throwIfAborted();
      let last: T | undefined;
      const asking = source$.subscribe({
        next: (value) => {
          last = value;
        },
        error: reject,
        complete: () => resolve(last),
      });
      asking.add(() => {
        if (this.#questions.closed) reject(new Error('The work was left.'));
      });
      this.#questions.add(asking);
    });
  }
}

/** Emits the result of `work`. Unsubscribing ends its questions, and later results of `work` are dropped. */
export function withLeave<T>(work: (leave: Leave) => Promise<T>): Observable<T> {
  return new Observable((subscriber) => {
    const leave = new Leave();
    work(leave).then(
      (value) => {
        if (subscriber.closed) return;
        subscriber.next(value);
        subscriber.complete();
      },
      (error: unknown) => {
        if (!subscriber.closed) subscriber.error(error);
      },
    );
    return () => leave.leave();
  });
}

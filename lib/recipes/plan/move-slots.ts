/**
 * Limits the number of files that move at a time. More steps than that are under way: their short commands leave together, and the next
 * transfers wait already.
 */
import { Observable } from 'rxjs';

export class MoveSlots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** Subscribes to `move$` when a slot is free, in the order of the subscriptions, and frees the slot at its end. */
  run<T>(move$: Observable<T>): Observable<T> {
    if (this.#free === Number.POSITIVE_INFINITY) return move$;
    return new Observable<T>((subscriber) => {
      const start = (): void => {
        this.#waiting.delete(start);
        this.#free -= 1;
        subscriber.add(() => this.#release());
        move$.subscribe(subscriber);
      };
      if (this.#free > 0) start();
      else this.#waiting.add(start);
      return () => this.#waiting.delete(start);
    });
  }

  #release(): void {
    this.#free += 1;
    const [next] = this.#waiting;
    next?.();
  }
}

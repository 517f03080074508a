/**
 * An Observable that knows how to run with a given gate: whoever ends a chain of operators can hold its source back.
 *
 * A chain is a value, so the gate is not in it: it is handed in at subscription (`bind`), travels up through every lifted
 * operator to the one producer at the root, and belongs to that subscription alone. Plain `subscribe` runs with a gate
 * that nobody holds. An operator that makes an Observable of its own (`defer`, `share`, `merge`) ends the flow.
 */
import { Observable, type Operator, type OperatorFunction, Subscriber } from 'rxjs';
import { Gate } from './gate.js';

export class Flow<T> extends Observable<T> {
  /** The same chain, on its producer started with `gate`. */
  readonly bind: (gate: Gate) => Observable<T>;

  constructor(bind: (gate: Gate) => Observable<T>) {
    super((subscriber) => bind(new Gate()).subscribe(subscriber));
    this.bind = bind;
  }

  /** What every RxJS operator goes through: the result is a Flow again. */
  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    return new Flow<R>((gate) => this.bind(gate).lift(operator));
  }
}

/** `source` on `gate` where it can be held back, else `source` as it is. */
export function bindGate<T>(source: Observable<T>, gate: Gate): Observable<T> {
  return source instanceof Flow ? (source as Flow<T>).bind(gate) : source;
}

/** What one subscription of an operator does with the notifications of its source; errors pass through. */
export interface Stage<T> {
  next(value: T): void;
  /** The source is complete; completing the subscriber is this method's job. */
  complete(): void;
}

/**
 * An operator of this library: `open` is called for each subscription and gives its stage.
 * What the stage throws becomes the error of the stream. On a Flow the result is a Flow, so that `gate` reaches further.
 */
export function flowOperator<T, R>(open: (subscriber: Subscriber<R>, gate: Gate) => Stage<T>): OperatorFunction<T, R> {
  return (source) =>
    new Flow<R>(
      (gate) =>
        new Observable((subscriber) =>
          bindGate(source, gate).subscribe(new StageSubscriber(subscriber, open(subscriber, gate))),
        ),
    );
}

/**
 * RxJS 7 keeps its own `operate` to itself. As there, the subscriber of the source is added to the one below before the
 * source runs, so that unsubscribing in the middle of a synchronous source stops it.
 */
class StageSubscriber<T, R> extends Subscriber<T> {
  readonly #below: Subscriber<R>;
  readonly #stage: Stage<T>;

  constructor(below: Subscriber<R>, stage: Stage<T>) {
    super(below);
    this.#below = below;
    this.#stage = stage;
  }

  protected override _next(value: T): void {
    try {
      this.#stage.next(value);
    } catch (error) {
      this.#below.error(error);
    }
  }

  protected override _complete(): void {
    try {
      this.#stage.complete();
    } catch (error) {
      this.#below.error(error);
    } finally {
      this.unsubscribe();
    }
  }
}

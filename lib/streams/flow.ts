/**
 * Defines an Observable that can run with a given gate. So the end of a chain of operators can hold its source.
 *
 * A chain is a value, so the gate is not in it. The subscription passes it in (`run`), through every lifted operator, to the one producer
 * at the root. It belongs to that subscription alone. Plain `subscribe` runs with a gate that is never held. An operator that makes its own
 * Observable (`defer`, `share`, `merge`) ends the flow. No consumer can hold its values, but a program can still iterate them.
 */
import {
  Observable,
  type Operator,
  type OperatorFunction,
  Subscriber,
  type TeardownLogic,
  type UnaryFunction,
} from 'rxjs';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import { Gate } from './gate.js';
import { FIRST_TRY, type TransferTry } from './progress-meter.js';
import { PullIterator } from './pull-iterator.js';
import type { ValueStream } from './value-stream.js';

/** A subscription: runs into `subscriber`, held by `gate`; a thrown value becomes its error. */
type Run<T> = (subscriber: Subscriber<T>, gate: Gate) => TeardownLogic;

type Piped = UnaryFunction<unknown, unknown>;

/** The results of operators can be iterated, even if one of them has made its own Observable. */
abstract class Piping<T> extends Observable<T> {
  override pipe<R>(...operators: readonly unknown[]): R {
    const piped = (operators as readonly Piped[]).reduce<unknown>((source, operator) => operator(source), this);
    return iterable(piped) as R;
  }

  abstract [Symbol.asyncIterator](): AsyncIterator<T>;
}

/** With the types of RxJS's overloads, which a method of a class cannot take over. */
const TypedPiping = Piping as unknown as new <T>(run: (subscriber: Subscriber<T>) => TeardownLogic) => ValueStream<T>;

export class Flow<T> extends TypedPiping<T> {
  readonly run: Run<T>;
  /** Its values are the bytes of the transfer at its root, all of them: the size of that is its own. */
  passesBytes = false;

  constructor(run: Run<T>) {
    super((subscriber) => run(subscriber, new Gate()));
    this.run = run;
  }

  /** Every RxJS operator goes through this: the result is a Flow again. */
  override lift<R>(operator: Operator<T, R>): Observable<R> {
    return new Flow<R>((subscriber, gate) => operator.call(subscriber, bindGate(this, gate)));
  }

  /** Each iteration is its own subscription; leaving it unsubscribes. */
  override [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return new PullIterator<T>({
      open: (gate) => bindGate(this, gate),
      expectedBytes: (gate) => new TransferFacts(this, gate).expectedBytes(),
    });
  }

  /** Runs into `stage`, which makes of it what `subscriber` gets. */
  feed<R>(stage: Stage<T>, subscriber: Subscriber<R>, gate: Gate): TeardownLogic {
    return bindGate(this, gate).subscribe(new StageSubscriber(subscriber, stage));
  }
}

/** A plain Observable as a Flow, which runs with any gate as with none. Anything else is as it was. */
function iterable(piped: unknown): unknown {
  if (!(piped instanceof Observable) || Object.getPrototypeOf(piped) !== Observable.prototype) return piped;
  return new Flow((subscriber) => piped.subscribe(subscriber));
}

/** A Flow that runs what `open` gives for the gate of each subscription. */
export function deferFlow<T>(open: (gate: Gate) => Observable<T>): Flow<T> {
  return new Flow((subscriber, gate) => open(gate).subscribe(subscriber));
}

/** `source` on `gate` if it can be held back, else `source` as it is. */
export function bindGate<T>(source: Observable<T>, gate: Gate): Observable<T> {
  return source instanceof Flow ? new Observable((subscriber) => source.run(subscriber, gate)) : source;
}

/** The number of bytes that a stream will give in all, if that is known by now. */
export type ExpectedBytes = () => number | undefined;

/** The known facts of the transfer whose bytes `source` gives, all of them, when it runs with `gate`; another stream has none. */
export class TransferFacts {
  readonly #source: Observable<unknown>;
  readonly #gate: Gate;

  constructor(source: Observable<unknown>, gate: Gate) {
    this.#source = source;
    this.#gate = gate;
  }

  get #isKnown(): boolean {
    return this.#source instanceof Flow && this.#source.passesBytes;
  }

  /** The number of bytes that the stream will give in all, if that is known by now. */
  expectedBytes(): number | undefined {
    return this.#isKnown ? this.#gate.expectedBytes?.() : undefined;
  }

  /** The check that the bytes have passed; known when they are complete. */
  verifiedBy(): VerifiedBy | undefined {
    return this.#isKnown ? this.#gate.verifiedBy : undefined;
  }

  /** The try that is under way. */
  tried(): TransferTry {
    return this.#isKnown ? this.#gate.tried : FIRST_TRY;
  }
}

/** Makes the stage of one subscription. */
export type OpenStage<T, R> = (subscriber: Subscriber<R>, gate: Gate, transfer: TransferFacts) => Stage<T>;

/** One subscription of an operator: how it takes the notifications of its source. */
export interface Stage<T> {
  next(value: T): void;
  /** The source is complete; completing the subscriber is this method's job. */
  complete(): void;
  /** Told of the source's error before it is passed on. An error that it throws is passed on in its place. */
  onError?(error: unknown): void;
}

/** The error that a stage's subscriber gets for the error of the source. */
export function errorThrough(stage: Stage<never>, error: unknown): unknown {
  try {
    stage.onError?.(error);
    return error;
  } catch (thrown) {
    return thrown;
  }
}

/**
 * An operator of this library: `open` is called for each subscription and gives its stage.
 * An error that the stage throws becomes the error of the stream. On a Flow the result is a Flow, so that `gate` reaches further.
 * `passesBytes`: the operator gives the bytes that it gets, however they are cut.
 */
export function flowOperator<T, R>(open: OpenStage<T, R>, passesBytes: boolean = false): OperatorFunction<T, R> {
  return (source) => {
    const isFlow = source instanceof Flow;
    const flow = new Flow<R>((subscriber, gate) => {
      const stage = open(subscriber, gate, new TransferFacts(source, gate));
      if (isFlow) return source.feed(stage, subscriber, gate);
      return source.subscribe(new StageSubscriber(subscriber, stage));
    });
    flow.passesBytes = passesBytes && isFlow && source.passesBytes;
    return flow;
  };
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

  protected override _error(error: unknown): void {
    super._error(errorThrough(this.#stage, error));
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

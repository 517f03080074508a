/**
 * Makes an async iterator of an Observable, which stops the source while a value waits.
 *
 * It starts at the first `next` and asks for one value ahead. It answers concurrent `next` calls in order, and reports an error once. A
 * source that cannot stop may emit too early: those values queue.
 */
import { type Observable, Subscription } from 'rxjs';
import { Gate, Hold } from './gate.js';
import { HeldQueue } from './held-queue.js';

/** The source to pull from. */
export interface Pulled<T> {
  /** The source, which `gate` holds if that is possible. */
  open(gate: Gate): Observable<T>;
  /** The number of bytes that a source will give with `gate`, if it gives those of a transfer and that is known by now. */
  expectedBytes(gate: Gate): number | undefined;
}

interface Ask<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

/** Why the source has failed. The error may be anything that can be thrown, and `undefined` too: so it is never given by itself. */
interface Failure {
  readonly error: unknown;
}

export class PullIterator<T> implements AsyncIterableIterator<T> {
  readonly #source: Pulled<T>;
  readonly #gate = new Gate();
  readonly #hold = new Hold(this.#gate);
  #subscription: Subscription | undefined;
  readonly #asks: Ask<T>[] = [];
  /** Held while no `next` waits for a value. */
  readonly #values: HeldQueue<T, Failure | undefined>;
  #failure: Failure | undefined;

  constructor(source: Pulled<T>) {
    this.#source = source;
    this.#values = new HeldQueue({ next: (value) => this.#answer(value), end: (failure) => this.#end(failure) });
    this.#values.hold();
  }

  expectedBytes(): number | undefined {
    return this.#source.expectedBytes(this.#gate);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => {
      this.#asks.push({ resolve, reject });
      if (this.#values.closed) {
        this.#answerEnd();
        return;
      }
      this.#values.release();
      this.#turnGate();
      if (!this.#values.closed && this.#subscription === undefined) this.#start();
    });
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#leave();
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    this.#leave();
    return Promise.reject(error);
  }

  /** The source may call this iterator while it is being subscribed. */
  #start(): void {
    const source = this.#source.open(this.#gate);
    const subscription = new Subscription();
    this.#subscription = subscription;
    subscription.add(
      source.subscribe({
        next: (value) => {
          this.#values.push(value);
          this.#turnGate();
        },
        error: (error: unknown) => this.#values.end({ error }),
        complete: () => this.#values.end(undefined),
      }),
    );
  }

  #answer(value: T): void {
    this.#asks.shift()?.resolve({ done: false, value });
    if (this.#asks.length === 0) this.#values.hold();
  }

  #end(failure: Failure | undefined): void {
    this.#failure = failure;
    this.#answerEnd();
  }

  #leave(): void {
    this.#values.close();
    this.#subscription?.unsubscribe();
    this.#end(undefined);
  }

  /** A value ahead is enough: the source is held while one waits. */
  #turnGate(): void {
    if (this.#values.isEmpty) this.#hold.release();
    else this.#hold.take();
  }

  /** Ends all that was asked for: the first one by the failure, if there is one. */
  #answerEnd(): void {
    for (const ask of this.#asks.splice(0)) {
      const failure = this.#failure;
      this.#failure = undefined;
      if (failure === undefined) ask.resolve({ done: true, value: undefined });
      else ask.reject(failure.error);
    }
    this.#hold.release();
  }
}

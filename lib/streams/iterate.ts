/**
 * Pulling from an Observable: an async iterator that stops the source while a value waits.
 *
 * Starts at the first `next`, asks for one value ahead, answers concurrent `next` calls in order, tells an error once.
 * A source that is no Flow cannot be stopped: values that it emits too early are queued.
 */
import type { Observable, Subscription } from 'rxjs';
import { bindGate, type ExpectedBytes, expectedBytesOf } from './flow.js';
import { Gate, Hold } from './gate.js';

/** An async iterator over one subscription of `source`; `return` and `throw` unsubscribe at once. */
export function iterate<T>(source: Observable<T>): AsyncIterableIterator<T> {
  return new ObservableIterator(source);
}

/** How many bytes `iterator` will give in all: one over the bytes of a transfer knows it, where the size has been named by now. */
export function expectedBytesOfIterator(iterator: object): number | undefined {
  return iterator instanceof ObservableIterator ? iterator.expectedBytes() : undefined;
}

interface Ask<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

class ObservableIterator<T> implements AsyncIterableIterator<T> {
  readonly #source: Observable<T>;
  readonly #gate = new Gate();
  readonly #hold = new Hold(this.#gate);
  readonly expectedBytes: ExpectedBytes;
  #subscription: Subscription | undefined;
  #waiting: T[] = [];
  #asks: Ask<T>[] = [];
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(source: Observable<T>) {
    this.#source = source;
    this.expectedBytes = expectedBytesOf(source, this.#gate);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => {
      this.#asks.push({ resolve, reject });
      this.#answer();
      if (!this.#ended) this.#subscription ??= this.#start();
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

  #start(): Subscription {
    return bindGate(this.#source, this.#gate).subscribe({
      next: (value) => {
        this.#waiting.push(value);
        this.#answer();
      },
      error: (error: unknown) => this.#end({ error }),
      complete: () => this.#end(undefined),
    });
  }

  #end(failure: { readonly error: unknown } | undefined): void {
    this.#ended = true;
    this.#failure = failure;
    this.#answer();
  }

  #leave(): void {
    this.#waiting = [];
    this.#subscription?.unsubscribe();
    this.#end(undefined);
  }

  /** Brings what was asked for and what is there together, and turns the gate accordingly. */
  #answer(): void {
    while (this.#asks.length > 0 && (this.#waiting.length > 0 || this.#ended)) {
      const ask = this.#asks.shift() as Ask<T>;
      if (this.#waiting.length > 0) ask.resolve({ done: false, value: this.#waiting.shift() as T });
      else this.#answerEnd(ask);
    }
    if (this.#waiting.length > 0) this.#hold.take();
    else this.#hold.release();
  }

  #answerEnd(ask: Ask<T>): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure === undefined) ask.resolve({ done: true, value: undefined });
    else ask.reject(failure.error);
  }
}

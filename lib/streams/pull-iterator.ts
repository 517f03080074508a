/**
 * Pulling from an Observable: an async iterator that stops the source while a value waits.
 *
 * Starts at the first `next`, asks for one value ahead, answers concurrent `next` calls in order, tells an error once.
 * A source that cannot be stopped may emit too early: those values are queued.
 */
import type { Observable, Subscription } from 'rxjs';
import { Gate, Hold } from './gate.js';

/** What is pulled from. */
export interface Pulled<T> {
  /** The source, which `gate` holds where that is possible. */
  open(gate: Gate): Observable<T>;
  /** How many bytes a source that runs with `gate` will give, where it gives those of a transfer and that is known by now. */
  expectedBytes(gate: Gate): number | undefined;
}

interface Ask<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

export class PullIterator<T> implements AsyncIterableIterator<T> {
  readonly #source: Pulled<T>;
  readonly #gate = new Gate();
  readonly #hold = new Hold(this.#gate);
  #subscription: Subscription | undefined;
  #waiting: T[] = [];
  #asks: Ask<T>[] = [];
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(source: Pulled<T>) {
    this.#source = source;
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
    return this.#source.open(this.#gate).subscribe({
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

/**
 * Queues values for a consumer that may hold it. During a hold, pushed values wait, and the end waits behind them.
 *
 * The consumer may call every method from within its own. It may hold the queue again, release it, or close it. It gets no value while it
 * is still busy with another. The end waits for earlier values, and for nothing else. If there are none, even a consumer that holds
 * receives the end at once, since an end takes no room.
 */

/** The receiver of the values that a queue passes on. */
export interface QueueConsumer<T, E> {
  next(value: T): void;
  /** Told once, behind all that was pushed. */
  end(end: E): void;
}

export class HeldQueue<T, E = void> {
  readonly #consumer: QueueConsumer<T, E>;
  readonly #waiting: T[] = [];
  #end: { readonly value: E } | undefined;
  #held = false;
  #handingOn = false;
  #closed = false;

  constructor(consumer: QueueConsumer<T, E>) {
    this.#consumer = consumer;
  }

  get held(): boolean {
    return this.#held;
  }

  /** Nothing waits. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** A value that is pushed now is passed on before `push` returns, without waiting behind another. */
  get passes(): boolean {
    return !this.#held && !this.#handingOn && this.#waiting.length === 0;
  }

  /** The end was passed on, or the queue was closed: it takes nothing more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** A value behind the end is dropped. */
  push(value: T): void {
    if (this.#closed || this.#end !== undefined) return;
    if (this.passes) this.#give(value);
    else this.#waiting.push(value);
    if (this.#waiting.length > 0 || this.#end !== undefined) this.#advance();
  }

  /** Only the first end counts; `value` is for the consumer. */
  end(value: E): void {
    this.#end ??= { value };
    this.#advance();
  }

  hold(): void {
    this.#held = true;
  }

  /** Passes on the waiting values, until it is held again. */
  release(): void {
    this.#held = false;
    this.#advance();
  }

  /** Drops what waits, and the end. */
  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
  }

  #advance(): void {
    if (this.#handingOn || this.#closed) return;
    while (!this.#held && this.#waiting.length > 0) this.#give(this.#waiting.shift() as T);
    if (this.#end === undefined || this.#closed || this.#waiting.length > 0) return;
    this.#closed = true;
    this.#consumer.end(this.#end.value);
  }

  #give(value: T): void {
    this.#handingOn = true;
    try {
      this.#consumer.next(value);
    } finally {
      this.#handingOn = false;
    }
  }
}

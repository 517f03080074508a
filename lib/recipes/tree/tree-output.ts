/**
 * Buffers the output of a walk for a consumer that may hold it. Above a limit it also holds the running listings.
 *
 * A listing that waits on its socket keeps a session from the consumer's own work. The consumer may even wait for that session.
 */
import type { Subscriber } from 'rxjs';
import { Gate, Hold } from '../../streams/gate.js';
import { HeldQueue } from '../../streams/held-queue.js';

/** So many values are kept, a little more than most directories have. */
const MAX_WAITING = 10_000;

interface Failure {
  readonly error: unknown;
}

/** A listing that feeds the output. */
export interface TreeInput {
  /** Held while too much waits. */
  readonly gate: Gate;
  /** The listing has ended. */
  readonly close: () => void;
}

export class TreeOutput<T> {
  readonly #queue: HeldQueue<T, Failure | undefined>;
  readonly #inputs = new Set<Hold>();
  #waiting = 0;

  constructor(subscriber: Subscriber<T>) {
    this.#queue = new HeldQueue({
      next: (value) => {
        this.#waiting -= 1;
        subscriber.next(value);
      },
      end: (failure) => (failure === undefined ? subscriber.complete() : subscriber.error(failure.error)),
    });
  }

  /** The consumer holds: nothing new is to be begun. */
  get held(): boolean {
    return this.#queue.held;
  }

  hold(): void {
    this.#queue.hold();
  }

  release(): void {
    this.#queue.release();
    this.#balance();
  }

  push(value: T): void {
    this.#waiting += 1;
    this.#queue.push(value);
    this.#balance();
  }

  end(): void {
    this.#queue.end(undefined);
  }

  /** The error comes behind the waiting values. */
  fail(error: unknown): void {
    this.#queue.end({ error });
  }

  /** Drops what waits. */
  close(): void {
    this.#queue.close();
  }

  openInput(): TreeInput {
    const gate = new Gate();
    const hold = new Hold(gate);
    this.#inputs.add(hold);
    return { gate, close: () => this.#inputs.delete(hold) };
  }

  /** Releases the hold when half of it is passed on, so that a listing does not stop at every row. */
  #balance(): void {
    if (this.#waiting >= MAX_WAITING) for (const hold of this.#inputs) hold.take();
    else if (this.#waiting <= MAX_WAITING / 2) for (const hold of this.#inputs) hold.release();
  }
}

/** Does slow work with each value without reading ahead: a `mergeMap` that holds its source. */
import { finalize, from, mergeMap, type ObservableInput, type OperatorFunction, tap } from 'rxjs';
import { requireLimit } from '../protocol/check-number.js';
import { bindGate, deferFlow } from './flow.js';
import { type Gate, Hold } from './gate.js';

/**
 * Projects each value to an inner Observable (or promise, or iterable) and merges the results, at most `concurrency` at a time. That is
 * `mergeMap`, or `concatMap` with 1. It holds the source while `concurrency` of them run, so that nothing piles up. Behind a download
 * `mergeMap` and `concatMap` queue all that comes before their work is done.
 *
 * Completes when the source and all inner ones have. Errors with the first error of any of them. Unsubscribing
 * unsubscribes all of them. A source that does not come from a `ByteStream` by operators cannot be held: early values queue, as in
 * `mergeMap`.
 *
 * @param concurrency how many may run at a time; 1 keeps the order, `Infinity` holds nothing. Default 1.
 *
 * @example
 * ```ts
 * ftp.retr$('/rows.csv').pipe(decodeText(), lines(), paced((row) => insert(row), 8)).subscribe();
 * ```
 */
export function paced<T, R>(
  project: (value: T, index: number) => ObservableInput<R>,
  concurrency: number = 1,
): OperatorFunction<T, R> {
  if (concurrency !== Number.POSITIVE_INFINITY) requireLimit('paced: concurrency', concurrency);
  return (source) =>
    deferFlow((gate) => {
      const room = new Room(gate, concurrency);
      return bindGate(source, gate).pipe(
        tap(() => room.enter()),
        mergeMap((value, index) => from(project(value, index)).pipe(finalize(() => room.leave())), concurrency),
        finalize(() => room.close()),
      );
    });
}

/** Counts what is inside, waiting or at work, and holds the gate while it is full. */
class Room {
  readonly #hold: Hold;
  readonly #size: number;
  #inside = 0;

  constructor(gate: Gate, size: number) {
    this.#hold = new Hold(gate);
    this.#size = size;
  }

  enter(): void {
    this.#inside += 1;
    if (this.#inside >= this.#size) this.#hold.take();
  }

  leave(): void {
    this.#inside -= 1;
    if (this.#inside < this.#size) this.close();
  }

  close(): void {
    this.#hold.release();
  }
}

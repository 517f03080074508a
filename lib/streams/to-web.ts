/** Makes a web ReadableStream of an Observable, which holds its source while no code reads it. */
import type { Observable, Subscription } from 'rxjs';
import { requireCount } from '../protocol/check-number.js';
import { requireKnownOptions } from '../protocol/option-names.js';
import { bindGate } from './flow.js';
import { Gate, Hold } from './gate.js';

export interface ToWebOptions {
  /** The amount that waits in the stream before the source is held: bytes; a value of another kind counts 16 KiB. Default 256 KiB. */
  readonly highWaterMark?: number | undefined;
}

const NAMES: Readonly<Record<keyof ToWebOptions, true>> = { highWaterMark: true };

const HIGH_WATER_BYTES = 256 * 1024;
const VALUE_BYTES = 16 * 1024;

/**
 * Turns an Observable into a web `ReadableStream`, as `fetch` and `Response` take it; the last of a chain of operators.
 *
 * The stream closes when the source completes, and errors with the source's error. Its first read subscribes; cancelling it
 * unsubscribes, which aborts a transfer. While it is full, the source is held if it comes from a `ByteStream`; any other
 * source is queued. Each call makes its own stream, which can be read once. It has a default reader alone: BYOB would need chunks that have
 * their memory for themselves. RxJS types the end of `pipe` as an Observable, so outside of a `ByteStream`'s own `pipe` write
 * `toWeb()(source)`.
 *
 * @example
 * ```ts
 * const response = new Response(ftp.retr$('/a.iso').pipe(toWeb()));
 * ```
 */
export function toWeb<T>(options: ToWebOptions = {}): (source: Observable<T>) => ReadableStream<T> {
  requireKnownOptions(options, NAMES);
  const { highWaterMark = HIGH_WATER_BYTES } = options;
  requireCount('toWeb: highWaterMark', highWaterMark);
  return (source) => {
    const outlet = new WebOutlet(source, highWaterMark);
    // With a mark of 0 nothing is pulled, and so nothing is subscribed, before a read.
    return new ReadableStream<T>(outlet, { highWaterMark: 0, size: weightOf });
  };
}

function weightOf(value: unknown): number {
  return value instanceof Uint8Array ? value.byteLength : VALUE_BYTES;
}

/** The source that a ReadableStream pulls from. */
class WebOutlet<T> {
  readonly #source: Observable<T>;
  readonly #highWaterMark: number;
  readonly #gate = new Gate();
  readonly #hold = new Hold(this.#gate);
  #subscription: Subscription | undefined;

  constructor(source: Observable<T>, highWaterMark: number) {
    this.#source = source;
    this.#highWaterMark = highWaterMark;
  }

  /** A reader waits, and nothing is queued. */
  pull(controller: ReadableStreamDefaultController<T>): void {
    this.#hold.release();
    this.#subscription ??= this.#subscribe(controller);
  }

  cancel(): void {
    this.#subscription?.unsubscribe();
    this.#hold.release();
  }

  #subscribe(controller: ReadableStreamDefaultController<T>): Subscription {
    return bindGate(this.#source, this.#gate).subscribe({
      next: (value) => {
        controller.enqueue(value);
        if (-(controller.desiredSize ?? 0) >= Math.max(1, this.#highWaterMark)) this.#hold.take();
      },
      error: (error: unknown) => controller.error(error),
      complete: () => controller.close(),
    });
  }
}

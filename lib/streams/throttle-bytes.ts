/**
 * Limits the rate of a stream of bytes, by a token bucket that holds a tenth of a second's worth.
 *
 * While it waits it holds the source; a chunk larger than the bucket leaves in slices.
 */
import { asyncScheduler, type OperatorFunction, type SchedulerLike, type Subscriber } from 'rxjs';
import { unfit } from '../protocol/check-number.js';
import { flowOperator } from './flow.js';
import { type Gate, Hold } from './gate.js';

/**
 * Emits the same bytes, in slices where needed, at `bytesPerSecond` at most. Completes when the last are out; an error of the
 * source overtakes what waits. A source that does not come from a `ByteStream` by operators cannot be held and is queued.
 * For an upload, `byteStream(source)` of `rxftp/sinks` makes a `ByteStream` of any source. Unsubscribing ends a wait at once.
 *
 * @param bytesPerSecond above 0, else an `FtpUsageError` at once.
 * @param scheduler the clock and timer. Default `asyncScheduler`.
 *
 * @example
 * ```ts
 * ftp.retr$('/a.iso').pipe(throttleBytes(512 * 1024), toWritable(createWriteStream('a.iso')));
 * ```
 */
export function throttleBytes(
  bytesPerSecond: number,
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<Uint8Array, Uint8Array> {
  if (!(Number.isFinite(bytesPerSecond) && bytesPerSecond > 0)) {
    throw unfit('throttleBytes: the rate', 'a number of bytes per second above 0', bytesPerSecond);
  }
  return flowOperator((subscriber, gate) => {
    const bucket = new Bucket(bytesPerSecond, subscriber, gate, scheduler);
    return { next: (chunk) => bucket.add(chunk), complete: () => bucket.finish() };
  }, true);
}

class Bucket {
  readonly #perMs: number;
  readonly #capacity: number;
  readonly #below: Subscriber<Uint8Array>;
  readonly #hold: Hold;
  readonly #scheduler: SchedulerLike;
  #queue: Uint8Array[] = [];
  #tokens: number;
  #filledAt: number;
  #complete = false;

  constructor(bytesPerSecond: number, below: Subscriber<Uint8Array>, gate: Gate, scheduler: SchedulerLike) {
    this.#perMs = bytesPerSecond / 1000;
    this.#capacity = Math.max(1, bytesPerSecond / 10);
    this.#below = below;
    this.#hold = new Hold(gate);
    this.#scheduler = scheduler;
    this.#tokens = this.#capacity;
    this.#filledAt = scheduler.now();
    below.add(() => this.#hold.release());
  }

  add(chunk: Uint8Array): void {
    this.#queue.push(chunk);
    if (!this.#hold.taken) this.#drain();
  }

  finish(): void {
    this.#complete = true;
    if (!this.#hold.taken) this.#below.complete();
  }

  /** Lets out what the tokens allow; holds the source and waits if that is not all. */
  #drain(): void {
    this.#fill();
    while (this.#queue.length > 0 && this.#tokens >= 1 && !this.#below.closed) this.#below.next(this.#take());
    if (this.#queue.length > 0) this.#wait();
    else if (this.#complete) this.#below.complete();
    else this.#hold.release();
  }

  #fill(): void {
    const now = this.#scheduler.now();
    const elapsedMs = Math.max(0, now - this.#filledAt);
    this.#tokens = Math.min(this.#capacity, this.#tokens + elapsedMs * this.#perMs);
    this.#filledAt = now;
  }

  /** As much of the first chunk as there are tokens for. */
  #take(): Uint8Array {
    const [chunk = new Uint8Array(0)] = this.#queue;
    const slice = chunk.subarray(0, Math.floor(this.#tokens));
    this.#tokens -= slice.length;
    if (slice.length === chunk.length) this.#queue.shift();
    else this.#queue[0] = chunk.subarray(slice.length);
    return slice;
  }

  #wait(): void {
    if (this.#below.closed) return;
    this.#hold.take();
    const wanted = Math.min(this.#capacity, this.#queue[0]?.length ?? 0);
    const delayMs = Math.max(1, Math.ceil((wanted - this.#tokens) / this.#perMs));
    this.#below.add(this.#scheduler.schedule(() => this.#drain(), delayMs));
  }
}

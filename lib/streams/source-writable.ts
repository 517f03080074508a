/**
 * Makes a Writable whose bytes are the source of an upload. The upload takes chunks as fast as it can send them.
 *
 * It begins nothing before the first write or the end. It calls a write back when the upload has taken its chunk and wants the next one.
 * `finish` follows when the consumer of the bytes is complete. Destroying it cancels that.
 */
import { Writable } from 'node:stream';
import type { Observable, Subscription } from 'rxjs';
import { asError } from './as-error.js';

interface Offer {
  readonly chunk: Uint8Array | undefined;
  readonly taken: (error?: Error | null) => void;
}

/** `consume` is given the bytes that are written, and returns what completes when they have arrived. */
export function sourceWritable(consume: (source: AsyncIterable<Uint8Array>) => Observable<unknown>): Writable {
  return new SourceWritable(consume);
}

class SourceWritable extends Writable {
  readonly #consume: (source: AsyncIterable<Uint8Array>) => Observable<unknown>;
  #subscription: Subscription | undefined;
  #offer: Offer | undefined;
  #wanted: ((offer: Offer) => void) | undefined;
  #finished: ((error?: Error | null) => void) | undefined;

  constructor(consume: (source: AsyncIterable<Uint8Array>) => Observable<unknown>) {
    super({ decodeStrings: true });
    this.#consume = consume;
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#put({ chunk, taken: callback });
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#finished = callback;
    this.#put({ chunk: undefined, taken: () => {} });
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#subscription?.unsubscribe();
    callback(error);
  }

  #put(offer: Offer): void {
    if (this.#wanted === undefined) this.#offer = offer;
    else this.#wanted(offer);
    this.#wanted = undefined;
    this.#subscription ??= this.#consume(this.#chunks()).subscribe({
      error: (error: unknown) => this.destroy(asError(error)),
      complete: () => this.#complete(),
    });
  }

  /** Complete before the end was written: the bytes that are still to come have no taker. */
  #complete(): void {
    if (this.#finished === undefined) this.destroy(new Error('The upload ended before everything was written.'));
    else this.#finished();
  }

  async *#chunks(): AsyncGenerator<Uint8Array, undefined> {
    for (;;) {
      const offer =
        this.#offer ??
        (await new Promise<Offer>((resolve) => {
          this.#wanted = resolve;
        }));
      this.#offer = undefined;
      if (offer.chunk === undefined) return;
      yield offer.chunk;
      offer.taken();
    }
  }
}

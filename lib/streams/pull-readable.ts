/**
 * Reads a Node Readable chunk by chunk: it flows while the consumer wants a chunk, and otherwise pauses.
 *
 * `read()` would join all buffered bytes into a copy, and RxJS's `from(readable)` releases the source only at its next chunk. Here `cancel`
 * destroys it in the same turn. An error between two chunks waits for the next call.
 */
import { finished, type Readable } from 'node:stream';
import type { Pull } from './pull.js';

/** Reads `readable` from now on. */
export function pullReadable(readable: Readable): Pull {
  return new ReadablePull(readable);
}

interface Ask {
  resolve(result: IteratorResult<unknown, unknown>): void;
  reject(error: unknown): void;
}

export class ReadablePull implements Pull {
  readonly #readable: Readable;
  readonly #unwatch: () => void;
  #chunks: unknown[] = [];
  #ask: Ask | undefined;
  #end: { readonly error: unknown } | undefined;

  constructor(readable: Readable) {
    this.#readable = readable;
    this.#unwatch = finished(readable, { writable: false }, (error) => this.#finish(error));
    readable.on('data', this.#onData).on('resume', this.#onResume);
  }

  next(): Promise<IteratorResult<unknown, unknown>> {
    return new Promise((resolve, reject) => {
      this.#ask = { resolve, reject };
      this.#answer();
    });
  }

  /** Releases the stream and its chunks. */
  leave(): void {
    this.#chunks = [];
    this.#finish(undefined);
  }

  cancel(): void {
    this.#chunks = [];
    if (this.#end === undefined) {
      // A cancelled source is not waited for, and an error of its destruction must not end the process.
      this.#readable.once('error', ignore).once('close', () => this.#readable.off('error', ignore));
      this.#readable.destroy();
    }
    this.#finish(undefined);
  }

  readonly #onData = (chunk: unknown): void => {
    this.#chunks.push(chunk);
    this.#answer();
  };

  /** The other readers, by `pipe` say, let it flow as they like, and their chunks would wait here. */
  readonly #onResume = (): void => {
    if (this.#ask === undefined) this.#readable.pause();
  };

  #finish(error: unknown): void {
    if (this.#end === undefined) {
      this.#unwatch();
      this.#readable.off('data', this.#onData).off('resume', this.#onResume);
    }
    this.#end ??= { error };
    this.#answer();
  }

  /** Answers the waiting call if that is possible, and lets the stream flow only as long as it is not. */
  #answer(): void {
    if (this.#ask !== undefined && (this.#chunks.length > 0 || this.#end !== undefined)) this.#settle(this.#ask);
    if (this.#end !== undefined) return;
    if (this.#ask === undefined) this.#readable.pause();
    else this.#readable.resume();
  }

  #settle(ask: Ask): void {
    this.#ask = undefined;
    if (this.#chunks.length > 0) ask.resolve({ done: false, value: this.#chunks.shift() });
    else if (this.#end?.error === undefined || this.#end.error === null) ask.resolve({ done: true, value: undefined });
    else ask.reject(this.#end.error);
  }
}

function ignore(): void {}

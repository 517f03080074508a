/**
 * Where a download's socket reads into: the receiver's own memory.
 *
 * A TLS socket that is paused still hands on what it has deciphered, and may do so before it was ever resumed. While the
 * receiver is held that is kept here, a few records at most, and the end of the data behind it.
 */
import type { OnReadOpts } from 'node:net';

/** Who gets the bytes of a download. */
export interface DataReceiver {
  /** Memory for the next read. */
  buffer(): Uint8Array;
  chunk(bytes: Uint8Array): void;
}

/** A TLS record holds no more. */
const RECORD_BYTES = 16 * 1024;

export class Inlet {
  readonly #receiver: DataReceiver;
  readonly #onEnd: () => void;
  readonly #kept: Uint8Array[] = [];
  /** The data has ended, though some of it may still be kept. */
  ended = false;
  #held = false;
  #closed = false;

  /** `onEnd` is called when the data has ended, and all of it was handed on. */
  constructor(receiver: DataReceiver, onEnd: () => void) {
    this.#receiver = receiver;
    this.#onEnd = onEnd;
  }

  /** Node's `onread`. What is kept may lie in the receiver's memory, which is not read into again before it was handed on. */
  get onread(): OnReadOpts {
    return {
      buffer: () => (this.#kept.length === 0 ? this.#receiver.buffer() : Buffer.allocUnsafeSlow(RECORD_BYTES)),
      callback: (length, memory) => {
        this.take(memory.subarray(0, length));
        return true;
      },
    };
  }

  take(chunk: Uint8Array): void {
    if (this.#closed) return;
    if (this.#held) this.#kept.push(chunk);
    else this.#receiver.chunk(chunk);
  }

  end(): void {
    this.ended = true;
    if (this.#kept.length === 0) this.#onEnd();
  }

  /** Nothing more is handed on: the server has turned out to be another, or the connection has broken. */
  close(): void {
    this.#closed = true;
    this.#kept.length = 0;
  }

  hold(): void {
    this.#held = true;
  }

  /** Hands on what was kept, until the receiver is held again. */
  release(): void {
    this.#held = false;
    if (this.#kept.length === 0) return;
    while (!this.#held) {
      const chunk = this.#kept.shift();
      if (chunk === undefined) break;
      this.#receiver.chunk(chunk);
    }
    if (this.ended && this.#kept.length === 0 && !this.#closed) this.#onEnd();
  }
}

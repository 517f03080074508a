/**
 * Gives a download's socket its memory: the receiver's own.
 *
 * Under TLS a read is one record of 16 KiB at most. Several come in one turn of the event loop. It gathers them side by side in that
 * memory, and passes them on as one chunk. So the receiver has a fourth as many chunks to work on.
 *
 * A paused TLS socket still emits the bytes that it has deciphered, perhaps before its first resume. While the receiver is held, a few
 * records wait here, and the end of the data behind them.
 */
import type { OnReadOpts } from 'node:net';
import type { ByteReceiver } from '../streams/byte-sink.js';
import { HeldQueue } from '../streams/held-queue.js';
import { Slab } from '../streams/memory.js';

/** A TLS record holds no more. */
const RECORD_BYTES = 16 * 1024;
/** A chunk of records is passed on when it has as much as this, or when the turn is over. */
const GATHER_BYTES = 64 * 1024;

export class ReceiveBuffer {
  readonly #receiver: ByteReceiver;
  readonly #enough: number;
  /** Chunks for a receiver that may be held. */
  readonly #queue: HeldQueue<Uint8Array>;
  /** The memory for reads: the receiver's, unless bytes wait. The bytes that were passed on leave nothing behind. */
  readonly #memory = new Slab();
  /** The receiver's memory that the socket was given for its next read, where nothing is to be gathered or waits. */
  #lent: Uint8Array | undefined;
  #turn: NodeJS.Immediate | undefined;
  /** The data has ended, though some of it may still be here. */
  ended = false;

  /** `onEnd` is called once, when the data has ended and all of it was passed on. */
  constructor(receiver: ByteReceiver, gathers: boolean, onEnd: () => void) {
    this.#receiver = receiver;
    this.#enough = gathers ? GATHER_BYTES : 0;
    this.#queue = new HeldQueue({ next: (chunk) => receiver.write(chunk), end: onEnd });
  }

  /** Node's `onread`. */
  get onread(): OnReadOpts {
    return {
      buffer: () => {
        this.#lent = this.#queue.passes && this.#memory.filled === 0 ? this.#receiver.buffer() : undefined;
        return this.#lent ?? this.#room().free();
      },
      callback: (length, memory) => {
        const chunk = memory.subarray(0, length);
        if (memory === this.#lent && length >= this.#enough && this.#queue.passes) this.#queue.push(chunk);
        else this.#read(chunk);
        return true;
      },
    };
  }

  /** Takes a chunk with its own memory. */
  take(chunk: Uint8Array): void {
    if (this.#queue.closed) return;
    if (this.#mayPass(chunk)) {
      this.#queue.push(chunk);
      return;
    }
    this.#copy(chunk);
    this.#advance();
  }

  end(): void {
    this.ended = true;
    this.#seal();
    this.#queue.end();
  }

  /** Nothing more is passed on: the server has turned out to be another, or the connection is broken or done with. */
  close(): void {
    clearImmediate(this.#turn);
    this.#queue.close();
  }

  hold(): void {
    this.#queue.hold();
  }

  /** Passes on the waiting bytes, until the receiver is held again. */
  release(): void {
    this.#seal();
    this.#queue.release();
  }

  /** Passes on all there is to a receiver that is not held. */
  flush(): void {
    if (!this.#queue.held) this.#seal();
  }

  #room(): Slab {
    const memory = this.#memory;
    if (memory.left === 0) {
      memory.renew(this.#queue.isEmpty ? this.#receiver.buffer() : Buffer.allocUnsafeSlow(GATHER_BYTES));
    }
    return memory;
  }

  /** If bytes were passed on between two reads, the socket still has room in the old memory: a read there is copied over. */
  #read(chunk: Uint8Array): void {
    if (this.#queue.closed) return;
    const mayPass = this.#mayPass(chunk);
    const isThere = this.#room().took(chunk);
    if (isThere && mayPass) {
      this.#memory.renew();
      this.#queue.push(chunk);
      return;
    }
    if (!isThere) this.#copy(chunk);
    this.#advance();
  }

  /** Nothing waits before `chunk`, and `chunk` need not wait for more. */
  #mayPass(chunk: Uint8Array): boolean {
    return chunk.length >= this.#enough && this.#memory.filled === 0 && this.#queue.passes;
  }

  #copy(chunk: Uint8Array): void {
    for (let rest = chunk; rest.length > 0; ) {
      rest = this.#room().copy(rest);
      if (this.#memory.left === 0) this.#seal();
    }
  }

  /** The filled part is a chunk. */
  #seal(): void {
    clearImmediate(this.#turn);
    this.#turn = undefined;
    const { bytes, filled } = this.#memory;
    if (filled === 0) return;
    this.#memory.renew();
    this.#queue.push(bytes.subarray(0, filled));
  }

  /** Passes on a full chunk, or one without room for another record; and the rest when this turn is over. */
  #advance(): void {
    const { filled, left } = this.#memory;
    if (filled >= this.#enough || left < RECORD_BYTES) this.#seal();
    else if (!this.#queue.held) this.#turn ??= setImmediate(() => this.flush());
  }
}

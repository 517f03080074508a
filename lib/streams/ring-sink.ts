/**
 * Writes a download from the memory the socket reads into. A few large buffers take turns: the socket fills one again as soon as its bytes
 * are written. The sink holds the socket while all of them wait for the disk.
 *
 * One write runs at a time. A trip through the thread pool costs as much as many kilobytes, and a TLS record has 16. It writes the first
 * bytes at once. A later write waits until it is worth the trip, but not for long.
 */
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import type { ByteSink } from './byte-sink.js';
import { type Gate, Hold } from './gate.js';
import { Slab } from './memory.js';

/** The first is small, for the many files that are. */
const FIRST_BUFFER_BYTES = 64 * 1024;
const BUFFER_BYTES = 1024 * 1024;
const BUFFERS = 4;
/** A shorter rest of a buffer is left: small reads cost more than a new buffer. */
const LEAST_BYTES = 32 * 1024;
/** The least size of a write, and how long fewer bytes may wait. */
const GATHER_BYTES = 256 * 1024;
const GATHER_MS = 10;

export interface RingSinkOptions {
  readonly gate: Gate;
  /** Writes all of `views`, in order; resolves when their memory may be used again. */
  readonly write: (views: readonly Uint8Array[]) => Promise<void>;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** The transfer is complete, and everything is written. */
  readonly onComplete: (verifiedBy: VerifiedBy | undefined) => void;
  /** The transfer has failed; nothing more is written. */
  readonly onError: (error: unknown) => void;
  /** A write has failed, and nothing more is written: the transfer is to be cancelled. */
  readonly onWriteError: (error: unknown) => void;
}

export class RingSink implements ByteSink {
  readonly #options: RingSinkOptions;
  readonly #hold: Hold;
  readonly #free: Uint8Array[] = [];
  #large = 0;
  readonly #memory = new Slab(Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES));
  /** The parts of the memory that are on their way to the disk. */
  #taken = 0;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Buffers to use again when the next write is done. */
  #retired: Uint8Array[] = [];
  #started = false;
  #writing = false;
  #timer: NodeJS.Timeout | undefined;
  #ending: { readonly verifiedBy: VerifiedBy | undefined } | undefined;
  #ended = false;
  #over = false;

  constructor(options: RingSinkOptions) {
    this.#options = options;
    this.#hold = new Hold(options.gate);
  }

  buffer(): Uint8Array {
    return this.#memory.free();
  }

  write(chunk: Uint8Array): void {
    if (!this.#memory.took(chunk)) this.#copy(chunk);
    if (this.#memory.left < LEAST_BYTES) this.#turn();
    this.#waitingBytes += chunk.length;
    this.#options.onBytes?.(chunk.length);
    this.#advance();
  }

  /** The transfer has told its end, and is not to be cancelled any more. */
  get ended(): boolean {
    return this.#ended;
  }

  complete(verifiedBy?: VerifiedBy): void {
    this.#ended = true;
    this.#ending = { verifiedBy };
    this.#advance();
  }

  error(error: unknown): void {
    this.#ended = true;
    this.#fail(error, this.#options.onError);
  }

  /** Writes nothing more. A write that is under way goes on; its memory is not used again. */
  stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #fail(error: unknown, tell: (error: unknown) => void): void {
    if (this.#over) return;
    this.stop();
    tell(error);
  }

  /** A TLS record, or a chunk of a foreign duplex, has its own memory. */
  #copy(chunk: Uint8Array): void {
    for (let rest = chunk; rest.length > 0; ) {
      rest = this.#memory.copy(rest);
      if (this.#memory.left === 0) this.#turn();
    }
  }

  /** Goes on in the next buffer; when that is the last one that is free, the socket waits for the disk. */
  #turn(): void {
    this.#collect();
    this.#retired.push(this.#memory.bytes);
    this.#memory.renew(this.#free.pop() ?? this.#allocate());
    this.#taken = 0;
    if (this.#free.length === 0 && this.#large >= BUFFERS) this.#hold.take();
  }

  #allocate(): Uint8Array {
    this.#large += 1;
    return Buffer.allocUnsafeSlow(BUFFER_BYTES);
  }

  #collect(): void {
    const { bytes, filled } = this.#memory;
    if (filled > this.#taken) this.#waiting.push(bytes.subarray(this.#taken, filled));
    this.#taken = filled;
  }

  /** Writes what waits, now or later; or is done. */
  #advance(): void {
    if (this.#writing || this.#over) return;
    if (this.#waitingBytes === 0) {
      if (this.#ending !== undefined) this.#finish(this.#ending.verifiedBy);
    } else if (!this.#started || this.#ending !== undefined || this.#waitingBytes >= GATHER_BYTES) {
      void this.#flush();
    } else {
      this.#timer ??= setTimeout(() => void this.#flush(), GATHER_MS);
    }
  }

  #finish(verifiedBy: VerifiedBy | undefined): void {
    this.stop();
    this.#options.onComplete(verifiedBy);
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#started = true;
    this.#writing = true;
    this.#collect();
    this.#waitingBytes = 0;
    const retired = this.#retired.splice(0);
    try {
      await this.#options.write(this.#waiting.splice(0));
    } catch (error) {
      this.#fail(error, this.#options.onWriteError);
      return;
    }
    this.#writing = false;
    this.#recycle(retired);
    this.#advance();
  }

  #recycle(written: readonly Uint8Array[]): void {
    this.#free.push(...written.filter(({ length }) => length === BUFFER_BYTES));
    // With none free, the buffers that were filled meanwhile are written next.
    if (this.#free.length > 0) this.#hold.release();
  }
}

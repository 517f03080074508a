/**
 * Writes a download to a file from the memory the socket reads into: a few large buffers in turn, and one `writev` for
 * everything that came while the last one was under way. The socket is held when all buffers wait for the disk.
 */
import type { FileHandle } from 'node:fs/promises';
import type { ByteSink } from '../streams/byte-sink.js';
import type { Gate } from '../streams/gate.js';

/** The first is small, for the many files that are. */
const FIRST_BUFFER_BYTES = 64 * 1024;
const BUFFER_BYTES = 1024 * 1024;
const BUFFERS = 4;
/** A shorter rest of a buffer is left: small reads cost more than a new buffer. */
const LEAST_BYTES = 32 * 1024;

export interface FileSinkOptions {
  readonly gate: Gate;
  /** Opens the file; called when the first bytes come. */
  readonly open: () => Promise<FileHandle>;
  readonly onBytes: (bytes: number) => void;
  /** Everything is written, to a file that is still open. */
  readonly onComplete: (verified: boolean) => void;
  readonly onError: (error: unknown) => void;
}

export class FileSink implements ByteSink {
  readonly #options: FileSinkOptions;
  readonly #free: Uint8Array[] = [];
  #large = 0;
  #memory: Uint8Array = Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES);
  /** What of the memory is filled, and what of that is on its way to the disk. */
  #filled = 0;
  #taken = 0;
  #waiting: Uint8Array[] = [];
  /** Buffers to use again when the present write is done. */
  #retired: Uint8Array[] = [];
  #writing = false;
  #position = 0;
  #handle: FileHandle | undefined;
  #release: (() => void) | undefined;
  #ending: { readonly verified: boolean } | undefined;
  #failed = false;

  constructor(options: FileSinkOptions) {
    this.#options = options;
  }

  buffer(): Uint8Array {
    return this.#memory.subarray(this.#filled);
  }

  write(chunk: Uint8Array): void {
    if (chunk.buffer === this.#memory.buffer) this.#filled = chunk.byteOffset + chunk.byteLength;
    else this.#copy(chunk);
    if (this.#memory.length - this.#filled < LEAST_BYTES) this.#turn();
    this.#options.onBytes(chunk.length);
    if (!this.#writing) void this.#drain();
  }

  complete(verified = false): void {
    this.#ending = { verified };
    if (!this.#writing) void this.#drain();
  }

  error(error: unknown): void {
    this.#failed = true;
    this.#options.onError(error);
  }

  /** A TLS record, or a chunk of a foreign duplex, lies in memory of its own. */
  #copy(chunk: Uint8Array): void {
    for (let done = 0; done < chunk.length; ) {
      const part = chunk.subarray(done, done + this.#memory.length - this.#filled);
      this.#memory.set(part, this.#filled);
      this.#filled += part.length;
      done += part.length;
      if (this.#filled === this.#memory.length) this.#turn();
    }
  }

  /** Goes on in the next buffer; when that is the last one that is free, the socket waits for the disk. */
  #turn(): void {
    this.#collect();
    this.#retired.push(this.#memory);
    this.#memory = this.#free.pop() ?? this.#allocate();
    this.#filled = 0;
    this.#taken = 0;
    if (this.#free.length === 0 && this.#large >= BUFFERS) this.#release ??= this.#options.gate.hold();
  }

  #allocate(): Uint8Array {
    this.#large += 1;
    return Buffer.allocUnsafeSlow(BUFFER_BYTES);
  }

  #collect(): void {
    if (this.#filled > this.#taken) this.#waiting.push(this.#memory.subarray(this.#taken, this.#filled));
    this.#taken = this.#filled;
  }

  /** Writes until nothing waits; one at a time. */
  async #drain(): Promise<void> {
    this.#writing = true;
    try {
      this.#handle ??= await this.#options.open();
      for (this.#collect(); this.#waiting.length > 0 && !this.#failed; this.#collect()) await this.#writeWaiting();
      this.#writing = false;
      if (this.#ending !== undefined && !this.#failed) this.#options.onComplete(this.#ending.verified);
    } catch (error) {
      if (!this.#failed) this.error(error);
    }
  }

  async #writeWaiting(): Promise<void> {
    const retired = this.#retired.splice(0);
    let views = this.#waiting.splice(0);
    while (views.length > 0) {
      const { bytesWritten } = await this.#open.writev(views, this.#position);
      this.#position += bytesWritten;
      views = without(views, bytesWritten);
    }
    this.#free.push(...retired.filter(({ length }) => length === BUFFER_BYTES));
    // With none free, the buffers that were filled meanwhile are written next.
    if (this.#free.length === 0) return;
    this.#release?.();
    this.#release = undefined;
  }

  get #open(): FileHandle {
    if (this.#handle === undefined) throw new Error('The file is not open.');
    return this.#handle;
  }
}

/** What is left of `views` after the first `count` bytes. */
function without(views: readonly Uint8Array[], count: number): Uint8Array[] {
  let skip = count;
  return views.flatMap((view) => {
    const skipped = Math.min(skip, view.length);
    skip -= skipped;
    return skipped === view.length ? [] : [view.subarray(skipped)];
  });
}

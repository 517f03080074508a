/**
 * Reads the file of an `fs.ReadStream` in the stream's place. It reads large pieces, the next one during the sending of the last. It uses
 * the memory of a read again when it comes back.
 *
 * The stream stays Node's: it opens and closes its file, and reports its own end and its own errors. Only its `_read` is replaced. Its
 * `_destroy` waits for a running read, as Node's own waits for Node's.
 */
import type { ReadStream } from 'node:fs';
import type { FileFields, FileOperations } from './untouched-file.js';

const LEAST_BYTES = 64 * 1024;
const MOST_BYTES = 1024 * 1024;
/** A small file, and each read of a pipe, need no large memory. */
const GROWTH = 4;

/** The result of a read: bytes in some memory, the end of the file, or an error. */
type Found = { readonly memory: Buffer; readonly chunk: Buffer } | 'end' | 'failed';

export class FileReading {
  readonly #stream: ReadStream & FileFields;
  readonly #operations: FileOperations;
  #length = LEAST_BYTES;
  #free: Buffer[] = [];
  readonly #lent = new WeakMap<Uint8Array, Buffer>();
  /** The demand of the stream, before the upload's first one. */
  #found: Found | undefined;
  #asked = false;
  #busy = false;
  #over = false;
  #onIdle: ((error: Error | null) => void) | undefined;

  constructor(stream: ReadStream & FileFields, operations: FileOperations) {
    this.#stream = stream;
    this.#operations = operations;
    stream._read = () => this.#read();
    stream._destroy = (error, callback) => this.#destroy(error, callback);
  }

  /** One chunk more, or the end. */
  ask(): void {
    this.#asked = true;
    if (this.#found !== undefined) this.#give(this.#found);
  }

  /** The bytes of `chunk` have left. */
  giveBack(chunk: Uint8Array): void {
    const memory = this.#lent.get(chunk);
    if (memory === undefined || this.#over) return;
    this.#lent.delete(chunk);
    this.#free.push(memory);
  }

  /**
   * Reads on at the stream's own position, as Node does. The stream wants that as soon as it has given its last chunk, and then waits for
   * the result.
   */
  #read(): void {
    const { pos, end, bytesRead } = this.#stream;
    const length = Math.min(this.#length, end - (pos ?? bytesRead) + 1);
    if (length > 0) this.#readInto(this.#take(), length);
    else this.#find('end');
  }

  #readInto(memory: Buffer, length: number): void {
    const { fd, pos } = this.#stream;
    this.#operations.read(fd, memory, 0, length, pos, (error, bytes) => {
      this.#busy = false;
      if (this.#over) this.#onIdle?.(error);
      else this.#find(error ? 'failed' : this.#count(memory, bytes, length));
    });
    this.#busy = true;
  }

  #find(found: Found): void {
    if (this.#asked) this.#give(found);
    else this.#found = found;
  }

  #count(memory: Buffer, bytes: number, asked: number): Found {
    if (bytes === 0) return 'end';
    const stream = this.#stream;
    if (stream.pos !== undefined) stream.pos += bytes;
    stream.bytesRead += bytes;
    this.#length = bytes < asked ? LEAST_BYTES : Math.min(this.#length * GROWTH, MOST_BYTES);
    return { memory, chunk: memory.subarray(0, bytes) };
  }

  #take(): Buffer {
    const memory = this.#free.pop();
    return memory !== undefined && memory.length >= this.#length ? memory : Buffer.allocUnsafeSlow(this.#length);
  }

  #give(found: Found): void {
    this.#found = undefined;
    this.#asked = false;
    if (found === 'failed') this.#leave();
    else if (found === 'end') this.#end();
    else this.#push(found.chunk, found.memory);
  }

  #end(): void {
    this.#restore();
    this.#stream.push(null);
  }

  /** The stream reads by itself from here: it meets the same error, and does with it what its options say. */
  #leave(): void {
    this.#restore();
    this.#stream._read(this.#stream.readableHighWaterMark);
  }

  /** The memory is lent where only the upload has seen it: no other listener, and nothing that waits in the stream. */
  #push(chunk: Buffer, memory: Buffer): void {
    const stream = this.#stream;
    const alone = stream.listenerCount('data') === 1;
    stream.push(chunk);
    if (alone && stream.readableLength === 0) this.#lent.set(chunk, memory);
  }

  /** Nothing is read here any more. */
  #restore(): void {
    const own: Partial<ReadStream> = this.#stream;
    delete own._read;
    delete own._destroy;
    this.#over = true;
    this.#found = undefined;
    this.#free = [];
  }

  #destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#restore();
    const close = (failure: Error | null): void => this.#stream._destroy(error ?? failure, callback);
    if (this.#busy) this.#onIdle = close;
    else close(null);
  }
}

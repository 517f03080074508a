/**
 * Reads a file for an upload: large reads, the next one while the last is being sent.
 *
 * An upload gives the memory of a chunk back when its bytes have left, so a few buffers do for any file. A consumer that
 * iterates over it owns each chunk.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { LendingSource } from '../streams/lending.js';
import { type Pull, pullIterator } from '../streams/source.js';

const BUFFER_BYTES = 1024 * 1024;
const LEAST_BYTES = 64 * 1024;

export class FileSource extends LendingSource implements AsyncIterable<Uint8Array> {
  readonly #path: string;
  readonly #openFile: typeof open;
  #size: number | undefined;

  constructor(path: string, openFile: typeof open = open) {
    super();
    this.#path = path;
    this.#openFile = openFile;
  }

  /** What the file has, once it is open; of a file that names no size (a pipe, a device, /proc), once it is read. */
  override get size(): number | undefined {
    return this.#size;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    return this.#read([]);
  }

  override lend(): Pull {
    const free: Uint8Array[] = [];
    return { ...pullIterator(this.#read(free)), giveBack: (chunk) => void free.push(chunk) };
  }

  /** Reads into what is free, else into new memory. */
  async *#read(free: Uint8Array[]): AsyncGenerator<Uint8Array, undefined> {
    const handle = await this.#openFile(this.#path, 'r');
    try {
      const named = await namedSize(handle);
      this.#size = named;
      const length = Math.min(BUFFER_BYTES, Math.max(named ?? 0, LEAST_BYTES));
      let read = 0;
      for await (const chunk of readChunks(handle, length, free)) {
        read += chunk.length;
        if (named !== undefined && read > named) break;
        yield chunk;
      }
      const changed = named === undefined ? (await namedSize(handle)) !== undefined : read !== named;
      if (changed) throw this.#changed(named ?? 0);
      this.#size = read;
    } finally {
      await handle.close();
    }
  }

  #changed(size: number): Error {
    return new Error(
      `The file ${this.#path} was changed while it was uploaded: it had ${size} bytes when it was opened.`,
    );
  }
}

/** The size of a file that has one: a file of no bytes may be one that does not tell. */
async function namedSize(handle: FileHandle): Promise<number | undefined> {
  const found = await handle.stat();
  return found.isFile() && found.size > 0 ? found.size : undefined;
}

async function* readChunks(
  handle: FileHandle,
  length: number,
  free: Uint8Array[],
): AsyncGenerator<Uint8Array, undefined> {
  const read = (): Promise<Uint8Array> => fill(handle, takeFree(free, length) ?? Buffer.allocUnsafeSlow(length));
  for (let ahead = read(); ; ) {
    const chunk = await ahead;
    if (chunk.length === length) ahead = handled(read());
    if (chunk.length > 0) yield chunk;
    if (chunk.length < length) return;
  }
}

/** A last chunk that is not full is not used again. */
function takeFree(free: Uint8Array[], length: number): Uint8Array | undefined {
  const memory = free.pop();
  return memory?.length === length ? memory : undefined;
}

/** Reads until the memory is full or the file ends. */
async function fill(handle: FileHandle, memory: Uint8Array): Promise<Uint8Array> {
  let filled = 0;
  while (filled < memory.length) {
    const { bytesRead } = await handle.read(memory, filled, memory.length - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return memory.subarray(0, filled);
}

/** A read ahead may fail when the upload has ended. An upload that waits for it still gets the error. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

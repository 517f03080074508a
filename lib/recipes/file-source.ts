/**
 * Reads a file for an upload: large reads into a few buffers in turn, the next one while the last is being sent.
 *
 * A chunk is overwritten two chunks later. That is safe for an upload, which has sent a chunk that is larger than the
 * socket's buffer before it asks for the next; only the last chunk of a file is not full.
 */
import type { FileHandle } from 'node:fs/promises';

const BUFFER_BYTES = 1024 * 1024;
const LEAST_BYTES = 64 * 1024;
const BUFFERS = 3;

export class FileSource implements AsyncIterable<Uint8Array> {
  /** The size of the file, once it is open. */
  size: number | undefined;
  readonly #open: () => Promise<FileHandle>;

  constructor(open: () => Promise<FileHandle>) {
    this.#open = open;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    const handle = await this.#open();
    try {
      const { size } = await handle.stat();
      this.size = size;
      yield* readChunks(handle, Math.min(BUFFER_BYTES, Math.max(size, LEAST_BYTES)));
    } finally {
      await handle.close();
    }
  }
}

async function* readChunks(handle: FileHandle, bytes: number): AsyncGenerator<Uint8Array, undefined> {
  const buffers: Buffer[] = [];
  const read = (turn: number): Promise<Uint8Array> => {
    const at = turn % BUFFERS;
    buffers[at] ??= Buffer.allocUnsafeSlow(bytes);
    return fill(handle, buffers[at]);
  };
  let ahead = read(0);
  for (let turn = 1; ; turn += 1) {
    const chunk = await ahead;
    if (chunk.length > 0 && chunk.length === bytes) ahead = handled(read(turn));
    if (chunk.length > 0) yield chunk;
    if (chunk.length < bytes) return;
  }
}

/** Reads until the buffer is full or the file ends. */
async function fill(handle: FileHandle, buffer: Buffer): Promise<Uint8Array> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** A read ahead may fail when nobody waits for it any more; whoever does still gets the error. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Reads the bytes of an earlier run right before the offset where a download continues. */
import type { FileHandle } from 'node:fs/promises';

/** The number of bytes of a partial file that are compared with the remote one. */
export const OVERLAP_BYTES = 4096;

/** The last bytes of an earlier run: the remote file must have the same bytes there. */
export interface StoredTail {
  /** Their offset. */
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Reads the end of the stored bytes from `from` up to `end`. */
export async function readTail(handle: FileHandle, from: number, end: number): Promise<StoredTail> {
  const start = Math.max(from, end - OVERLAP_BYTES);
  return { start, bytes: await readAt(handle, start, end - start) };
}

async function readAt(handle: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await handle.read(bytes, read, length - read, start + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

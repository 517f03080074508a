/** Writes to a file from an offset on, and repeats a write that the disk took only in part. */
import type { FileHandle } from 'node:fs/promises';
import { requireCount } from '../protocol/check-number.js';

/**
 * Writes to a local file in order, from an offset on. Several writers may write to one handle, each to its own part.
 *
 * @example
 * ```ts
 * const writer = new FileWriter(() => open('part.bin', 'wx'));
 * await lastValueFrom(moveBytes$(ftp.retr$('/big.bin'), (views) => writer.write(views)));
 * await writer.sync();
 * await writer.close();
 * ```
 */
export class FileWriter {
  readonly #open: () => Promise<FileHandle>;
  #opening: Promise<FileHandle> | undefined;
  #position: number;

  /**
   * The first use calls `open`, once. `start`: the offset of the first byte. Throws FtpUsageError for a `start` that is no offset.
   */
  constructor(open: () => Promise<FileHandle>, start: number = 0) {
    requireCount('The start', start);
    this.#open = open;
    this.#position = start;
  }

  /** The offset behind the last written byte. */
  get position(): number {
    return this.#position;
  }

  /** Writes all of `views` behind the bytes before; one call at a time. Rejects with Node's error. */
  async write(views: readonly Uint8Array[]): Promise<void> {
    const handle = await this.#opened();
    for (let left = views; left.length > 0; ) {
      const { bytesWritten } = await handle.writev(left, this.#position);
      this.#position += bytesWritten;
      left = without(left, bytesWritten);
    }
  }

  /** Resolves when the bytes are on the disk (fsync). */
  async sync(): Promise<void> {
    const handle = await this.#opened();
    await handle.sync();
  }

  /**
   * Closes the file. If nothing was written, it makes an empty file. A running `write` may reject with Node's error `EBADF`, and writes
   * nothing to another file.
   */
  async close(): Promise<void> {
    const handle = await this.#opened();
    await handle.close();
  }

  /** A call during the opening of the file waits for it: a second handle would not be closed. */
  #opened(): Promise<FileHandle> {
    this.#opening ??= this.#open();
    return this.#opening;
  }
}

/** The rest of `views` after the first `count` bytes. */
function without(views: readonly Uint8Array[], count: number): Uint8Array[] {
  let skip = count;
  return views.flatMap((view) => {
    const skipped = Math.min(skip, view.length);
    skip -= skipped;
    return skipped === view.length ? [] : [view.subarray(skipped)];
  });
}

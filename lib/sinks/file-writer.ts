/** Writes to a file from an offset on, whatever part of each write the disk takes. */
import type { FileHandle } from 'node:fs/promises';

export class FileWriter {
  readonly #open: () => Promise<FileHandle>;
  #handle: FileHandle | undefined;
  #position: number;

  /** `open` is called at the first write. */
  constructor(open: () => Promise<FileHandle>, start: number = 0) {
    this.#open = open;
    this.#position = start;
  }

  /** The offset behind the last byte that is written. */
  get position(): number {
    return this.#position;
  }

  /** Appends all of `views`; one call at a time. */
  async write(views: readonly Uint8Array[]): Promise<void> {
    this.#handle ??= await this.#open();
    for (let left = views; left.length > 0; ) {
      const { bytesWritten } = await this.#handle.writev(left, this.#position);
      this.#position += bytesWritten;
      left = without(left, bytesWritten);
    }
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

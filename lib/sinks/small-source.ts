/** Reads a small file at once, before its upload begins. So the upload has bytes and a time that belong together. */
import { LendingSource, type Pull } from '../streams/pull.js';
import type { FileReading } from './file-source.js';
import { openRegular } from './regular-file.js';

const MOST_BYTES = 64 * 1024;

export interface SmallFile {
  readonly bytes: Uint8Array;
  readonly modified: Date;
}

/**
 * The content of a small file. Undefined for any other file, and for one that cannot be read: the next read of that file tells the error.
 * Unless `followsLinks`, a link counts as another file too.
 */
export async function readSmall(path: string, followsLinks: boolean): Promise<SmallFile | undefined> {
  try {
    return await readOpened(path, followsLinks);
  } catch {
    return undefined;
  }
}

/** One byte more than the file has shows that it has grown, or tells no size. */
async function readOpened(path: string, followsLinks: boolean): Promise<SmallFile | undefined> {
  const { handle, found } = await openRegular(path, { followsLinks });
  try {
    if (found.size > MOST_BYTES) return undefined;
    const memory = Buffer.allocUnsafe(found.size + 1);
    const { bytesRead } = await handle.read(memory, 0, memory.length, 0);
    if (bytesRead !== found.size) return undefined;
    return { bytes: memory.subarray(0, bytesRead), modified: found.mtime };
  } finally {
    await handle.close();
  }
}

/** The bytes of a small file. `reading` tells when an upload has taken them. */
export class SmallSource extends LendingSource implements Iterable<Uint8Array> {
  readonly readsAgain = true;
  readonly #bytes: Uint8Array;
  readonly #reading: FileReading;

  constructor(bytes: Uint8Array, reading: FileReading) {
    super();
    this.#bytes = bytes;
    this.#reading = reading;
  }

  get size(): number {
    return this.#bytes.length;
  }

  from(offset: number): SmallSource {
    return new SmallSource(this.#bytes.subarray(offset), this.#reading);
  }

  [Symbol.iterator](): Iterator<Uint8Array> {
    return [this.#bytes].values();
  }

  lend(): Pull {
    let isTaken = this.#bytes.length === 0;
    return {
      next: async () => {
        if (isTaken) {
          this.#reading.isRead = true;
          return { done: true, value: undefined };
        }
        isTaken = true;
        return { done: false, value: this.#bytes };
      },
      cancel: () => {},
    };
  }
}

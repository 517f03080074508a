/**
 * Reads a file for an upload by large reads, the next one during the sending of the last.
 *
 * An upload gives the memory of a chunk back when its bytes have left. So a few buffers suffice for any file. A consumer that iterates over
 * it owns each chunk.
 */
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { FtpUsageError } from '../errors.js';
import { requireCount } from '../protocol/check-number.js';
import { LendingSource, type Pull, pullIterator } from '../streams/pull.js';
import { openNamed } from './named-file.js';

const BUFFER_BYTES = 1024 * 1024;
const LEAST_BYTES = 64 * 1024;

/** Opens the file at `path` to read it. The signal `left` aborts when the reader has left. */
export type OpenFile = (path: string, left: AbortSignal) => Promise<FileHandle>;

/** By this a file is known again. */
export type FileState = Pick<Stats, 'size' | 'mtimeMs' | 'ino'>;

/** The known facts of the file in all its readings: its state at the first opening, or at an earlier check. */
export interface FileReading {
  found?: FileState | undefined;
  /** It was read to its end. */
  isRead?: boolean;
}

/** A local file as a source of `stor$` and `appe$`. */
export interface LocalFileSource extends AsyncIterable<Uint8Array> {
  /** The number of its bytes, once it is open; of a pipe or a device, once it is read. */
  readonly size: number | undefined;
}

/**
 * The local file at `path` from the offset `start` on, for `stor$` and `appe$`. It is read 1 MiB at a time, the next part during the
 * sending of the last one. A few buffers take turns. Each upload reads it anew, and so does the option `resume`. It opens nothing before. A
 * file that ends before `start`, or changes during its reading, is an `Error`. A reader that iterates gets its own chunks.
 *
 * Throws FtpUsageError for a `start` that is no offset.
 *
 * @example
 * ```ts
 * ftp.appe$('/log.txt', fileSource('log.txt')).subscribe();
 * ```
 */
export function fileSource(path: string, start: number = 0): LocalFileSource {
  requireCount('The start', start);
  return new FileSource(path, start);
}

export class FileSource extends LendingSource implements AsyncIterable<Uint8Array> {
  readonly #path: string;
  readonly #start: number;
  readonly #openFile: OpenFile;
  /** Of all readings of the file. */
  readonly #reading: FileReading;
  #size: number | undefined;
  #readsAgain = true;

  /** Reads the file at `path` from the offset `start` on. By default that may be anything that can be read. */
  constructor(path: string, start: number = 0, openFile: OpenFile = openNamed, reading: FileReading = {}) {
    super();
    this.#path = path;
    this.#start = start;
    this.#openFile = openFile;
    this.#reading = reading;
  }

  /**
   * The number of bytes from `start` on, once the file is open. A file that names no size (a pipe, a device, /proc) tells it once it is
   * read.
   */
  override get size(): number | undefined {
    return this.#size;
  }

  /** Of a FIFO or a device that shows once it is open. */
  override get readsAgain(): boolean {
    return this.#readsAgain;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    return this.#read([], new AbortController().signal);
  }

  /** A file that is another one than at its first reading is an error when it is read. */
  override from(offset: number): FileSource {
    return new FileSource(this.#path, this.#start + offset, this.#openFile, this.#reading);
  }

  override lend(): Pull {
    const free: Uint8Array[] = [];
    const left = new AbortController();
    const pull = pullIterator(this.#read(free, left.signal));
    const cancel = (): void => {
      left.abort();
      pull.cancel();
    };
    return { ...pull, giveBack: (chunk) => void free.push(chunk), cancel };
  }

  /** Reads into what is free, else into new memory. */
  async *#read(free: Uint8Array[], left: AbortSignal): AsyncGenerator<Uint8Array, undefined> {
    const handle = await this.#openFile(this.#path, left);
    try {
      const found = await handle.stat();
      this.#readsAgain = found.isFile();
      const named = namedSize(found);
      this.#requireSame(found);
      if (this.#start > (named ?? 0)) throw this.#endsBefore(named ?? 0);
      const rest = named === undefined ? undefined : named - this.#start;
      this.#size = rest;
      const length = Math.min(BUFFER_BYTES, Math.max(rest ?? 0, LEAST_BYTES));
      let read = 0;
      for await (const chunk of readChunks(readerOf(handle, this.#start), length, free)) {
        read += chunk.length;
        if (rest !== undefined && read > rest) break;
        yield chunk;
      }
      const changed = rest === undefined ? namedSize(await handle.stat()) !== undefined : read !== rest;
      if (changed) throw this.#changed(named ?? 0);
      this.#size = read;
      this.#reading.isRead = true;
    } finally {
      await handle.close();
    }
  }

  #requireSame({ size, mtimeMs, ino }: Stats): void {
    const reading = this.#reading;
    reading.found ??= { size, mtimeMs, ino };
    const { found } = reading;
    const isSame = found.size === size && found.mtimeMs === mtimeMs && found.ino === ino;
    if (!isSame) throw this.#changed(found.size);
  }

  #endsBefore(size: number): Error {
    return new Error(`The file ${this.#path} cannot be read from ${this.#start} on: it has ${size} bytes.`);
  }

  #changed(size: number): Error {
    return new Error(
      `The file ${this.#path} was changed while it was uploaded: it had ${size} bytes when it was opened.`,
    );
  }
}

/** The size of a file that has one: a file of no bytes may be one that does not tell. */
function namedSize(found: Stats): number | undefined {
  return found.isFile() && found.size > 0 ? found.size : undefined;
}

/** Throws FtpUsageError if the local file ends before `start`, or has no offsets: a pipe or a device. */
export function requireLocalStart(path: string, found: Stats, start: number): void {
  if (start === 0 || (found.isFile() && start <= found.size)) return;
  const why = found.isFile() ? `it has ${found.size} bytes` : 'it is no regular file';
  throw new FtpUsageError(
    `Cannot upload ${path} from the option start (${start}) on: ${why}. The option start counts the bytes that are stored already.`,
  );
}

/** Reads what comes next into a part of `memory`, and resolves with how many bytes that was. */
type Read = (memory: Uint8Array, at: number) => Promise<number>;

/** Reads in order. The beginning needs no offset, and a pipe has none. */
function readerOf(handle: FileHandle, start: number): Read {
  let position = start;
  return async (memory, at) => {
    const { bytesRead } = await handle.read(memory, at, memory.length - at, start === 0 ? null : position);
    position += bytesRead;
    return bytesRead;
  };
}

async function* readChunks(readNext: Read, length: number, free: Uint8Array[]): AsyncGenerator<Uint8Array, undefined> {
  const read = (): Promise<Uint8Array> => fill(readNext, takeFree(free, length) ?? Buffer.allocUnsafeSlow(length));
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
async function fill(readNext: Read, memory: Uint8Array): Promise<Uint8Array> {
  let filled = 0;
  while (filled < memory.length) {
    const bytesRead = await readNext(memory, filled);
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

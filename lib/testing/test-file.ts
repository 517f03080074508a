/**
 * Holds one file of a test server: its bytes, or a function that makes them, with its time and mode.
 *
 * An upload grows its file chunk by chunk. It joins the chunks when a reader asks for the bytes. So a long upload is not copied again with
 * each chunk. No other code has the memory of a chunk, so files may share it.
 */
import { inspect } from 'node:util';
import { type Attributes, type MadeContent, requireContent, requireSlice, type StoredContent } from './test-content.js';

/** A file as a test may give it. */
export type TestContent = string | Uint8Array | StoredContent | MadeContent | TestFile;

const DEFAULT_MODIFIED_MS = Date.UTC(2024, 0, 1);
const FILE_MODE = 0o644;
const SLICE_BYTES = 64 * 1024;

type Read = MadeContent['read'];

/** The bytes of a file; of a made one, their number alone. */
interface Stored {
  chunks: Uint8Array[];
  size: number;
}

/** A file, or a directory, of a test server. Its values are those of now: an upload that runs makes it grow. */
export class TestFile {
  /** Undefined if neither the test nor SITE CHMOD has set it. */
  readonly mode: number | undefined;
  readonly #modifiedMs: number;
  readonly #read: Read | undefined;
  /** Shared with the files that `with` makes, so that an upload goes on in each of them. */
  readonly #stored: Stored;

  private constructor(stored: Stored, read: Read | undefined, attributes: Attributes) {
    this.#stored = stored;
    this.#read = read;
    this.#modifiedMs = attributes.modified?.getTime() ?? DEFAULT_MODIFIED_MS;
    this.mode = attributes.mode;
    Object.defineProperties(this, shownParts(read));
  }

  /** The file that `content` describes; for anything else an FtpUsageError that names `path`. @internal */
  static of(path: string, content: TestContent): TestFile {
    if (content instanceof TestFile) return content.#copy();
    if (typeof content === 'string' || content instanceof Uint8Array) return TestFile.#ofBytes(content, {});
    requireContent(path, content);
    if ('bytes' in content) return TestFile.#ofBytes(content.bytes, content);
    return new TestFile({ chunks: [], size: content.size }, content.read, content);
  }

  static #ofBytes(bytes: string | Uint8Array, attributes: Attributes): TestFile {
    const chunk = typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes);
    return new TestFile({ chunks: [chunk], size: chunk.length }, undefined, attributes);
  }

  /** The time of the last change. */
  get modified(): Date {
    return new Date(this.#modifiedMs);
  }

  /** The number of its bytes. */
  get size(): number {
    return this.#stored.size;
  }

  /** A copy of all its bytes. The bytes of a made file are made now. */
  get bytes(): Uint8Array {
    return this.#copyOf(this.size);
  }

  /** All its bytes as UTF-8. */
  get text(): string {
    return this.#copyOf(this.size).toString('utf8');
  }

  /** The bytes from `start` to `end`, in slices of 64 KiB at most; of an upload that runs, those of now. @internal */
  *slices(start: number, end: number): Generator<Uint8Array, void, undefined> {
    const read = this.#read ?? ((from: number, to: number) => this.#joined().subarray(from, to));
    for (let at = start; at < end; ) {
      const to = Math.min(at + SLICE_BYTES, end);
      const slice: unknown = read(at, to);
      requireSlice(at, to, slice);
      yield slice;
      at = to;
    }
  }

  /** Takes a chunk over: its memory must not be written again. @internal */
  append(chunk: Uint8Array): void {
    this.#stored.chunks.push(chunk);
    this.#stored.size += chunk.length;
  }

  /** The same bytes with another time or mode; they grow with this file. @internal */
  with(attributes: Attributes): TestFile {
    return new TestFile(this.#stored, this.#read, { ...this.#attributes, ...attributes });
  }

  /** The same file with `modified`, to go on writing at its end; other uploads may do so too. @internal */
  atEnd(modified: Date): TestFile {
    return this.#read === undefined ? this.with({ modified }) : this.head(this.size, modified);
  }

  /** A file to go on writing to, with the first `size` bytes of this one. @internal */
  head(size: number, modified: Date): TestFile {
    const kept = this.#read === undefined ? this.#joined().subarray(0, size) : this.#copyOf(size);
    return new TestFile({ chunks: [kept], size }, undefined, { ...this.#attributes, modified });
  }

  /** Two paths with the same bytes are two files: an APPE to one does not change the other. */
  #copy(): TestFile {
    const { chunks, size } = this.#stored;
    return new TestFile({ chunks: [...chunks], size }, this.#read, this.#attributes);
  }

  /** Node prints the values of own properties, but not those of their getters. @internal */
  [inspect.custom](): object {
    return { ...this };
  }

  #joined(): Uint8Array {
    const { chunks } = this.#stored;
    if (chunks.length !== 1) this.#stored.chunks = [Buffer.concat(chunks)];
    return this.#stored.chunks[0] ?? new Uint8Array(0);
  }

  /** The first `size` bytes, in memory of their own. */
  #copyOf(size: number): Buffer {
    const copy = Buffer.allocUnsafe(size);
    let at = 0;
    for (const slice of this.slices(0, size)) {
      copy.set(slice, at);
      at += slice.length;
    }
    return copy;
  }

  get #attributes(): Attributes {
    return { modified: this.modified, mode: this.mode };
  }
}

/**
 * The own properties of a file beside its mode. Test runners compare and print these alone: without them two files with other bytes
 * would be equal. The bytes of a made file may be too many to compare, so its function stands for them.
 */
function shownParts(read: Read | undefined): PropertyDescriptorMap {
  const names = read === undefined ? (['bytes', 'modified'] as const) : (['size', 'modified'] as const);
  const parts = names.map((name) => [
    name,
    { ...Object.getOwnPropertyDescriptor(TestFile.prototype, name), enumerable: true },
  ]);
  return { ...Object.fromEntries(parts), ...(read && { read: { value: read, enumerable: true } }) };
}

/** The permissions that a listing shows. */
export function modeOf(file: TestFile | undefined, isDirectory: boolean): number {
  return file?.mode ?? (isDirectory ? 0o755 : FILE_MODE);
}

/** The time that a listing shows of a directory that has no entry of its own. */
export function modifiedOf(file: TestFile | undefined): Date {
  return file?.modified ?? new Date(DEFAULT_MODIFIED_MS);
}

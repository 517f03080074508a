/**
 * One file of a test server: its bytes, or a function that makes them, with its time and mode.
 *
 * An upload grows its file chunk by chunk. The chunks are joined when the bytes are asked for, so that a long upload is not
 * copied again with each of them.
 */
import { FtpUsageError } from '../errors.js';
import { printable } from '../protocol/printable.js';

/** A file as a test may give it. */
export type TestContent = string | Uint8Array | StoredContent | MadeContent | TestFile;

interface Attributes {
  /** The time of the last change. Default: 2024-01-01T00:00:00Z. */
  readonly modified?: Date | undefined;
  /** The permissions that listings show. Default: 0o644, of a directory 0o755. */
  readonly mode?: number | undefined;
}

/** A file with a time or a mode of its own. */
export interface StoredContent extends Attributes {
  /** Its bytes; a string is UTF-8. */
  readonly bytes: string | Uint8Array;
}

/** A file whose bytes are made when they are sent, so that a large one takes no memory. */
export interface MadeContent extends Attributes {
  /** The number of its bytes. */
  readonly size: number;
  /** The bytes from `start` up to, but without, `end`. It is asked for 64 KiB at most, and must give as many as it is asked for. */
  readonly read: (start: number, end: number) => Uint8Array;
}

const DEFAULT_MODIFIED_MS = Date.UTC(2024, 0, 1);
const FILE_MODE = 0o644;

type Read = MadeContent['read'];

/** The bytes of a file; of a made one, their number alone. */
interface Stored {
  chunks: Uint8Array[];
  size: number;
}

/** One file, or a directory, of a test server. Its values are those of now: an upload that runs makes it grow. */
export class TestFile {
  readonly modified: Date;
  /** Undefined where neither the test nor SITE CHMOD has set it. */
  readonly mode: number | undefined;
  readonly #read: Read | undefined;
  /** Shared with the files that `with` makes, so that an upload goes on in each of them. */
  readonly #stored: Stored;

  private constructor(stored: Stored, read: Read | undefined, attributes: Attributes) {
    this.#stored = stored;
    this.#read = read;
    this.modified = attributes.modified ?? new Date(DEFAULT_MODIFIED_MS);
    this.mode = attributes.mode;
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
    const chunk = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    return new TestFile({ chunks: [chunk], size: chunk.length }, undefined, attributes);
  }

  /** The number of its bytes. */
  get size(): number {
    return this.#stored.size;
  }

  /** All its bytes. Those of a made file are made now. */
  get bytes(): Uint8Array {
    if (this.#read !== undefined) return Buffer.concat([...this.slices(0, this.size)]);
    const { chunks } = this.#stored;
    if (chunks.length !== 1) this.#stored.chunks = [Buffer.concat(chunks)];
    return this.#stored.chunks[0] ?? new Uint8Array(0);
  }

  /** All its bytes as UTF-8. */
  get text(): string {
    return Buffer.from(this.bytes).toString('utf8');
  }

  /** The bytes from `start` to `end`, in slices of 64 KiB at most; of an upload that runs, those of now. @internal */
  *slices(start: number, end: number): Generator<Uint8Array, void, undefined> {
    const read = this.#read ?? ((from: number, to: number) => this.bytes.subarray(from, to));
    for (let at = start; at < end; ) {
      const to = Math.min(at + SLICE_BYTES, end);
      const slice = read(at, to);
      if (!(slice instanceof Uint8Array) || slice.length !== to - at) throw wrongSlice(at, to, slice);
      yield slice;
      at = to;
    }
  }

  /** @internal */
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
    const kept = [...this.slices(0, size)];
    return new TestFile({ chunks: kept, size }, undefined, { ...this.#attributes, modified });
  }

  /** Two paths with the same bytes are two files: what is appended to one is not in the other. */
  #copy(): TestFile {
    const { chunks, size } = this.#stored;
    return new TestFile({ chunks: [...chunks], size }, this.#read, this.#attributes);
  }

  get #attributes(): Attributes {
    return { modified: this.modified, mode: this.mode };
  }
}

const SLICE_BYTES = 64 * 1024;

function requireContent(path: string, content: unknown): asserts content is StoredContent | MadeContent {
  const given = (typeof content === 'object' ? content : undefined) as
    | Partial<StoredContent & MadeContent>
    | null
    | undefined;
  const { bytes, size, read, modified, mode } = given ?? {};
  const isStored = typeof bytes === 'string' || bytes instanceof Uint8Array;
  const isMade = isCount(size) && typeof read === 'function';
  if (isStored === isMade) {
    throw new FtpUsageError(`The file ${path} must be a string, a Uint8Array, { bytes } or { size, read }`);
  }
  requireKeys(path, content as object, ['modified', 'mode', ...(isStored ? ['bytes'] : ['size', 'read'])]);
  if (modified !== undefined && !isTime(modified)) {
    throw new FtpUsageError(`The time of the file ${path} must be a Date of the years 1970 to 9999`);
  }
  if (mode !== undefined && !(isCount(mode) && mode <= 0o7777)) {
    throw new FtpUsageError(`The mode of the file ${path} must be a number up to 0o7777`);
  }
}

function requireKeys(path: string, content: object, known: readonly string[]): void {
  const unknown = Object.keys(content).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new FtpUsageError(
    `The file ${path} has the unknown key ${printable(unknown)}. Its keys are: ${known.join(', ')}`,
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Also a Date of fake timers, which has a class of its own. */
function isTime(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Date]' && isOfNow((value as Date).getTime());
}

/** Up to the year 9999: MDTM has four digits for it. */
function isOfNow(ms: number): boolean {
  return ms >= 0 && ms < Date.UTC(10_000, 0, 1);
}

function wrongSlice(start: number, end: number, slice: unknown): FtpUsageError {
  const given = slice instanceof Uint8Array ? `${slice.length} bytes` : 'no Uint8Array';
  return new FtpUsageError(`The function "read" of a file gave ${given} for read(${start}, ${end})`);
}

/** The permissions that a listing shows. */
export function modeOf(file: TestFile | undefined, isDirectory: boolean): number {
  return file?.mode ?? (isDirectory ? 0o755 : FILE_MODE);
}

/** The time that a listing shows of a directory that has no entry of its own. */
export function modifiedOf(file: TestFile | undefined): Date {
  return file?.modified ?? new Date(DEFAULT_MODIFIED_MS);
}

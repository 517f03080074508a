/**
 * Makes one pull interface of the sources of an upload. The transfer engine asks for the next chunk when the socket can take it. So it
 * reads no kind of source faster than it sends.
 *
 * It touches no source before the first `next`; `cancel` is synchronous and leaves no listener, reader or subscription.
 */
import type { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { isObservable, type Observable } from 'rxjs';
import { FtpUsageError } from '../errors.js';
import { iterate } from './iterate.js';
import { LendingSource, type Pull, pullIterator, pullWebStream } from './pull.js';
import { pullBlob } from './pull-blob.js';
import { pullFileStream } from './pull-file-stream.js';
import { pullReadable } from './pull-readable.js';
import { isReadable, isWebStream, requireUsable, take } from './source-use.js';

/** A piece of an upload; a string is sent as UTF-8. */
export type ByteSourceChunk = Uint8Array | string;

/**
 * A source that can be uploaded. Each kind is read only as fast as it is sent, except an Observable that this library cannot hold back.
 * That is one that does not come from a `ByteStream` by operators: its early values queue in memory.
 *
 * Other code may read a `Readable` as well, by a listener for `data` or by `pipe`. The upload then has all that comes from its
 * subscription on, and holds the stream until the server asks for it.
 */
export type ByteSource =
  | Readable
  | Observable<ByteSourceChunk>
  | Iterable<ByteSourceChunk>
  | AsyncIterable<ByteSourceChunk>
  | ReadableStream<ByteSourceChunk>
  | Blob
  | Uint8Array
  | string;

/** An upload being read. */
export interface SourceReader {
  /** The next bytes, never empty; `undefined` at the end. Rejects with the source's own error. One call at a time. */
  next(): Promise<Uint8Array | undefined>;
  /** The bytes of a chunk have left: its memory may be used again. The call is optional. */
  giveBack?(chunk: Uint8Array): void;
  /** The number of bytes that the source will give in all, if it knows by now: from the server whose download it is. */
  expectedBytes?(): number | undefined;
  /** Stops the source at once; a `next` that waits resolves to `undefined`, which is then not the end. */
  cancel(): void;
}

/** Reads `source` by the reader that `open` makes of it; an unsupported one is an `FtpUsageError` at once. */
export function readSource(source: ByteSource, open: () => Pull = () => openPull(source)): SourceReader {
  requireByteSource(source);
  let pull: Pull | undefined;
  let cancelled = false;
  return {
    async next() {
      while (!cancelled) {
        pull ??= open();
        const result = await pull.next();
        if (cancelled || result.done === true) return undefined;
        const bytes = chunkBytes(result.value);
        if (bytes.length > 0) return bytes;
      }
      return undefined;
    },
    giveBack: (chunk) => pull?.giveBack?.(chunk),
    expectedBytes: () => pull?.expectedBytes?.(),
    cancel() {
      if (cancelled) return;
      cancelled = true;
      pull?.cancel();
    },
  };
}

/** The number of bytes that `source` has, if that can be told without reading it. */
export function sourceSize(source: ByteSource): number | undefined {
  if (typeof source === 'string') return Buffer.byteLength(source);
  if (source instanceof Uint8Array) return source.byteLength;
  if (Array.isArray(source)) return source.reduce<number>((sum, chunk) => sum + (sourceSize(chunk) ?? 0), 0);
  return source instanceof Blob || source instanceof LendingSource ? source.size : undefined;
}

/** Whether `source` gives the same bytes from the beginning whenever it is read. */
export function readsAgain(source: ByteSource): boolean {
  if (source instanceof LendingSource) return source.readsAgain;
  return isChunk(source) || Array.isArray(source) || source instanceof Blob;
}

/** Whether `value` is of a kind that can be uploaded. Its values are checked as they are read. */
export function isByteSource(value: unknown): value is ByteSource {
  if (isChunk(value)) return true;
  if (Array.isArray(value)) return value.every(isChunk);
  if (typeof value !== 'object' || value === null || value instanceof ArrayBuffer || ArrayBuffer.isView(value))
    return false;
  return (
    value instanceof Blob ||
    isReadable(value) ||
    isObservable(value) ||
    isWebStream(value) ||
    Symbol.asyncIterator in value ||
    Symbol.iterator in value
  );
}

/** Throws an `FtpUsageError` for a value that cannot be uploaded; to be called before anything is sent. */
export function requireByteSource(value: unknown): asserts value is ByteSource {
  if (isByteSource(value)) return;
  throw new FtpUsageError(
    `Cannot upload ${describe(value)}: give bytes, a string, a Readable, an Observable, an iterable, a ReadableStream or a Blob`,
  );
}

/** Reads `source` from now on, or continues with its kept part `held`; refuses a spent one. */
export function openPull(source: ByteSource, held?: Pull): Pull {
  if (held !== undefined) {
    take(source as Readable);
    return held;
  }
  requireUsable(source);
  if (typeof source === 'string') return pullIterator([Buffer.from(source)].values());
  if (source instanceof Uint8Array) return pullIterator([source].values());
  if (source instanceof Blob) return pullBlob(source);
  if (isObservable(source)) return pullIterator(iterate(source));
  if (isReadable(source)) return pullFileStream(take(source)) ?? pullReadable(source);
  if (isWebStream(source)) return pullWebStream(take(source));
  if (source instanceof LendingSource) return source.lend();
  if (Symbol.asyncIterator in source) return pullIterator(take(source[Symbol.asyncIterator]()));
  return pullIterator(take(source[Symbol.iterator]()));
}

function chunkBytes(chunk: unknown): Uint8Array {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (chunk instanceof Uint8Array) return chunk;
  throw new FtpUsageError(`The source of an upload gave ${describe(chunk)}, not bytes or a string`, {
    outcome: 'unknown',
  });
}

function isChunk(value: unknown): value is ByteSourceChunk {
  return typeof value === 'string' || value instanceof Uint8Array;
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : `a value of type ${typeof value}`;
  return `a value of class ${value.constructor?.name ?? 'null'}`;
}

/**
 * Reads sources of an upload again, from any byte on: bytes in memory, a `Blob`, a file, a function.
 */
import { LendingSource } from './pull.js';
import { type ByteSource, type ByteSourceChunk, sourceSize } from './source.js';

/** Gives the source of an upload from the byte `offset` on; called for each reading. */
export type ByteSourceAt = (offset: number) => ByteSource;

export interface Rereadable {
  /** The number of bytes that it has in all, if that is known by now. */
  readonly size: number | undefined;
  /** The source from a byte on. An error of the user's function is thrown. */
  from(offset: number): ByteSource;
}

/** `source` as one that can be read again; undefined if it gives its bytes once. */
export function rereadable(source: ByteSource | ByteSourceAt): Rereadable | undefined {
  if (typeof source === 'function') return { size: undefined, from: source };
  if (typeof source === 'string') return inMemory([source]);
  if (source instanceof Uint8Array) return inMemory([source]);
  if (Array.isArray(source)) return inMemory(source);
  if (source instanceof Blob) return { size: source.size, from: (offset) => source.slice(offset) };
  if (!(source instanceof LendingSource)) return undefined;
  return {
    get size() {
      return source.size;
    },
    // The source itself learns its size when it is read.
    from: (offset) => (offset === 0 ? source : source.from(offset)) as LendingSource & AsyncIterable<Uint8Array>,
  };
}

function inMemory(chunks: readonly ByteSourceChunk[]): Rereadable {
  return { size: sourceSize(chunks), from: (offset) => (offset === 0 ? chunks : from(chunks, offset)) };
}

function from(chunks: readonly ByteSourceChunk[], offset: number): readonly ByteSourceChunk[] {
  let left = offset;
  const rest: ByteSourceChunk[] = [];
  for (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (left < bytes.length) rest.push(left === 0 ? chunk : bytes.subarray(left));
    left = Math.max(0, left - bytes.length);
  }
  return rest;
}

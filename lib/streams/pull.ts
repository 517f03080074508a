/** Defines the source of an upload's chunks before their check. */
import type { ReadableStream } from 'node:stream/web';
import { expectedBytesOfIterator } from './iterate.js';

/** Every method may be called when it has ended. */
export interface Pull {
  next(): Promise<IteratorResult<unknown, unknown>>;
  giveBack?(chunk: Uint8Array): void;
  expectedBytes?(): number | undefined;
  cancel(): void;
}

/**
 * One of this library's sources, which lends its memory to an upload, and gets it back when the bytes have left. Any other reader gets its
 * own chunks.
 */
export abstract class LendingSource {
  /** The number of bytes that it has, once that is known. */
  abstract readonly size: number | undefined;
  /** It gives the same bytes whenever it is read, as far as is known: a FIFO does not. */
  abstract readonly readsAgain: boolean;
  /** The same source from a byte on. */
  abstract from(offset: number): LendingSource;
  /** Reads it, into memory that it uses again when that is given back. */
  abstract lend(): Pull;
}

export function pullIterator(iterator: Iterator<unknown> | AsyncIterator<unknown>): Pull {
  return {
    next: async () => iterator.next(),
    expectedBytes: () => expectedBytesOfIterator(iterator),
    cancel: () => unattended(async () => iterator.return?.()),
  };
}

export function pullWebStream(stream: ReadableStream<unknown>): Pull {
  const reader = stream.getReader();
  return {
    next: () => reader.read(),
    cancel: () => unattended(async () => reader.cancel()),
  };
}

/** Runs a source's own clean-up. A cancelled source is not waited for, so a late error of it is ignored. */
function unattended(cleanUp: () => Promise<unknown>): void {
  cleanUp().catch(() => undefined);
}

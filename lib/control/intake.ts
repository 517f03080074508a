/**
 * What the control connection's socket reads into: one memory for all reads, since a chunk is decoded before the next one
 * comes. It spares what a stream does for every chunk, which is more than the decoding.
 *
 * Nothing is kept: whoever makes the socket starts to listen before the event loop turns.
 */
import type { OnReadOpts } from 'node:net';

/** More than most replies have; the rest of a longer one comes with the next read. */
const BYTES = 4096;

export class Intake {
  #onChunk: ((chunk: Uint8Array) => void) | undefined;

  /** Node's `onread`. */
  readonly onread: OnReadOpts = {
    buffer: new Uint8Array(BYTES),
    callback: (length, memory) => {
      this.#onChunk?.(memory.subarray(0, length));
      return true;
    },
  };

  /** Calls `onChunk` with each chunk from now on, which is good until that returns. */
  listen(onChunk: (chunk: Uint8Array) => void): void {
    this.#onChunk = onChunk;
  }

  /** Whatever comes from now on is dropped. */
  close(): void {
    this.#onChunk = undefined;
  }
}

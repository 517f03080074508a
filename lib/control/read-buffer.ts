/**
 * Gives the control connection's socket one memory for all reads, since each chunk is decoded before the next one comes. It saves a
 * stream's work for every chunk, which costs more than the decoding.
 *
 * It keeps no chunk: the code that makes the socket starts to listen before the event loop turns.
 */
import type { OnReadOpts } from 'node:net';

/**
 * As much as Node reads at once by itself. A reply to no command is known by coming in one chunk with another, which less
 * memory would cut more often.
 */
const BYTES = 64 * 1024;

export class ReadBuffer {
  #onChunk: ((chunk: Uint8Array) => void) | undefined;

  /** Node's `onread`. */
  readonly onread: OnReadOpts = {
    // Not filled with zeros first, and not a Buffer, whose own methods are slower.
    buffer: new Uint8Array(Buffer.allocUnsafeSlow(BYTES).buffer),
    callback: (length, memory) => {
      this.#onChunk?.(memory.subarray(0, length));
      return true;
    },
  };

  /** Calls `onChunk` with each chunk from now on, which is good until that returns. */
  listen(onChunk: (chunk: Uint8Array) => void): void {
    this.#onChunk = onChunk;
  }

  /** Drops all later bytes. */
  close(): void {
    this.#onChunk = undefined;
  }
}

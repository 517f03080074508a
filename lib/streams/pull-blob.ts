/** Reads a Blob piece by piece. It asks for each piece when the consumer wants it, so it need not close anything. */
import type { Pull } from './pull.js';

const PIECE_BYTES = 256 * 1024;

export function pullBlob(blob: Blob): Pull {
  let at = 0;
  return {
    async next() {
      if (at >= blob.size) return { done: true, value: undefined };
      const piece = blob.slice(at, at + PIECE_BYTES);
      at += piece.size;
      return { done: false, value: new Uint8Array(await piece.arrayBuffer()) };
    },
    cancel() {
      at = blob.size;
    },
  };
}

import type { Pull } from './source.js';

/**
 * A source of this library's own that lends its memory to an upload, and gets it back when the bytes have left. Any
 * other reader gets chunks of its own.
 */
export abstract class LendingSource {
  /** How many bytes it has, once that is known. */
  abstract readonly size: number | undefined;
  /** Reads it, into memory that it uses again when that is given back. */
  abstract lend(): Pull;
}

/**
 * The door by which a source of this library's own lends its memory to an upload, and gets it back when the bytes have left.
 * Whoever else reads such a source gets chunks that are his.
 */
import type { Pull } from './source.js';

export const lend: unique symbol = Symbol('rxftp.lend');

export interface LendingSource {
  /** How many bytes it has, once that is known. */
  readonly size: number | undefined;
  /** Reads it, into memory that it uses again when that is given back. */
  [lend](): Pull;
}

export function isLending(source: object): source is LendingSource {
  return lend in source;
}

/** Decides when a transfer may send a NOOP, to keep its control connection alive. */
import type { Facts } from './facts.js';

/**
 * From the beginning of the data up to the final reply. An abort and a fence have sentinels of their own. A NOOP before the
 * beginning could be taken for a command in place of the transfer's.
 */
export function mayKeepAlive(f: Facts): boolean {
  const hasBegun = f.preliminary !== undefined || f.moved;
  return hasBegun && f.final === undefined && !f.deciding && !f.cancelled && !f.aborting;
}

/**
 * Defines the receiver of the bytes of one transfer, and their producer. They are the interface between the transfer engine and its
 * consumers: Observable, Node stream, file, hash.
 *
 * If the socket can read into a chosen buffer, a chunk given to `write` lies in the last memory of `buffer`. Otherwise each chunk is a
 * fresh one. So a sink that passes chunks on must give each read new memory. A sink that needs a chunk only during `write` may give the
 * same memory again.
 */
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import type { Gate } from './gate.js';

/** Takes bytes, and is not told how they end. */
export interface ByteReceiver {
  /** Memory for the next read. */
  buffer(): Uint8Array;
  write(chunk: Uint8Array): void;
}

export interface ByteSink extends ByteReceiver {
  /** The transfer is complete: end of data and a good final reply. `verifiedBy`: the additional check. */
  complete(verifiedBy?: VerifiedBy): void;
  error(error: unknown): void;
}

/**
 * Starts one transfer into `sink`, with `gate` to hold the socket back, and returns what cancels it.
 * After cancelling, the sink is not called again.
 */
export type ByteProducer = (sink: ByteSink, gate: Gate) => () => void;

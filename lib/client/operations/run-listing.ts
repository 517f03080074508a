/**
 * Listings whose consumer may need the session that they come from: for each entry a download, say.
 *
 * A consumer that holds its listing holds the lease too. When others wait for that session, the rest of the listing is
 * read into memory, which ends the lease, and handed on from there. One that is larger than the memory, and that nobody takes, is
 * a transfer that is held for too long.
 */
import type { ControlSession } from '../../control/control-session.js';
import type { LeaseTask } from '../../control/lease-host.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import type { Gate } from '../../streams/gate.js';
import { ReadAhead } from '../../streams/read-ahead.js';
import { runIntoSink, type SinkWork } from './downloads.js';
import type { OperationContext } from './operation.js';

/** Some 40 000 entries. */
export const READ_AHEAD_BYTES: number = 4 * 1024 * 1024;

/** Writes a listing into `sink`, which holds it by `gate`. */
export type Listing = (session: ControlSession, sink: ByteSink, gate: Gate, signal: Cancellation) => Promise<unknown>;

/** Runs a listing under a lease of its own: the producer of a byte stream. `changes` is its task's. */
export function runListing(
  context: OperationContext,
  listing: Listing,
  sink: ByteSink,
  gate: Gate,
  changes?: LeaseTask['changes'],
): () => void {
  const ahead = new ReadAhead(sink, gate, READ_AHEAD_BYTES);
  const work: SinkWork = async (session, signal) => {
    const stopWatching = session.whenAwaited(() => ahead.readOn());
    try {
      await listing(session, ahead, ahead.gate, signal);
    } finally {
      stopWatching();
    }
    return undefined;
  };
  const leave = runIntoSink(context, { kind: 'listing', work, changes }, ahead);
  return () => {
    ahead.drop();
    leave();
  };
}

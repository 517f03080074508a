/**
 * Runs listings whose consumer may need the same session: for a download at each entry, say.
 *
 * A consumer that holds its listing holds the lease too. When other work waits for that session, the rest of the listing is read into
 * memory. That ends the lease, and the consumer reads from there. If a listing is larger than the memory, and its consumer takes nothing,
 * the hold limit of transfers applies.
 */

import type { Session } from '../../control/session.js';
import type { LeasedWork, LeaseTask } from '../../control/task-runner.js';
import { withinDeadline } from '../../data/transfer-deadline.js';
import type { Cancellation } from '../../net/cancellation.js';
import type { Command } from '../../protocol/command.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import type { Gate } from '../../streams/gate.js';
import { ReadAhead } from '../../streams/read-ahead.js';
import { runIntoSink, type SinkWork } from './downloads.js';
import { FirstByte } from './first-byte.js';
import { type OperationContext, repeatable } from './operation.js';
import type { TransferLimits } from './transfer-options.js';

/** Some 40 000 entries. */
export const READ_AHEAD_BYTES: number = 4 * 1024 * 1024;

/** Writes a listing into `sink`, which holds it by `gate`. */
export type ReadListing = (session: Session, sink: ByteSink, gate: Gate, signal: Cancellation) => Promise<unknown>;

/** A listing, as its user requests it. */
export interface Listing {
  /** The command that names it in errors. */
  readonly command: Command;
  readonly read: ReadListing;
  readonly limits: TransferLimits;
  /** Default `listing`: over a data connection. */
  readonly kind?: LeaseTask['kind'];
  /** Its task's. */
  readonly changes?: LeaseTask['changes'];
}

/** Runs a listing under its own lease: the producer of a byte stream. */
export function runListing(
  context: OperationContext,
  { command, read, limits, kind = 'listing', changes }: Listing,
  sink: ByteSink,
  gate: Gate,
): () => void {
  const ahead = new ReadAhead(sink, gate, READ_AHEAD_BYTES);
  const into = new FirstByte(ahead);
  const work: SinkWork = async (session, signal) => {
    const stopWatching = session.onContention(() => ahead.readOn());
    try {
      const { deadlineMs = session.settings.deadlineMs } = limits;
      const run = (limited: Cancellation): ReturnType<ReadListing> => read(session, into, ahead.gate, limited);
      await withinDeadline({ session, deadlineMs, command: command.masked, run }, signal);
    } finally {
      stopWatching();
    }
    return undefined;
  };
  const mustNotRepeat = (): boolean => into.hasCome;
  const { name, mayRepeat } = repeatable(command);
  const taskOf = (leased: LeasedWork): LeaseTask => ({ kind, name, mayRepeat, mustNotRepeat, work: leased, changes });
  const leave = runIntoSink(context, work, taskOf, into);
  return () => {
    ahead.drop();
    leave();
  };
}

/**
 * Listings whose consumer may need the session that they come from: for each entry a download, say.
 *
 * A consumer that holds its listing holds the lease too. When others wait for that session, the rest of the listing is
 * read into memory, which ends the lease, and handed on from there.
 */
import type { ControlSession } from '../../control/control-session.js';
import type { LeaseTask } from '../../control/lease-host.js';
import { withinDeadline } from '../../data/transfer-deadline.js';
import { FtpTimeoutError } from '../../errors.js';
import { type Cancellation, Canceller } from '../../net/cancellation.js';
import type { Command } from '../../protocol/command.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import type { Gate } from '../../streams/gate.js';
import { ReadAhead } from '../../streams/read-ahead.js';
import { runIntoSink, type SinkWork } from './downloads.js';
import type { OperationContext } from './operation.js';
import type { TransferLimits } from './transfer-options.js';

/** Some 40 000 entries. */
export const READ_AHEAD_BYTES: number = 4 * 1024 * 1024;

/** Writes a listing into `sink`, which holds it by `gate`. */
export type ReadListing = (
  session: ControlSession,
  sink: ByteSink,
  gate: Gate,
  signal: Cancellation,
) => Promise<unknown>;

/** One listing, as its user asks for it. */
export interface Listing {
  /** The command that names it in errors. */
  readonly command: Command;
  readonly read: ReadListing;
  readonly limits: TransferLimits;
  /** Its task's. */
  readonly changes?: LeaseTask['changes'];
}

/** Runs a listing under a lease of its own: the producer of a byte stream. */
export function runListing(
  context: OperationContext,
  { command, read, limits, changes }: Listing,
  sink: ByteSink,
  gate: Gate,
): () => void {
  const ahead = new ReadAhead(sink, gate, READ_AHEAD_BYTES);
  const work: SinkWork = async (session, signal) => {
    const bound = boundStuck(ahead, session, signal);
    const stopWatching = session.whenAwaited(() => ahead.readOn());
    try {
      const { deadlineMs = session.settings.deadlineMs } = limits;
      await withinDeadline(session, deadlineMs, command.masked, bound.signal, (signal) =>
        read(session, ahead, ahead.gate, signal),
      );
    } finally {
      stopWatching();
      bound.end();
    }
    return undefined;
  };
  const leave = runIntoSink(context, { kind: 'listing', work, changes }, ahead);
  return () => {
    ahead.drop();
    leave();
  };
}

/**
 * A listing that is larger than the memory, held while others wait for its session, may be held because of them: then
 * nothing would ever move again. `signal` is aborted after `stallTimeoutMs` of that, or when `outer` is; `end` throws the
 * reason.
 */
function boundStuck(
  ahead: ReadAhead,
  { settings: { stallTimeoutMs } }: ControlSession,
  outer: Cancellation,
): { readonly signal: Cancellation; end(): void } {
  const inner = new Canceller();
  let timer: NodeJS.Timeout | undefined;
  let late: FtpTimeoutError | undefined;
  const leave = (): void => inner.abort(outer.reason);
  const giveUp = (): void => {
    late = stuck(stallTimeoutMs);
    inner.abort();
  };
  if (outer.aborted) leave();
  outer.addEventListener('abort', leave);
  ahead.onStuck = (isStuck) => {
    if (isStuck) timer ??= setTimeout(giveUp, stallTimeoutMs);
    else {
      clearTimeout(timer);
      timer = undefined;
    }
  };
  return {
    signal: inner,
    end() {
      ahead.onStuck(false);
      ahead.onStuck = () => {};
      outer.removeEventListener('abort', leave);
      if (late !== undefined) throw late;
    },
  };
}

function stuck(afterMs: number): FtpTimeoutError {
  return new FtpTimeoutError(
    `Nobody took the listing for ${afterMs} ms while other operations waited for its session, and it is too large to be read ahead (${READ_AHEAD_BYTES} bytes). Collect it first (toArray), or give the client more maxSessions.`,
    { phase: 'data', afterMs },
  );
}

/**
 * Uploads: nothing before the preliminary reply, then as fast as the socket takes it, then end of file; complete when the
 * server's final reply says so, never earlier.
 */
import type { Session } from '../control/session.js';
import type { Cancellation } from '../net/cancellation.js';
import type { Reply } from '../protocol/reply.js';
import type { SourceReader } from '../streams/source.js';
import { asciiEncoded } from './ascii.js';
import { mayHaveBegun } from './machine/facts.js';
import { Pump } from './pump.js';
import { runTransfer } from './run-transfer.js';
import { Transfer } from './transfer.js';
import type { TransferPlan } from './transfer-plan.js';

export interface UploadPlan extends TransferPlan {
  /** Runs, in step, when the upload was left or has failed, and the server may have begun the file. */
  readonly onPartial?: () => Promise<void>;
}

/** The result of a completed upload. */
export interface Uploaded {
  readonly bytes: number;
  /** The preliminary and the final reply, where STOU names its file. */
  readonly preliminary: Reply | undefined;
  readonly final: Reply | undefined;
}

/**
 * Uploads all that `source` gives; `onBytes` is told the running count. Resolves with undefined when the user left first.
 * An error of the source aborts the transfer and is rethrown as it is.
 */
export async function upload(
  session: Session,
  plan: UploadPlan,
  source: SourceReader,
  onBytes: (bytes: number) => void,
  signal: Cancellation,
): Promise<Uploaded | undefined> {
  const reader = plan.localLineEnds === true ? asciiEncoded(source) : source;
  const mover = new Pump(reader, onBytes);
  const transfer = new Transfer(session, plan, { direction: 'upload', mover });
  let complete = false;
  try {
    complete = await runTransfer(transfer, signal);
  } finally {
    reader.cancel();
    if (!complete && mayHaveBegun(transfer.facts)) await plan.onPartial?.();
  }
  if (!complete) return undefined;
  const { preliminary, final } = transfer.facts;
  return { bytes: transfer.bytes, preliminary, final };
}

/**
 * Moves the bytes of an upload. It sends no byte before the preliminary reply. Then it sends bytes as fast as the socket takes them, and
 * then the end of file. An upload is complete when the server's final reply says so, never earlier.
 */
import type { Session } from '../control/session.js';
import { mayNeedMode } from '../control/transfer-mode.js';
import { FtpError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import type { Reply } from '../protocol/reply.js';
import type { SourceReader } from '../streams/source.js';
import { asciiEncoded } from './ascii.js';
import { Deflater } from './deflater.js';
import { mayBeginLate, mayHaveBegun } from './machine/facts.js';
import { Pump } from './pump.js';
import { runTransfer } from './run-transfer.js';
import { Transfer } from './transfer.js';
import type { TransferPlan } from './transfer-plan.js';

export interface UploadPlan extends TransferPlan {
  /** The number of bytes that there will be, if that is known. */
  readonly total?: () => number | undefined;
  /** Checks an upload that is complete, and resolves with how; undefined if it could not. Throws if the check fails. */
  readonly verify?: ((sent: Sent) => Promise<VerifiedBy | undefined>) | undefined;
  /** Called if the connection was lost before any reply to the command. The server may still begin it, at any later time. */
  readonly onUnanswered?: (() => void) | undefined;
  /** Runs, in step, when the upload was left or has failed, and the server may have begun the file. */
  readonly onPartial?: () => Promise<void>;
}

/** An upload whose bytes have moved, and which the server says is complete. */
export interface Sent {
  readonly bytes: number;
  /** The preliminary and the final reply, where STOU names its file. */
  readonly preliminary: Reply | undefined;
  readonly final: Reply | undefined;
}

/** The result of a completed upload. */
export interface Uploaded extends Sent {
  /** The check that it has passed, if there was one. */
  readonly verifiedBy: VerifiedBy | undefined;
}

/**
 * Uploads all bytes of `source`; `onBytes` receives the running count. Resolves with undefined when the user left first. An error of the
 * source aborts the transfer and is rethrown as it is.
 */
export async function upload(
  session: Session,
  plan: UploadPlan,
  source: SourceReader,
  onBytes: (bytes: number) => void,
  signal: Cancellation,
): Promise<Uploaded | undefined> {
  const text = plan.localLineEnds === true ? asciiEncoded(source) : source;
  const reader = mayNeedMode(session) ? new Deflater(text, () => transfer.compressed) : text;
  const mover = new Pump(reader, onBytes, plan.total);
  const transfer: Transfer = new Transfer(session, plan, { direction: 'upload', mover });
  let done: Uploaded | undefined;
  try {
    const sent = await send(transfer, plan, reader, signal);
    if (sent === undefined) return undefined;
    const { bytes, preliminary, final } = sent;
    const verifiedBy = plan.verify === undefined ? undefined : await plan.verify(sent);
    done = { bytes, preliminary, final, verifiedBy };
    return done;
  } finally {
    transfer.report?.end(transfer, signal, done);
  }
}

/** Moves the bytes; undefined when the user left first. The plan removes the part that a failed upload has left. */
async function send(
  transfer: Transfer,
  plan: UploadPlan,
  reader: SourceReader,
  signal: Cancellation,
): Promise<Sent | undefined> {
  let complete = false;
  try {
    complete = await runTransfer(transfer, signal);
  } catch (error) {
    if (!isRefused(error) && mayBeginLate(transfer.facts)) plan.onUnanswered?.();
    throw error;
  } finally {
    reader.cancel();
    if (!complete && mayHaveBegun(transfer.facts)) await plan.onPartial?.();
  }
  const { preliminary, final } = transfer.facts;
  return complete ? { bytes: transfer.bytes, preliminary, final } : undefined;
}

/** A 421 closes the connection too. */
function isRefused(error: unknown): boolean {
  return error instanceof FtpError && error.outcome === 'refused';
}

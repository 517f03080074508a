/**
 * Moves the bytes of an upload: nothing before the preliminary reply, then as fast as the socket takes it, then end of
 * file; complete when the server's final reply says so, never earlier.
 *
 * A bounded part of the source waits for the socket: so the source is read while the socket is busy, and small chunks leave
 * together. Bytes count when the socket has taken them, and while any wait, the stall timer runs.
 */
import type { ControlSession } from '../control/control-session.js';
import type { FtpTransferError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import type { Reply } from '../protocol/reply.js';
import type { SourceReader } from '../streams/source.js';
import { abort } from './abort.js';
import { asciiEncoded } from './ascii.js';
import { brokenTransfer, heldTransfer, stalledTransfer, transferError } from './broken-transfer.js';
import type { TransferPlan } from './prepare-transfer.js';
import { awaitFinal, runTransfer, tooLate } from './transfer.js';
import { TransferExchange } from './transfer-exchange.js';

/**
 * When so much waits for the socket, the source has to wait too. What leaves together is called back together: with more,
 * a slow network would look like one on which nothing moves.
 */
const MOST_UNSENT_BYTES = 256 * 1024;
/** Many tiny chunks take more memory than their bytes. */
const MOST_UNSENT_WRITES = 256;
/** A larger chunk is written in pieces, so that a slow network is seen to move it. */
const PIECE_BYTES = 128 * 1024;

export interface UploadPlan extends TransferPlan {
  /** Runs, in step, when the upload was left or has failed, and the server may have begun the file. */
  readonly onPartial?: () => Promise<void>;
}

/** What a completed upload was. */
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
  session: ControlSession,
  plan: UploadPlan,
  source: SourceReader,
  onBytes: (bytes: number) => void,
  signal: Cancellation,
): Promise<Uploaded | undefined> {
  const transfer = new TransferExchange(session, plan.command, undefined, plan.minRate);
  const reader = plan.localLineEnds === true ? asciiEncoded(source) : source;
  const script = { direction: 'upload' as const, run: () => send(transfer, reader, onBytes) };
  let complete = false;
  try {
    complete = await runTransfer(transfer, plan, script, signal);
  } finally {
    reader.cancel();
    if (!complete && transfer.mayHaveBegun) await plan.onPartial?.();
  }
  if (!complete) return undefined;
  const { bytes, preliminary, final } = transfer;
  return { bytes, preliminary, final };
}

async function send(transfer: TransferExchange, source: SourceReader, onBytes: (bytes: number) => void): Promise<void> {
  const { data } = transfer;
  let failure: { readonly error: unknown } | undefined;
  let allWritten = false;
  const allSent = (): boolean => allWritten && data.unsentBytes === 0;
  const over = (): boolean =>
    transfer.cancelled ||
    data.error !== undefined ||
    transfer.stalled ||
    transfer.heldTooLong ||
    transfer.final !== undefined;
  if (transfer.preliminary !== undefined) {
    pump(transfer, source, onBytes, over).then(
      (done) => {
        allWritten = done;
        transfer.changed();
      },
      (error: unknown) => {
        failure = { error };
        transfer.changed();
      },
    );
  }
  const { replyTimeoutMs } = transfer.session.settings;
  // Where the server has opened the data connection without a word, its reply is all there is to wait for.
  const patience = transfer.preliminary === undefined ? replyTimeoutMs : undefined;
  if (!(await transfer.until(() => over() || allSent() || failure !== undefined, patience))) {
    throw tooLate(transfer, replyTimeoutMs);
  }
  if (allSent() && !over()) await awaitFinal(transfer);
  transfer.stall.stop();
  if (transfer.cancelled) return;
  if (failure !== undefined) {
    await abort(transfer, 'upload');
    throw failure.error;
  }
  if (transfer.final === undefined && transfer.data.error !== undefined) throw await brokenTransfer(transfer, 'upload');
  if (transfer.final === undefined && transfer.heldTooLong) throw await heldTransfer(transfer, 'upload');
  if (transfer.final === undefined) throw await stalledTransfer(transfer, 'upload');
  if (transfer.refused) throw transferError(transfer, 'the server broke it off');
  if (!allSent()) throw endedEarly(transfer);
}

/** A stray reply may have said so; then the transfer's own comes when the data connection is closed. */
function endedEarly(transfer: TransferExchange): FtpTransferError {
  transfer.session.channel.fenceBeforeNext();
  return transferError(transfer, 'the server ended it before everything was sent');
}

/** Writes chunk after chunk, then the end of file; false when the transfer was over before. */
async function pump(
  transfer: TransferExchange,
  source: SourceReader,
  onBytes: (bytes: number) => void,
  over: () => boolean,
): Promise<boolean> {
  const { data } = transfer;
  const room = (): boolean => data.unsentBytes < MOST_UNSENT_BYTES && data.unsentWrites < MOST_UNSENT_WRITES;
  const next = (): ReturnType<SourceReader['next']> => {
    transfer.holding.hold();
    return source.next();
  };
  for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
    transfer.holding.release();
    const whole = chunk;
    for (let at = 0; at < whole.length; at += PIECE_BYTES) {
      if (over()) return false;
      const isLast = at + PIECE_BYTES >= whole.length;
      const left = isLast && data.frees ? () => source.giveBack?.(whole) : undefined;
      write(transfer, whole.subarray(at, at + PIECE_BYTES), onBytes, left);
      if (!room()) await transfer.until(() => room() || over());
    }
  }
  transfer.holding.release();
  if (over()) return false;
  data.finish(transfer.session.roundTripMs);
  return true;
}

/** Writes one piece, which counts when it has left. */
function write(
  transfer: TransferExchange,
  piece: Uint8Array,
  onBytes: (bytes: number) => void,
  left: (() => void) | undefined,
): void {
  const { data, stall } = transfer;
  data.write(piece, () => {
    transfer.bytes += piece.length;
    left?.();
    if (data.unsentBytes === 0) stall.stop();
    else stall.moved();
    if (!transfer.cancelled) onBytes(transfer.bytes);
  });
  stall.start();
}

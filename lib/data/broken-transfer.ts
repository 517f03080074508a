/** Transfers that are not whole: how the session gets into step after each kind of failure, and the error that tells it. */
import { adviceFor } from '../control/advice.js';
import {
  FtpConnectionError,
  type FtpError,
  type FtpErrorDetails,
  FtpSecurityError,
  FtpTimeoutError,
  FtpTransferError,
} from '../errors.js';
import { formatReply } from '../protocol/reply.js';
import { abort } from './abort.js';
import type { TransferExchange } from './transfer-exchange.js';

/** How long a server gets to say why a data connection broke. */
export const REASON_MS = 2_000;

/** The user has broken it off: to try again is not what he wants. */
export function brokenOff(transfer: TransferExchange, cause: FtpError): FtpTransferError {
  return transferError(transfer, cause.message, { cause, transient: false });
}

/** The connection was lost before the command was written. Its own error may be that of others, which were sent. */
export function beforeItBegan(error: unknown): unknown {
  if (!(error instanceof FtpConnectionError) || error.outcome === 'none') return error;
  const { message, channel, phase, command: name, reply, transient, cause } = error;
  return new FtpConnectionError(message, { channel, phase, command: name, reply, transient, outcome: 'none', cause });
}

/** Nothing moved for too long, or too little: the connection is brought into step, and the error says so. */
export async function stalledTransfer(
  transfer: TransferExchange,
  direction: 'download' | 'upload',
): Promise<FtpTimeoutError> {
  const { command: name, session, slow } = transfer;
  const { stallTimeoutMs } = session.settings;
  const bytes = transfer.bytes;
  await abort(transfer, direction);
  const details = { phase: 'data', command: name, bytes, reply: transfer.final };
  if (slow !== undefined) {
    const { moved, rate } = slow;
    return new FtpTimeoutError(
      `${name} was too slow after ${bytes} bytes: ${moved} bytes moved in ${rate.overMs} ms, where minRate asks for ${rate.bytesPerSecond} bytes a second.`,
      { ...details, afterMs: rate.overMs },
    );
  }
  return new FtpTimeoutError(
    `Nothing moved for ${stallTimeoutMs} ms during ${name}, after ${bytes} bytes. A slow network needs a larger stallTimeoutMs.`,
    { ...details, afterMs: stallTimeoutMs },
  );
}

/** Its user held it for too long, perhaps for an operation that waited for it: that gets its turn when it is broken off. */
export async function heldTransfer(
  transfer: TransferExchange,
  direction: 'download' | 'upload',
): Promise<FtpTimeoutError> {
  const { command: name, verb, session } = transfer;
  const { stallTimeoutMs: afterMs, maxSessions } = session.settings;
  await abort(transfer, direction);
  const { bytes, final: reply } = transfer;
  const why = direction === 'download' ? `Nobody took the data of ${name}` : `The source gave no data for ${name}`;
  const instead = verb === 'RETR' || direction === 'upload' ? '' : ', or collect the listing first (toArray)';
  return new FtpTimeoutError(
    `${why} for ${afterMs} ms while other operations waited for its session. If it waits for one of them, ${moreSessions(maxSessions)}${instead}; if it is only slow, a larger stallTimeoutMs.`,
    { phase: 'data', afterMs, command: name, bytes, reply, transient: false },
  );
}

function moreSessions(maxSessions: number | undefined): string {
  if (maxSessions === undefined) return 'use FtpClient with maxSessions: 2 in place of connect$';
  return `give the client more sessions (maxSessions: ${maxSessions + 1})`;
}

/** The data connection broke: the server's own reason is worth a short wait, then the connection is brought into step. */
export async function brokenTransfer(
  transfer: TransferExchange,
  direction: 'download' | 'upload',
): Promise<FtpTransferError> {
  const cause = transfer.data.error;
  if (!(cause instanceof FtpSecurityError)) await transfer.until(() => transfer.final !== undefined, REASON_MS);
  if (transfer.final === undefined) await abort(transfer, direction);
  return transferError(transfer, `the data connection broke: ${cause?.message ?? 'closed early'}`, { cause });
}

/** The final reply says that the transfer is not whole, or came before all was sent. */
export function transferError(
  transfer: TransferExchange,
  why: string,
  details: Pick<FtpErrorDetails, 'cause' | 'transient'> = {},
): FtpTransferError {
  const { command: name, bytes, final, offset: start } = transfer;
  const advice = final === undefined ? undefined : adviceFor(name, final, { start });
  const said = final === undefined ? '' : `; the server said: ${formatReply(final)}`;
  const hint = advice === undefined ? '' : ` (${advice})`;
  return new FtpTransferError(`${name} is not complete after ${bytes} bytes: ${why}${said}${hint}`, {
    command: name,
    bytes,
    reply: final,
    ...details,
  });
}

/** Makes the errors of transfers that are not whole. */
import { adviceFor } from '../control/advice.js';
import { lateReply, refused, uncertain } from '../control/request.js';
import {
  FtpError,
  type FtpErrorDetails,
  FtpProtocolError,
  FtpSecurityError,
  FtpTimeoutError,
  FtpTransferError,
  withOutcome,
} from '../errors.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import type { Failure } from './machine/script.js';
import type { Transfer } from './transfer.js';

/** The error of a transfer that has failed; a source's own error is passed on as it is. */
export function failureError(transfer: Transfer, failure: Failure): unknown {
  const { command: name, facts } = transfer;
  switch (failure) {
    case 'refused':
    case 'uncertain':
      return refusedTransfer(transfer, facts.final ?? facts.held);
    case 'no data connection':
      return neverOpened(transfer);
    case 'broken off':
      return transferError(transfer, 'the server broke it off');
    case 'broken': {
      const cause = facts.dataError;
      if (cause instanceof FtpProtocolError)
        return transferError(transfer, cause.message, { cause, transient: cause.transient });
      return transferError(transfer, `the data connection broke: ${cause?.message ?? 'closed early'}`, { cause });
    }
    case 'stalled':
      return stalledTransfer(transfer);
    case 'held too long':
      return heldTransfer(transfer);
    case 'source failed':
      return facts.sourceError?.error;
    case 'ended early':
      return transferError(transfer, 'the server ended it before everything was sent');
    case 'late':
      return facts.held === undefined ? lateFinal(transfer) : uncertain(name, facts.held);
  }
}

/** A 200 that was taken for a NOOP's reply may have been the final one. */
function lateFinal({ command: name, session, bytes, facts }: Transfer): FtpTimeoutError {
  const error = lateReply(name, 'reply', session.settings.replyTimeoutMs, bytes);
  if (facts.noopsAnswered === 0) return error;
  const why = 'A server that ends its transfers by 200 needs transferKeepAliveMs: 0, since a 200 counts for a NOOP.';
  return new FtpTimeoutError(`${error.message} ${why}`, { ...error, cause: error.cause });
}

/** The user has broken the transfer off, so its error is not transient. */
export function brokenOff(transfer: Transfer, cause: FtpError): FtpTransferError {
  return transferError(transfer, cause.message, { cause, transient: false });
}

/**
 * The error of a transfer whose command was not written. It may be that of others, which were sent. A refusal of an earlier command stays a
 * refusal. An odd reply to it leaves open whether the server did that command.
 */
export function beforeItBegan(error: unknown): unknown {
  const tellsOfOthers = error instanceof FtpError && !(error instanceof FtpProtocolError);
  return tellsOfOthers && error.outcome === 'unknown' ? withOutcome(error, 'none') : error;
}

/** A server answers a refused certificate by 425, or hangs up: that is only the consequence. */
export function causeOf({ facts }: Transfer, error: unknown): unknown {
  return facts.dataError instanceof FtpSecurityError ? facts.dataError : error;
}

/** It is refused before it has begun, or a reply that may be another command's is all that came. */
function refusedTransfer({ command: name, facts, plan: { start } }: Transfer, reply: Reply | undefined): FtpError {
  if (reply === undefined) return new FtpTransferError(`${name} was not done.`, { command: name, bytes: 0 });
  return facts.final === undefined && reply.class === 2 ? uncertain(name, reply) : refused(name, reply, { start });
}

function neverOpened({ command: name, session }: Transfer): FtpTimeoutError {
  const { connectTimeoutMs: afterMs } = session.settings;
  return new FtpTimeoutError(
    `The server did not open the data connection for ${name} within ${afterMs} ms. Check firewall, mode, activeAddress and activePeer.`,
    { phase: 'connect', afterMs, command: name, bytes: 0 },
  );
}

/** Nothing moved for too long, or too little. */
function stalledTransfer({ command: name, session, slow, bytes, facts }: Transfer): FtpTimeoutError {
  const { stallTimeoutMs } = session.settings;
  const details = { phase: 'data', command: name, bytes, reply: facts.final } as const;
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

/** The user held the transfer for too long, perhaps for an operation that waits for its session. That operation now gets its turn. */
function heldTransfer(transfer: Transfer): FtpTimeoutError {
  const { command: name, session, bytes, facts } = transfer;
  const { stallTimeoutMs: afterMs } = session.settings;
  const isDownload = facts.kind.direction === 'download';
  const why = isDownload ? `The consumer took no data of ${name}` : `The source gave no data for ${name}`;
  const meanwhile =
    session.nextKind === 'quit'
      ? 'while close$ waited for it to end. If it is only slow, a larger stallTimeoutMs.'
      : `while other operations waited for its session. If it waits for one of them, ${withoutWaiting(transfer)}; if it is only slow, a larger stallTimeoutMs.`;
  return new FtpTimeoutError(`${why} for ${afterMs} ms ${meanwhile}`, {
    phase: 'data',
    afterMs,
    command: name,
    bytes,
    reply: facts.final,
    transient: false,
  });
}

/** The advice about a transfer that waits for an operation, which waits for the transfer's session. */
function withoutWaiting({ verb, session: { settings, learned }, facts }: Transfer): string {
  const { maxSessions } = settings;
  const { sessionLimit: limit } = learned;
  const [first, isListing] = doneBefore(verb, facts.kind.direction);
  if (maxSessions !== undefined && limit !== undefined && limit < maxSessions) {
    const sessions = limit === 1 ? 'one session' : `${limit} sessions`;
    return `do one after the other, since the server lets in only ${sessions} at a time, whatever maxSessions says: ${first}`;
  }
  const more =
    maxSessions === undefined
      ? 'use FtpClient with maxSessions: 2 in place of connect$'
      : `give the client more sessions (maxSessions: ${maxSessions + 1})`;
  return isListing ? `${more}, or ${first}` : more;
}

/** How to be done with a transfer, or with its source, before another operation; and whether it is a listing. */
function doneBefore(verb: string, direction: 'download' | 'upload'): [string, boolean] {
  if (direction === 'upload') return ['write the upload to a temporary file first', false];
  if (verb === 'RETR') return ['collect the file first (collectBytes), or download it to a temporary file', false];
  return ['collect the listing first (toArray)', true];
}

/** The final reply says that the transfer is not whole, or came before all was sent. */
function transferError(
  { command: name, bytes, facts: { final }, plan: { start } }: Transfer,
  why: string,
  details: Pick<FtpErrorDetails, 'cause' | 'transient'> = {},
): FtpTransferError {
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

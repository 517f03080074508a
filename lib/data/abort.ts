/**
 * Cancels a transfer so that the control connection answers the next command.
 *
 * Servers disagree on how many replies an abort gets, and in which order; half of them do not read ABOR while they
 * transfer. What they agree on: a reset data connection ends the transfer, and PWD is answered by 257. So: wait until the
 * transfer has begun (ABOR must not overtake it), send ABOR, reset the data connection in the same tick, and read to the
 * sentinel. Each wait is bounded; all together by `abortTimeoutMs`, when the connection is closed.
 */
import { FtpConnectionError } from '../errors.js';
import { command } from '../protocol/command.js';
import type { DataProtection } from './data-protection.js';
import type { TransferExchange } from './transfer-exchange.js';

/** How long each step waits for what may never come, in milliseconds. */
const START_MS = 2_000;
const HANDSHAKE_MS = 3_000;
/** And no more of all the time there is, so that some is left for ABOR. */
const HANDSHAKE_SHARE = 0.6;
/** What a server needs, beyond the way, to finish a handshake. */
const SETTLE_MS = 50;
/** pyftpdlib says 150 before it has accepted the data connection. */
const ACCEPT_MS = 50;
const FIRST_REPLY_MS = 3_000;
const SECOND_REPLY_MS = 400;
const DATA_END_MS = 2_000;
const LISTING_END_MS = 1_000;

/**
 * Resolves when the connection is in step again, or closed because the server did not cooperate. Never rejects: that the
 * connection was lost meanwhile is no news to somebody who has left.
 */
export async function abort(transfer: TransferExchange, direction: 'download' | 'upload'): Promise<void> {
  if (transfer.aborting) return;
  const { session } = transfer;
  const bound = setTimeout(() => session.giveUp(), session.settings.abortTimeoutMs);
  try {
    if (await finishesByItself(transfer, direction)) {
      transfer.data.close();
      return;
    }
    // What was asked for early would be read as an answer to the abort.
    if (transfer.session.earlyPort !== undefined) return giveUp(transfer, 'more was already asked for');
    const mayBeQueued = isUnacceptedUpload(transfer, direction);
    await breakOff(transfer, mayBeQueued);
    await readToSentinel(transfer);
    if (mayBeQueued && isQueued(transfer)) giveUp(transfer, 'may still wait at the server');
    if (isListing(transfer) && transfer.session.conduct.repeatsListings)
      giveUp(transfer, 'may come back with the next listing');
  } catch {
    // The channel is closed, with its cause for whoever comes next.
    transfer.data.reset();
  } finally {
    clearTimeout(bound);
  }
}

/** Waits until ABOR cannot overtake the start of the transfer; true when its final reply came first. */
async function finishesByItself(transfer: TransferExchange, direction: 'download' | 'upload'): Promise<boolean> {
  if (!isEnding(transfer)) await awaitStart(transfer, direction);
  // A fence brings the connection into step by itself; ABOR would be sent into it.
  if (transfer.isDeciding) await transfer.until(() => transfer.final !== undefined);
  return transfer.final !== undefined;
}

/** The final reply is in, or a fence is about to show which it is. */
function isEnding({ final, isDeciding }: TransferExchange): boolean {
  return final !== undefined || isDeciding;
}

async function awaitStart(transfer: TransferExchange, direction: 'download' | 'upload'): Promise<void> {
  const { data } = transfer;
  const { protection } = data;
  const isOver = (): boolean => isEnding(transfer);
  await transfer.until(() => isOver() || transfer.preliminary !== undefined, START_MS);
  if (protection !== undefined && !isOver() && !data.open) await finishHandshake(transfer, protection);
  if (protection !== undefined && data.open) await awaitServersHandshake(transfer, protection, direction);
  if (isListing(transfer)) await readToEnd(transfer);
  // At the end of the data the final reply is on its way: nothing is left to abort.
  if (direction === 'download' && data.ended) await transfer.until(isOver, DATA_END_MS);
  if (protection === undefined && transfer.preliminary?.code === 150 && !transfer.moved) {
    await transfer.until(() => isOver() || transfer.moved, ACCEPT_MS);
  }
}

/** Closing before the handshake is done makes vsftpd and Pure-FTPd drop the control connection. */
async function finishHandshake(transfer: TransferExchange, protection: DataProtection): Promise<void> {
  const { data } = transfer;
  const isOver = (): boolean => isEnding(transfer) || data.error !== undefined;
  data.startTls();
  // In active mode the preliminary reply may overtake the server's connection.
  await transfer.until(() => isOver() || data.connected, START_MS);
  const most = Math.min(HANDSHAKE_MS, HANDSHAKE_SHARE * transfer.session.settings.abortTimeoutMs);
  const patience = most - (performance.now() - protection.expectedAt);
  if (data.connected && patience > 0) await transfer.until(() => isOver() || data.open, patience);
}

/**
 * The client is done with a handshake half a round trip before the server (TLS 1.3, and TLS 1.2 when it resumes), for
 * which a reset then is a failed handshake, and the end of the session. A download shows by its data that it is done.
 */
async function awaitServersHandshake(
  transfer: TransferExchange,
  protection: DataProtection,
  direction: 'download' | 'upload',
): Promise<void> {
  const { data, session } = transfer;
  const isDone = (): boolean =>
    isEnding(transfer) || data.error !== undefined || (direction === 'download' && (transfer.moved || data.ended));
  const patience = SETTLE_MS + 2 * session.roundTripMs - (performance.now() - protection.securedAt);
  if (patience > 0) await transfer.until(isDone, patience);
}

function isListing({ transferCommand: { verb } }: TransferExchange): boolean {
  return verb === 'LIST' || verb === 'NLST' || verb === 'MLSD';
}

/**
 * Few servers survive a listing that is broken off: Pure-FTPd sends what it could not write at the head of the next one,
 * ProFTPD's NLST spins for ever, also after ABOR alone, and inetutils ftpd dies. A listing whose end is near is read.
 */
async function readToEnd(transfer: TransferExchange): Promise<void> {
  const { data } = transfer;
  data.release();
  const over = (): boolean => isEnding(transfer) || data.error !== undefined || transfer.stalled;
  await transfer.until(over, LISTING_END_MS);
}

/** ABOR first, so that the server calls it an abort; then RST, since FIN would be the end of a file. */
async function breakOff(transfer: TransferExchange, mayBeQueued: boolean): Promise<void> {
  const { session, afterAbort, data } = transfer;
  transfer.beginAbort();
  session.channel.write(command('ABOR'));
  if (mayBeQueued && !transfer.moved) {
    const patience = Math.max(ACCEPT_MS, session.roundTripMs);
    await transfer.until(() => data.ended || data.error !== undefined, patience);
  }
  data.reset();
  if (await transfer.until(() => finals(transfer) >= 1, FIRST_REPLY_MS)) {
    const patience = Math.max(SECOND_REPLY_MS, 2 * session.roundTripMs + SECOND_REPLY_MS / 2);
    await transfer.until(() => afterAbort.length >= 2 && finals(transfer) >= 2, patience);
  }
}

/** Final replies since the abort began; a first 1yz that was still missing is not one of them. */
function finals(transfer: TransferExchange): number {
  const { preliminary, afterAbort } = transfer;
  const late = preliminary === undefined && afterAbort[0]?.class === 1 ? 1 : 0;
  return afterAbort.length - late;
}

/** PWD, and everything before its answer belongs to the past. A directory that is gone answers 550, a server without PWD 500 or 502. */
async function readToSentinel(transfer: TransferExchange): Promise<void> {
  const settled = finals(transfer) >= 2;
  const withoutPwd = transfer.session.learned.lacks('PWD');
  const isRefusal = (code: number): boolean => code === 550 || (withoutPwd && (code === 500 || code === 502));
  transfer.awaitSentinel(({ code }) => code === 257 || (settled && isRefusal(code)));
  transfer.session.channel.write(command('PWD'));
  await transfer.until(() => transfer.inStep);
}

/** The server may not have accepted the data connection yet: what was written to it proves nothing. */
function isUnacceptedUpload({ data, preliminary }: TransferExchange, direction: 'download' | 'upload'): boolean {
  return direction === 'upload' && data.protection === undefined && preliminary?.code === 150;
}

/**
 * pyftpdlib, aborted between its 150 and its accept, answers ABOR's 225 alone and keeps the STOR for the next data
 * connection that anybody opens. Before the first byte has come it says the same, but closes the data connection at once.
 */
function isQueued({ afterAbort, data }: TransferExchange): boolean {
  const [reply, ...more] = afterAbort.slice(0, -1);
  return reply?.code === 225 && more.length === 0 && !data.ended;
}

function giveUp({ command: name, session }: TransferExchange, risk: string): void {
  session.channel.close(
    new FtpConnectionError(`${name} was cancelled but ${risk}; the connection was given up.`, {
      channel: 'control',
      phase: 'abort',
      command: name,
    }),
  );
}

/**
 * Runs one transfer under its lease: TYPE, data connection, REST, command, data and final reply. Downloads and uploads, passive or active,
 * clear or TLS, image or ASCII, differ only in how they move the bytes.
 */
import { loseEarlyPort } from '../control/early-port.js';
import { FtpError, FtpSecurityError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import { repetitionOf } from '../protocol/repetition.js';
import { formatReply } from '../protocol/reply.js';
import type { Outcome } from './machine/script.js';
import { perform } from './perform.js';
import { prepare } from './prepare-transfer.js';
import type { Transfer } from './transfer.js';
import { deadlineOf } from './transfer-deadline.js';
import { beforeItBegan, brokenOff, causeOf, failureError } from './transfer-errors.js';

/** Runs one transfer. Resolves with whether it was completed: false when the user left first, with the session in step. */
export async function runTransfer(transfer: Transfer, signal: Cancellation): Promise<boolean> {
  const onAbort = (): void => void transfer.dispatch({ type: 'cancel' });
  signal.addEventListener('abort', onAbort);
  try {
    const outcome = await attempt(transfer, signal);
    return outcome === 'complete' || endedEarly(transfer, outcome, signal);
  } catch (error) {
    const cause = causeOf(transfer, error);
    throw transfer.facts.sent ? cause : beforeItBegan(cause);
  } finally {
    signal.removeEventListener('abort', onAbort);
    release(transfer);
  }
}

/** False when the user has left; throws what has ended the transfer otherwise. */
function endedEarly(transfer: Transfer, outcome: Exclude<Outcome, 'complete'>, signal: Cancellation): false {
  if (outcome !== 'left') throw failed(transfer, outcome);
  const late = deadlineOf(transfer, signal);
  if (late !== undefined) throw late;
  if (signal.reason instanceof FtpError) throw brokenOff(transfer, signal.reason);
  return false;
}

function release(transfer: Transfer): void {
  if (transfer.lostEarlyPort) loseEarlyPort(transfer.session);
  discardStaleTls(transfer);
  transfer.letGo();
}

function attempt(transfer: Transfer, signal: Cancellation): Promise<Outcome> {
  return isPrepared(transfer, signal).then((ready) => (ready ? run(transfer, signal) : 'left'));
}

/** Resolves with false when the user has left before the command. */
function isPrepared(transfer: Transfer, signal: Cancellation): Promise<boolean> {
  const { plan } = transfer;
  const prepared = prepare(transfer, plan, signal);
  return plan.opening === undefined ? prepared : isOpened(prepared, plan.opening, signal);
}

/** A file that is still being opened may turn out to be missing, and its upload would only have emptied another. */
async function isOpened(
  prepared: Promise<boolean>,
  open: () => Promise<void> | undefined,
  signal: Cancellation,
): Promise<boolean> {
  if (!(await prepared)) return false;
  const opening = open();
  if (opening !== undefined) await untilAbortedOr(opening, signal);
  return !signal.aborted;
}

async function run(transfer: Transfer, signal: Cancellation): Promise<Outcome> {
  // A socket that shakes hands by itself may have met an impostor already.
  if (transfer.facts.attacked) throw transfer.facts.dataError;
  transfer.plan.onReady?.();
  const outcome = await transfer.run(perform);
  return mayStartOver(transfer, outcome, signal) ? startOver(transfer, signal) : outcome;
}

/** A server that has forgotten a port which it was asked for early is asked again: nothing has begun. */
function startOver(transfer: Transfer, signal: Cancellation): Promise<Outcome> {
  loseEarlyPort(transfer.session);
  transfer.startOver();
  return attempt(transfer, signal);
}

function mayStartOver(transfer: Transfer, outcome: Outcome, signal: Cancellation): boolean {
  if (typeof outcome === 'string' || outcome.failed !== 'refused' || signal.aborted) return false;
  return transfer.lostEarlyPort && !mustNotStartOver(transfer);
}

/** 426 may follow a beginning, so a command that must not be done twice is not sent again after it. */
function mustNotStartOver({ plan, facts }: Transfer): boolean {
  return facts.final?.code === 426 && repetitionOf(plan.command) === 'acts';
}

/** Resolves when `opening` does, or when the user leaves. */
async function untilAbortedOr(opening: Promise<void>, signal: Cancellation): Promise<void> {
  if (signal.aborted) return;
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  signal.addEventListener('abort', leave);
  await Promise.race([opening, left]);
  signal.removeEventListener('abort', leave);
}

/** The error of a transfer that has failed. Without a reply in time the connection cannot be used any more. */
export function failed(transfer: Transfer, { failed: failure }: Exclude<Outcome, string>): unknown {
  const error = failureError(transfer, failure);
  if (failure === 'late' && error instanceof FtpError) transfer.session.channel.close(error);
  return error;
}

/**
 * If a server refuses the data connection because its TLS session was not resumed, it does so for the rest of this session. The next
 * operation gets a new one.
 */
function discardStaleTls({ session, data, facts: { final } }: Transfer): void {
  if (data.protection === undefined || data.protection.resumed || (final?.code !== 425 && final?.code !== 522)) return;
  session.channel.close(
    new FtpSecurityError(`The server no longer accepts this TLS session: ${formatReply(final)}`, { reply: final }),
  );
}

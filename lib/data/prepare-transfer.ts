/** Sends the commands before a transfer command: TYPE, the port, REST. A cancelled transfer does not send the next one. */

import { pretFor } from '../control/pret.js';
import { accepted, refused } from '../control/request.js';
import { refuseKnownFault } from '../control/server-faults.js';
import type { Session } from '../control/session.js';
import { DEFLATE, ensureMode, mayNeedMode } from '../control/transfer-mode.js';
import { FtpReplyError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import { command } from '../protocol/command.js';
import { openData } from './open-data.js';
import type { Transfer } from './transfer.js';
import type { TransferPlan } from './transfer-plan.js';

/** Resolves with false when the transfer was cancelled meanwhile. */
export async function prepare(transfer: Transfer, plan: TransferPlan, signal: Cancellation): Promise<boolean> {
  if (signal.aborted) return false;
  const { session } = transfer;
  requireSound(session, plan);
  if (mayNeedMode(session)) await prepareMode(transfer, plan);
  if (signal.aborted) return false;
  await openDataFor(transfer, plan, signal);
  if (transfer.data.portIsDoubtful) transfer.dispatch({ type: 'doubtful' });
  if (signal.aborted || needsNothingMore(session, plan)) return !signal.aborted;
  return prepareOffset(transfer, plan, signal);
}

/** Throws if the command cannot be sent, or would meet a known fault of this server. */
function requireSound(session: Session, { command: line }: TransferPlan): void {
  refuseKnownFault(session, line);
  session.channel.requireSendable(pretFor(session, line) ?? line);
}

async function prepareMode(transfer: Transfer, { start, anyMode }: TransferPlan): Promise<void> {
  const { session, way } = transfer;
  await ensureMode(session, { direction: way.direction, start, anyMode: anyMode === true });
  transfer.compressed = session.server.mode === DEFLATE;
}

function openDataFor(transfer: Transfer, plan: TransferPlan, signal: Cancellation): Promise<void> {
  const { session, data } = transfer;
  const { type } = plan;
  if (type === undefined || type === session.server.type) return openData(session, data, signal, plan.command);
  return openDataInType(transfer, { ...plan, type }, signal);
}

/** Nothing goes before the command any more: no reply behind the login is awaited, and the server keeps no offset. */
function needsNothingMore({ settled, server }: Session, { start }: TransferPlan): boolean {
  return settled === undefined && start === 0 && server.restartPending === false;
}

/** REST goes directly before its transfer; one that an earlier, failed transfer may have left behind is reset. */
async function prepareOffset(transfer: Transfer, { start }: TransferPlan, signal: Cancellation): Promise<boolean> {
  const { session } = transfer;
  await session.settled;
  if (signal.aborted) return false;
  if (start > 0) await restart(transfer, start);
  else if (session.server.restartPending !== false) await takeBackRestart(session);
  return !signal.aborted;
}

/** REST. If its reply is odd, a fence behind the transfer decides. */
async function restart(transfer: Transfer, offset: number): Promise<void> {
  const line = command('REST', String(offset));
  const restarted = await transfer.session.request(line, { inSequence: true });
  accepted(restarted, line.masked);
  if (restarted.odd === true) transfer.dispatch({ type: 'doubtful' });
}

/** A server that keeps an offset would cut this transfer, so the session ends. */
export async function takeBackRestart(session: Session): Promise<void> {
  const line = command('REST', '0');
  const { reply } = await session.request(line, { inSequence: true });
  if (session.server.restartPending === false) return;
  const error = refused(line.masked, reply);
  session.channel.close(error);
  throw error;
}

/** TYPE, then the data connection; if the server accepts that, both commands at once. */
async function openDataInType(
  transfer: Transfer,
  plan: TransferPlan & { readonly type: string },
  signal: Cancellation,
): Promise<void> {
  const { session, data } = transfer;
  if (session.profile.window.commands === 1) {
    await setType(session, plan);
    if (!signal.aborted) await openData(session, data, signal, plan.command);
    return;
  }
  const outcomes = await Promise.allSettled([setType(session, plan), openData(session, data, signal, plan.command)]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** A listing is read in the type that is set, if the server refuses TYPE A. */
async function setType(
  session: Session,
  { anyTypeWillDo, type }: TransferPlan & { readonly type: string },
): Promise<void> {
  try {
    await session.ensureType(type);
  } catch (error) {
    if (anyTypeWillDo !== true || !(error instanceof FtpReplyError)) throw error;
    session.fallBack('TYPE A', 'the type that is set', error.reply);
  }
}

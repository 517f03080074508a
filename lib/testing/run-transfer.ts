/**
 * Runs one transfer: 150, the connection, its bytes, and the final reply. A fault, ABOR or the client may end it.
 *
 * ABOR ends the transfer by 426, and then gets its own 226 (RFC 959 section 4.1.3). A client that closes the data connection before the end
 * gets 426 too.
 */
import type { Socket } from 'node:net';
import { drain, type Move } from './data-moves.js';
import type { Break } from './faults.js';
import type { Session } from './session.js';
import { aborted, closedWithin, eventOrClose, finish } from './socket-events.js';
import { Transfer } from './transfer.js';

const COMPLETE = '226 Transfer complete.';
const CLOSED = '426 Connection closed; transfer aborted.';

/** A client that reads has this long to take the bytes before a cut, and to close its side. */
const READING_MS = 1000;

/** A transfer, seen from the server. */
export interface TransferPlan {
  readonly direction: 'send' | 'receive';
  /** The text of its 150. */
  readonly opening: string;
  readonly move: Move;
}

export async function runTransfer(session: Session, plan: TransferPlan): Promise<void> {
  const channel = session.dataPort.take();
  if (channel === undefined) return session.reply('425 Use PASV, EPSV, PORT or EPRT first.');
  const fault = session.takeBreak();
  const transfer = new Transfer(channel);
  session.transfer = transfer;
  try {
    await session.reply(`150 ${plan.opening}`);
    session.abortIfNext();
    const last = await outcome(session, transfer, plan, fault);
    session.transfer = undefined;
    if (last !== undefined) await session.reply(last);
  } catch (error) {
    // A `read` of the test's has failed. The session answers for it.
    transfer.cancel();
    throw error;
  } finally {
    session.transfer = undefined;
    channel.release();
  }
}

/** The final reply; undefined if a fault has ended the session. */
async function outcome(
  session: Session,
  transfer: Transfer,
  { move, direction }: TransferPlan,
  fault: Break | undefined,
): Promise<string | undefined> {
  const socket = await transfer.channel.open(session.dataTls).catch(() => undefined);
  if (transfer.cancelled.aborted) return CLOSED;
  if (socket === undefined) return '425 Cannot open the data connection.';
  const end = await move(socket, fault?.afterBytes);
  if (transfer.cancelled.aborted || end === 'gone') return CLOSED;
  if (fault?.on === 'control') return endSession(session, transfer, fault);
  if (fault !== undefined) return strike(transfer, socket, fault, direction);
  return (await finish(socket)) ? COMPLETE : CLOSED;
}

/** Lets a fault of the control connection strike when its bytes have moved. */
function endSession(session: Session, transfer: Transfer, { how }: Break): undefined {
  if (how === 'reset') session.reset();
  else session.end();
  transfer.channel.close();
}

/** Lets a fault of the data connection strike when its bytes have moved. Gives the final reply. */
async function strike(
  transfer: Transfer,
  socket: Socket,
  { how }: Break,
  direction: TransferPlan['direction'],
): Promise<string> {
  if (how === 'truncate') {
    await Promise.all([finish(socket), drain(socket)]);
    return COMPLETE;
  }
  if (how === 'reset') {
    transfer.channel.reset();
    return CLOSED;
  }
  if (how === 'cut') {
    await finish(socket);
    // A client that is told first would not read the bytes that the fault lets through.
    if (direction === 'send') await closedWithin(socket, READING_MS);
  } else await Promise.race([aborted(transfer.cancelled), eventOrClose(socket, 'close')]);
  transfer.channel.close();
  return CLOSED;
}

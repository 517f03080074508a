/**
 * One transfer: 150, the connection, its bytes, and the final reply; or its end by a fault, by ABOR, or by the client.
 *
 * ABOR ends the transfer by 426, and is answered by 226 itself (RFC 959 section 4.1.3). A client that closes the data
 * connection before the end gets 426 too.
 */
import type { Socket } from 'node:net';
import { drain, type Move } from './data-moves.js';
import type { Break } from './faults.js';
import type { Session } from './session.js';
import { aborted, closedWithin, eventOrClose, finish } from './socket-events.js';
import { Transfer } from './transfer.js';

const COMPLETE = '226 Transfer complete.';
const CLOSED = '426 Connection closed; transfer aborted.';

/** The client may take this long to read the bytes before a cut, and to close its side. */
const READING_MS = 1000;

/** Runs a transfer: `opening` is the text of its 150. */
export async function runTransfer(session: Session, opening: string, move: Move): Promise<void> {
  const channel = session.dataPort.take();
  if (channel === undefined) return session.reply('425 Use PASV, EPSV, PORT or EPRT first.');
  const fault = session.takeBreak();
  const transfer = new Transfer(channel);
  session.transfer = transfer;
  try {
    await session.reply(`150 ${opening}`);
    session.abortIfNext();
    const last = await outcome(session, transfer, move, fault);
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

/** The final reply; undefined where a fault has ended the session. */
async function outcome(
  session: Session,
  transfer: Transfer,
  move: Move,
  fault: Break | undefined,
): Promise<string | undefined> {
  const socket = await transfer.channel.open(session.dataTls).catch(() => undefined);
  if (transfer.cancelled.aborted) return CLOSED;
  if (socket === undefined) return '425 Cannot open the data connection.';
  const end = await move(socket, fault?.afterBytes);
  if (transfer.cancelled.aborted || end === 'gone') return CLOSED;
  if (fault !== undefined) return strike(session, transfer, socket, fault);
  return (await finish(socket)) ? COMPLETE : CLOSED;
}

/** Lets a fault strike when its bytes have moved. */
async function strike(session: Session, transfer: Transfer, socket: Socket, fault: Break): Promise<string | undefined> {
  if (fault.on === 'control') {
    if (fault.how === 'reset') session.reset();
    else session.end();
    transfer.channel.close();
    return undefined;
  }
  if (fault.how === 'truncate') {
    await Promise.all([finish(socket), drain(socket)]);
    return COMPLETE;
  }
  if (fault.how === 'reset') {
    transfer.channel.reset();
    return CLOSED;
  }
  if (fault.how === 'cut') {
    await finish(socket);
    // A client that is told first would not read the bytes that the fault lets through.
    await closedWithin(socket, READING_MS);
  } else await Promise.race([aborted(transfer.cancelled), eventOrClose(socket, 'close')]);
  transfer.channel.close();
  return CLOSED;
}

/** Moves the bytes of one transfer over its data connection, up to their end or to a fault. */
import type { Socket } from 'node:net';
import { eventOrClose, write } from './socket-events.js';

/** `end`: all have moved. `limit`: as many as a fault lets through. `gone`: the connection went away before. */
export type MoveEnd = 'end' | 'limit' | 'gone';

/** The number of bytes that may move; undefined for all. */
export type Limit = number | undefined;

/** Moves the bytes of a transfer over its connection. */
export type Move = (socket: Socket, limit: Limit) => Promise<MoveEnd>;

/** Writes all chunks, as fast as the client reads them. */
export async function sendAll(socket: Socket, chunks: Iterable<Uint8Array>, limit: Limit): Promise<MoveEnd> {
  // A socket that is not read does not tell that its peer has gone.
  socket.resume();
  let left = limit ?? Number.POSITIVE_INFINITY;
  for (const chunk of chunks) {
    if (left === 0) return 'limit';
    const piece = chunk.length > left ? chunk.subarray(0, left) : chunk;
    left -= piece.length;
    if (piece.length > 0 && !(await write(socket, piece))) return 'gone';
  }
  if (!socket.writable) return 'gone';
  return limit === undefined ? 'end' : 'limit';
}

/** Passes on the client's bytes, up to their end. Behind the limit nothing is read. */
export async function receiveAll(
  socket: Socket,
  received: (chunk: Uint8Array) => void,
  limit: Limit,
): Promise<MoveEnd> {
  let left = limit ?? Number.POSITIVE_INFINITY;
  let full = (): void => {};
  const isFull = new Promise<void>((resolve) => {
    full = resolve;
  });
  const take = (chunk: Uint8Array): void => {
    const piece = chunk.subarray(0, left);
    left -= piece.length;
    if (piece.length > 0) received(piece);
    if (left > 0) return;
    socket.off('data', take).pause();
    full();
  };
  if (left === 0) return 'limit';
  const ended = socket.readableEnded ? Promise.resolve() : eventOrClose(socket, 'end');
  socket.on('data', take).resume();
  await Promise.race([ended, isFull]);
  socket.off('data', take);
  if (left === 0) return 'limit';
  if (!socket.readableEnded) return 'gone';
  return limit === undefined ? 'end' : 'limit';
}

/** Reads on to the end and keeps nothing. */
export async function drain(socket: Socket): Promise<void> {
  if (socket.readableEnded) return;
  const ended = eventOrClose(socket, 'end');
  socket.resume();
  await ended;
}

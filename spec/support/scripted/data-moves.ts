/**
 * Moving bytes over a data connection, and how it ended.
 *
 * The socket is kept reading while it is written to: that is how a server notices that the client has gone.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { pollPhase } from './poll-phase.js';

/** `done`: all bytes moved and the end was orderly; `broken`: the connection went away before. */
export type MoveOutcome = 'done' | 'broken';

const sliceBytes = 64 * 1024;

/** Writes the chunks, each in an event loop turn of its own, waiting whenever the socket is full. */
export async function writeAll(socket: Socket, chunks: Iterable<Uint8Array>): Promise<MoveOutcome> {
  socket.resume();
  let started = false;
  for (const chunk of chunks) {
    if (started) await pollPhase();
    started = true;
    for (let at = 0; at < chunk.length; at += sliceBytes) {
      if (!socket.writable) return 'broken';
      if (!socket.write(chunk.subarray(at, at + sliceBytes))) await eventOrClose(socket, 'drain');
    }
  }
  return socket.writable ? 'done' : 'broken';
}

/** Says FIN (and close_notify under TLS) and waits until all bytes were handed to the kernel. */
export async function finish(socket: Socket): Promise<MoveOutcome> {
  const finished = eventOrClose(socket, 'finish');
  socket.end();
  await finished;
  return socket.writableFinished ? 'done' : 'broken';
}

/** Reads up to the peer's FIN and answers it with one, as a server does before its 226. */
export async function readAll(socket: Socket, received: (chunk: Buffer) => void): Promise<MoveOutcome> {
  socket.on('data', received);
  // A client that sends nothing may have sent its FIN before: that is reported once, with or without a reader.
  const ended = socket.readableEnded ? undefined : eventOrClose(socket, 'end');
  socket.resume();
  await ended;
  socket.off('data', received);
  return socket.readableEnded ? finish(socket) : 'broken';
}

/** Waits for an event of a socket that may go away instead. */
export async function eventOrClose(socket: Socket, event: string): Promise<void> {
  if (socket.destroyed) return;
  const over = new AbortController();
  const first = (name: string): Promise<unknown> => once(socket, name, { signal: over.signal }).catch(() => undefined);
  await Promise.race([first(event), first('close')]);
  over.abort();
}

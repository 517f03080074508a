/** Waits for events of a socket, which may close instead. */
import type { Socket } from 'node:net';
// By import, so that fake timers of the test do not hold the server.
import { setTimeout as realDelay } from 'node:timers/promises';

/** Resolves at the next `event`, or when the socket is closed. */
export function eventOrClose(socket: Socket, event: string): Promise<void> {
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = (): void => {
      socket.off(event, settle).off('close', settle);
      resolve();
    };
    socket.on(event, settle).on('close', settle);
  });
}

/** Writes `bytes`; resolves when the socket takes more, with false when it is gone. */
export async function write(socket: Socket, bytes: Uint8Array): Promise<boolean> {
  if (!socket.writable) return false;
  if (!socket.write(bytes)) await eventOrClose(socket, 'drain');
  return socket.writable;
}

/** Ends the socket (with close_notify under TLS); resolves with whether all bytes have left. */
export async function finish(socket: Socket): Promise<boolean> {
  const finished = eventOrClose(socket, 'finish');
  socket.end();
  if (!socket.writableFinished) await finished;
  return socket.writableFinished;
}

/** Ends a TCP connection by a reset alone. Node would say FIN before it, which is the end of a whole file. */
export function resetOnly(socket: Socket): void {
  // Node cannot reset a socket whose end is under way, and would never tell that it is closed.
  if (socket.writableEnded) {
    socket.destroy();
    return;
  }
  socket._final = (done) => done();
  socket.resetAndDestroy();
  // Bytes that the peer has not taken are not waited for.
  socket.destroy();
}

/** A timer that a signal ends early. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', settle);
      resolve();
    };
    const timer = setTimeout(settle, ms);
    signal.addEventListener('abort', settle);
  });
}

/** Resolves when the socket is closed, or after `ms` milliseconds: real ones, also under fake timers of the test. */
export async function closedWithin(socket: Socket, ms: number): Promise<void> {
  const closed = new AbortController();
  const close = (): void => closed.abort();
  socket.once('close', close);
  // It rejects when the signal ends it.
  if (!socket.destroyed) await realDelay(ms, undefined, { signal: closed.signal }).catch(close);
  socket.off('close', close);
}

/** Resolves when `signal` aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

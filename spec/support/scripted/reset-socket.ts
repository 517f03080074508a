/** Resets a socket of the scripted server. */
import type { Socket } from 'node:net';

/**
 * Sends RST, or destroys a socket whose FIN is on its way. Node cannot reset that one: it would forget the socket, leave it open, and
 * never emit `close`.
 */
export function resetSocket(socket: Socket): void {
  const { writableEnded, writableFinished, writableLength } = socket;
  const isEnding = writableEnded && !writableFinished && writableLength === 0;
  if (isEnding) socket.destroy();
  else socket.resetAndDestroy();
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/**
 * A barrier: resolves when all that was written before, to a loopback connection that is accepted, has been read at its other end, and what
 * was written there in answer has been read, too.
 *
 * A connection of its own is opened, used and closed meanwhile, in steps of which each follows from the one before. Loopback sockets
 * become readable in the order in which they were written to, so that whatever was written before the first step is read before it.
 */
export async function arrivals(): Promise<void> {
  const echo = createServer((socket) => socket.pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const socket = connect((echo.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end('there and back');
  await once(socket.resume(), 'close');
  echo.close();
  await once(echo, 'close');
}

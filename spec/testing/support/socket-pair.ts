/** Two sockets that are connected with each other. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface SocketPair extends Disposable {
  /** The socket of the server under test. */
  readonly near: Socket;
  /** Its peer. It reads nothing until the spec says so. */
  readonly far: Socket;
}

export async function socketPair(): Promise<SocketPair> {
  const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const far = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  const [[near]] = (await Promise.all([once(server, 'connection'), once(far, 'connect')])) as [[Socket], unknown];
  server.close();
  for (const socket of [near, far]) socket.on('error', () => {});
  return {
    near,
    far,
    [Symbol.dispose]() {
      near.destroy();
      far.destroy();
    },
  };
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DataConnection } from '../../lib/data/data-connection.js';

/** Attached to a real socket; `peer` is its other end. */
async function attached(): Promise<{ data: DataConnection; socket: Socket; peer: Socket; close: () => void }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  const [peer] = (await accepted) as [Socket];
  const data = new DataConnection(undefined, () => undefined, undefined);
  data.attach(socket);
  return { data, socket, peer, close: () => void server.close() };
}

describe('a data connection that is reset', () => {
  it('is broken off for the peer', async () => {
    const { data, peer, close } = await attached();
    const broken = once(peer, 'error');
    data.reset();
    expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
    close();
  });

  // Node would keep the socket open, and the process alive: the set-up file looks for it.
  it('is closed when its end of file is on the way', async () => {
    const { data, socket, peer, close } = await attached();
    const written = new Promise<void>((resolve) => data.write(Uint8Array.of(1), resolve));
    await written;
    data.finish(0);
    data.reset();
    await once(socket, 'close');
    const ended = once(peer, 'end');
    peer.resume();
    await ended;
    close();
  });
});

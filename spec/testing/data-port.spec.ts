import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DataPort } from '../../lib/testing/data-port.js';
import { portOf } from '../../lib/testing/server-sockets.js';

const peer = '127.0.0.1';

function portOfSession(gone = new AbortController()) {
  const tracked: Socket[] = [];
  return { gone, tracked, port: new DataPort({ peer, gone: gone.signal }, (socket) => tracked.push(socket)) };
}

/** Whether nothing listens there. */
async function isFree(port: number): Promise<boolean> {
  const socket = connect({ host: peer, port });
  const [error] = await once(
    socket.on('connect', () => socket.destroy()),
    'close',
  ).then(
    () => [],
    (reason: NodeJS.ErrnoException) => [reason],
  );
  return error?.code === 'ECONNREFUSED';
}

describe('the port of the next data connection', () => {
  it('is none at the beginning, and is taken by one transfer', async () => {
    const { port } = portOfSession();
    expect([port.isSet, port.take()]).toEqual([false, undefined]);
    await port.listen();
    expect(port.isSet).toBe(true);
    const channel = port.take();
    expect([port.isSet, port.take()]).toEqual([false, undefined]);
    channel?.close();
  });

  it('closes the one before', async () => {
    const { port } = portOfSession();
    const first = await port.listen();
    const second = await port.listen();
    expect(await isFree(first)).toBe(true);
    port.connectTo({ host: peer, port: 1 });
    expect(await isFree(second)).toBe(true);
    port.close();
    expect(port.isSet).toBe(false);
  });

  it('is closed where the client has gone meanwhile', async () => {
    const { port, gone } = portOfSession();
    const listening = port.listen();
    gone.abort();
    expect(await isFree(await listening)).toBe(true);
    port.close();
  });

  it('connects to the client in active mode', async () => {
    const { port, tracked } = portOfSession();
    const client = createServer().listen(0, peer);
    await once(client, 'listening');
    port.connectTo({ host: peer, port: portOf(client) });
    expect(tracked).toEqual([]);
    const accepted = once(client, 'connection');
    const channel = port.take();
    const socket = await channel?.open(undefined);
    expect(tracked).toEqual([socket]);
    const [other] = (await accepted) as [Socket];
    const closed = [once(other, 'close'), once(client, 'close')];
    channel?.close();
    other.resume();
    client.close();
    await Promise.all(closed);
  });
});

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DataChannel } from '../../lib/testing/data-channel.js';
import { portOf } from '../../lib/testing/server-sockets.js';
import { readToEnd } from '../support/raw-client.js';

const host = '127.0.0.1';

function to(port: number): Socket {
  return connect({ host, port }).on('error', () => {});
}

describe('a passive data connection', () => {
  it('is the first that comes', async () => {
    const tracked: Socket[] = [];
    const channel = await DataChannel.passive(host, (socket) => tracked.push(socket));
    const client = to(channel.port);
    const socket = await channel.open(undefined);
    expect(tracked).toEqual([socket]);
    socket.end('all');
    expect((await readToEnd(client)).toString()).toBe('all');
    channel.close();
  });

  it('is none where it is closed before', async () => {
    const channel = await DataChannel.passive(host, () => {});
    const opening = channel.open(undefined);
    channel.close();
    await expect(opening).rejects.toThrow();
  });

  it('goes on where it is released, and ends where it is closed', async () => {
    const channel = await DataChannel.passive(host, () => {});
    const client = to(channel.port);
    const socket = await channel.open(undefined);
    channel.release();
    socket.write('x');
    expect(String((await once(client, 'data'))[0])).toBe('x');
    channel.close();
    await once(client.resume(), 'close');
  });

  it('can be reset', async () => {
    const channel = await DataChannel.passive(host, () => {});
    channel.reset();
    const client = to(channel.port);
    await channel.open(undefined);
    channel.reset();
    await expect(readToEnd(client)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('is none where its TLS fails', async () => {
    const channel = await DataChannel.passive(host, () => {});
    const client = to(channel.port);
    const opening = channel.open({});
    client.resume().end('this is no ClientHello\r\n');
    await expect(opening).rejects.toThrow();
    channel.close();
    if (!client.closed) await once(client, 'close');
  });
});

describe('an active data connection', () => {
  it('goes to the client when it is opened', async () => {
    const client = createServer((socket) => socket.end('all')).listen(0, host);
    await once(client, 'listening');
    const channel = DataChannel.active({ host, port: portOf(client) }, () => {});
    expect(channel.port).toBe(0);
    expect((await readToEnd(await channel.open(undefined))).toString()).toBe('all');
    channel.close();
    client.close();
    await once(client, 'close');
  });

  it('is none where it is closed before, or where nothing listens', async () => {
    const client = createServer().listen(0, host);
    await once(client, 'listening');
    const port = portOf(client);
    const given = DataChannel.active({ host, port }, () => {});
    given.close();
    await expect(given.open(undefined)).rejects.toThrow('The connection was given up before it was made.');
    client.close();
    await once(client, 'close');
    await expect(DataChannel.active({ host, port }, () => {}).open(undefined)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });
});

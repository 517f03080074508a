import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { plainAddress } from '../../lib/net/address.js';
import { type Listener, listen } from '../../lib/net/listener.js';

const loopback = { host: '127.0.0.1', peers: ['127.0.0.1'] };

/** How an attempt to connect ends: connected, or the code of the error. */
async function attempt({ port }: Listener, localAddress = '127.0.0.1'): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  const outcome = await once(socket, 'connect').then(
    () => 'connected',
    (error: NodeJS.ErrnoException) => String(error.code),
  );
  socket.on('error', () => undefined).resume();
  if (outcome === 'connected' && localAddress !== '127.0.0.1') await once(socket, 'close');
  socket.destroy();
  return outcome;
}

describe('listen', () => {
  it('takes one connection, paused, and then listens no more', async () => {
    const listener = await listen(loopback);
    const client = connect(listener.port, '127.0.0.1').on('error', () => undefined);
    client.write('waits until it is read');
    const socket = await listener.accepted;
    expect(socket.isPaused()).toBe(true);
    expect(await attempt(listener)).toBe('ECONNREFUSED');
    const data = once(socket, 'data');
    socket.resume();
    expect(String((await data)[0])).toBe('waits until it is read');
    listener.close();
    expect(socket.destroyed).toBe(false);
    socket.destroy();
    client.destroy();
  });

  it('drops strangers, and waits on', async () => {
    const listener = await listen(loopback);
    expect(await attempt(listener, '127.0.0.2')).toBe('connected');
    expect(await attempt(listener, '127.0.0.3')).toBe('connected');
    const client = connect(listener.port, '127.0.0.1');
    const socket = await listener.accepted;
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
    client.destroy();
  });

  it('knows an IPv4 peer that comes over IPv6', async () => {
    const listener = await listen({ host: '::', peers: ['::ffff:127.0.0.1'] });
    const client = connect(listener.port, '127.0.0.1');
    const socket = await listener.accepted;
    expect(plainAddress(socket.remoteAddress ?? '')).toBe('127.0.0.1');
    socket.destroy();
    client.destroy();
  });

  it('rejects whoever waits when it is closed, and whether anybody waits or not', async () => {
    const listener = await listen(loopback);
    listener.close();
    listener.close();
    await expect(listener.accepted).rejects.toThrow('closed before the server connected');
    expect(await attempt(listener)).toBe('ECONNREFUSED');
  });

  it('goes through its ports until one is free', async () => {
    const first = await listen(loopback);
    const second = await listen({ ...loopback, ports: [first.port, Math.min(first.port + 50, 65_535)] });
    expect(second.port).toBeGreaterThan(first.port);
    await expect(listen({ ...loopback, ports: [first.port, first.port] })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    first.close();
    second.close();
  });

  it('gives up at once where no port can help', async () => {
    await expect(listen({ host: '192.0.2.200', peers: ['127.0.0.1'], ports: [40_000, 50_000] })).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
    });
  });
});

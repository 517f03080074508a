import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, Socket } from 'node:net';
import { type Duplex, PassThrough } from 'node:stream';
import * as tls from 'node:tls';
import { describe, expect, it, vi } from 'vitest';
import { SYSTEM_CLOCK } from '../../lib/net/clock.js';
import { type ConnectorEndpoint, connected, connectSocket, resetOrDestroy } from '../../lib/net/connector.js';
import { DeadlinePassed } from '../../lib/net/deadline.js';
import { TimerPool } from '../../lib/net/timer-pool.js';

async function listening(): Promise<{ server: Server; to: ConnectorEndpoint } & AsyncDisposable> {
  const server = createServer();
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { server, to: { host: '127.0.0.1', port, channel: 'data', family: 0 }, [Symbol.asyncDispose]: close };
}

const never = new AbortController().signal;

describe('connectSocket', () => {
  it('resolves with a connected socket, bound to localAddress, and leaves no listener behind', async () => {
    await using at = await listening();
    const accepted = once(at.server, 'connection');
    const socket = await connectSocket({ ...at.to, localAddress: '127.0.0.9' }, never);
    const [peer] = await accepted;
    expect((peer as Socket).remoteAddress).toBe('127.0.0.9');
    expect([socket.listenerCount('connect'), socket.listenerCount('error')]).toEqual([0, 0]);
    socket.destroy();
  });

  it('reads into the memory of onread', async () => {
    await using at = await listening();
    const accepted = once(at.server, 'connection');
    const memory = Buffer.alloc(16);
    const received = new Promise<string>((resolve) => {
      const callback = (length: number, into: Uint8Array): boolean => {
        expect(into.buffer).toBe(memory.buffer);
        resolve(Buffer.from(into.subarray(0, length)).toString());
        return true;
      };
      void connectSocket({ ...at.to, onread: { buffer: memory, callback } }, never);
    });
    const [peer] = await accepted;
    (peer as Socket).end('straight in');
    expect(await received).toBe('straight in');
    await once(peer as Socket, 'close');
  });

  it("rejects with node's own error", async () => {
    const at = await listening();
    await at[Symbol.asyncDispose]();
    await expect(connectSocket(at.to, never)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('gives up when its signal aborts, before and during the attempt', async () => {
    await using at = await listening();
    const reason = new Error('enough');
    await expect(connectSocket(at.to, AbortSignal.abort(reason))).rejects.toBe(reason);
    const abort = new AbortController();
    const attempt = connectSocket(at.to, abort.signal);
    abort.abort(reason);
    await expect(attempt).rejects.toBe(reason);
  });

  it('does not care about its signal once it is connected', async () => {
    await using at = await listening();
    const abort = new AbortController();
    const socket = await connectSocket(at.to, abort.signal);
    abort.abort();
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });
});

describe('a connection that takes too long', () => {
  it('is given up when its time is over, not before', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const timers = new TimerPool(SYSTEM_CLOCK.now);
    const socket = new Socket();
    const attempt = connected(() => socket, never, { ms: 1_000, timers }).catch((error: unknown) => error);
    vi.advanceTimersByTime(999);
    expect(socket.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await attempt).toBeInstanceOf(DeadlinePassed);
    expect([socket.destroyed, socket.listenerCount('connect')]).toEqual([true, 0]);
    timers.close();
  });

  it('may take as long as it likes afterwards', async () => {
    await using at = await listening();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const timers = new TimerPool(SYSTEM_CLOCK.now);
    const open = (): Socket => connect(at.to.port, at.to.host);
    const socket = await connected(open, never, { ms: 1_000, timers });
    vi.advanceTimersByTime(1_000);
    expect(socket.destroyed).toBe(false);
    socket.destroy();
    timers.close();
  });
});

describe('resetOrDestroy', () => {
  it('resets a TCP connection', async () => {
    await using at = await listening();
    const accepted = once(at.server, 'connection');
    const socket = connect(at.to.port, at.to.host);
    const [peer] = (await accepted) as [Socket];
    const broken = once(peer, 'error');
    resetOrDestroy(socket);
    expect(await broken).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it.each<[string, (to: ConnectorEndpoint) => Promise<Duplex>]>([
    ['a duplex that is no socket', async () => new PassThrough()],
    [
      'a TLS socket that has made its connection',
      async ({ host, port }) => {
        const socket = tls.connect({ host, port });
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        return socket;
      },
    ],
  ])('destroys %s', async (_what, open) => {
    await using at = await listening();
    const connection = await open(at.to);
    const closed = once(connection, 'close');
    resetOrDestroy(connection);
    expect(connection.destroyed).toBe(true);
    await closed;
  });
});

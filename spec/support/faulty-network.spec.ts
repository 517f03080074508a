import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { type FaultKind, FaultyNetwork } from './faulty-network.js';
import { Random } from './random.js';

/** A server that sends `bytes` to each connection and ends it, and a connection to it through the network. */
async function through(network: FaultyNetwork, bytes: number): Promise<{ received: number; error: unknown }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(Buffer.alloc(bytes, 'x'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const endpoint = { host: '127.0.0.1', port, channel: 'data', family: 0 } as const;
  const socket = (await network.connector(endpoint, new AbortController().signal)) as Socket;
  let received = 0;
  let error: unknown;
  socket.on('error', (thrown) => {
    error = thrown;
  });
  socket.on('data', (chunk: Uint8Array) => {
    received += chunk.length;
  });
  await once(socket, 'close').catch(() => undefined);
  server.close();
  await once(server, 'close');
  return { received, error };
}

function faulty(kind: FaultKind, chance: number): FaultyNetwork {
  return new FaultyNetwork({
    random: new Random(7),
    chance: { control: 0, data: chance },
    within: { control: 1, data: 50_000 },
    kinds: [kind],
  });
}

describe('a faulty network', () => {
  it('passes all bytes where no fault strikes', async () => {
    await using network = faulty('fin', 0);
    expect(await through(network, 300_000)).toEqual({ received: 300_000, error: undefined });
  });

  it('ends a connection early by FIN', async () => {
    await using network = faulty('fin', 1);
    const { received, error } = await through(network, 300_000);
    expect(received).toBeLessThan(50_000);
    expect(error).toBeUndefined();
    expect(network.struck).toEqual({ fin: 1, rst: 0, stall: 0 });
  });

  it('ends a connection early by RST', async () => {
    await using network = faulty('rst', 1);
    expect((await through(network, 300_000)).received).toBeLessThan(50_000);
    expect(network.struck.rst).toBe(1);
  });

  it('falls silent in the middle, and leaves the connection open', async () => {
    await using network = faulty('stall', 1);
    const ended = through(network, 300_000);
    await vi.waitFor(() => expect(network.struck.stall).toBe(1));
    // Nothing of ours will end it.
    await network[Symbol.asyncDispose]();
    expect((await ended).received).toBeLessThan(50_000);
  });
});

describe('a scheduled cut', () => {
  it.each([
    'data-fin',
    'data-rst',
    'both-rst',
    'restart',
  ] as const)('%s ends the connection after so many bytes', async (kind) => {
    await using network = new FaultyNetwork();
    network.schedule([{ kind, of: 'data', after: 1000 }]);
    expect((await through(network, 300_000)).received).toBeLessThanOrEqual(1000);
    expect(network.made).toBe(1);
  });

  it('of another channel leaves the connection whole', async () => {
    await using network = new FaultyNetwork();
    network.schedule([{ kind: 'control-rst', of: 'data', after: 1000 }]);
    expect(await through(network, 300_000)).toEqual({ received: 300_000, error: undefined });
    expect(network.made).toBe(1);
  });
});

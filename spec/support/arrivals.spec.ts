import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Latch } from '../control/support/connected.js';
import { arrivals } from './scripted/arrivals.js';

/** Twenty connections; the server answers each chunk by one. */
async function twenty() {
  const read: string[] = [];
  const answered: string[] = [];
  let accepted = 0;
  const allAccepted = new Latch();
  const server = createServer((socket) => {
    accepted += 1;
    if (accepted === 20) allAccepted.open();
    socket.on('data', (chunk) => {
      read.push(String(chunk));
      socket.write(`answer to ${chunk}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets = await Promise.all(
    Array.from({ length: 20 }, async (): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1');
      socket.on('data', (chunk) => answered.push(String(chunk)));
      await once(socket, 'connect');
      return socket;
    }),
  );
  await allAccepted.opened;
  const dispose = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { read, answered, sockets, [Symbol.asyncDispose]: dispose };
}

describe('arrivals', () => {
  it('waits for all that was written before, and for the answers to it', async () => {
    await using at = await twenty();
    for (const [n, socket] of at.sockets.entries()) socket.write(`line ${n}`);
    expect(at.read).toEqual([]);
    await arrivals();
    const lines = at.sockets.map((_, n) => `line ${n}`);
    expect(at.read.toSorted()).toEqual(lines.toSorted());
    expect(at.answered.toSorted()).toEqual(lines.map((line) => `answer to ${line}`).toSorted());
  });

  it('does not wait for anything else', async () => {
    await using at = await twenty();
    await arrivals();
    expect([at.read, at.answered]).toEqual([[], []]);
  });
});

import { Socket as NetSocket } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { Outbox } from '../../lib/control/outbox.js';

const bytes = (line: string): Uint8Array => Buffer.from(`${line}\r\n`);
const endOfTurn = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

class Socket extends PassThrough {
  readonly writes: string[] = [];

  override write(chunk: Uint8Array): boolean {
    this.writes.push(chunk.toString());
    return true;
  }
}

function outbox(): { box: Outbox; socket: Socket } {
  const socket = new Socket();
  return { box: new Outbox(() => socket), socket };
}

describe('the outbox', () => {
  it('writes each line at once, by itself', () => {
    const { box, socket } = outbox();
    box.write(bytes('A'));
    box.write(bytes('B'));
    expect(socket.writes).toEqual(['A\r\n', 'B\r\n']);
  });

  it('gathers the lines of one turn into one write', async () => {
    const { box, socket } = outbox();
    for (const line of ['A', 'B', 'C']) box.gather(bytes(line));
    expect(socket.writes).toEqual([]);
    await endOfTurn();
    box.gather(bytes('D'));
    await endOfTurn();
    expect(socket.writes).toEqual(['A\r\nB\r\nC\r\n', 'D\r\n']);
  });

  it('gathers text and bytes alike', async () => {
    const { box, socket } = outbox();
    for (const line of ['A\r\n', 'B\r\n', bytes('é'), 'C\r\n', bytes('D')]) box.gather(line);
    await endOfTurn();
    expect(socket.writes).toEqual(['A\r\nB\r\né\r\nC\r\nD\r\n']);
  });

  it('never lets a line overtake those before it', async () => {
    const { box, socket } = outbox();
    box.gather(bytes('A'));
    box.write(bytes('B'));
    box.gather(bytes('C'));
    await endOfTurn();
    expect(socket.writes).toEqual(['A\r\nB\r\n', 'C\r\n']);
  });

  it('writes nothing once it is closed, nor what was gathered', async () => {
    const { box, socket } = outbox();
    box.gather(bytes('A'));
    box.close();
    await endOfTurn();
    box.write(bytes('B'));
    expect(socket.writes).toEqual([]);
  });

  it('writes to the socket of the moment', async () => {
    const sockets = [new Socket(), new Socket()];
    let present = 0;
    const box = new Outbox(() => sockets[present] as Socket);
    box.gather(bytes('A'));
    present = 1;
    await endOfTurn();
    expect(sockets.map(({ writes }) => writes)).toEqual([[], ['A\r\n']]);
  });

  it('writes text as it is to a socket alone, and says that it is one byte for each character', () => {
    const socket = new NetSocket();
    const write = vi.spyOn(socket, 'write').mockReturnValue(true);
    new Outbox(() => socket).write('NOOP\r\n');
    expect(write).toHaveBeenCalledWith('NOOP\r\n', 'latin1');
  });

  it('writes bytes to another duplex, which may know nothing else', () => {
    const duplex = new PassThrough({ objectMode: true });
    const box = new Outbox(() => duplex);
    box.write('NOOP\r\n');
    box.write(bytes('é'));
    expect([duplex.read(), duplex.read()]).toEqual([Buffer.from('NOOP\r\n'), Buffer.from('é\r\n')]);
  });
});

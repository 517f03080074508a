import { Socket as NetSocket } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { CommandWriter } from '../../lib/control/command-writer.js';

const bytes = (line: string): Uint8Array => Buffer.from(`${line}\r\n`);
const endOfTurn = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

class Socket extends PassThrough {
  readonly writes: string[] = [];

  override write(chunk: Uint8Array): boolean {
    this.writes.push(chunk.toString());
    return true;
  }
}

function commandWriter(): { writer: CommandWriter; socket: Socket } {
  const socket = new Socket();
  return { writer: new CommandWriter(socket), socket };
}

describe('the command writer', () => {
  it('writes each line at once, by itself', () => {
    const { writer, socket } = commandWriter();
    writer.write(bytes('A'));
    writer.write(bytes('B'));
    expect(socket.writes).toEqual(['A\r\n', 'B\r\n']);
  });

  it('gathers the lines of one turn into one write', async () => {
    const { writer, socket } = commandWriter();
    for (const line of ['A', 'B', 'C']) writer.gather(bytes(line));
    expect(socket.writes).toEqual([]);
    await endOfTurn();
    writer.gather(bytes('D'));
    await endOfTurn();
    expect(socket.writes).toEqual(['A\r\nB\r\nC\r\n', 'D\r\n']);
  });

  it('gathers text and bytes alike', async () => {
    const { writer, socket } = commandWriter();
    for (const line of ['A\r\n', 'B\r\n', bytes('é'), 'C\r\n', bytes('D')]) writer.gather(line);
    await endOfTurn();
    expect(socket.writes).toEqual(['A\r\nB\r\né\r\nC\r\nD\r\n']);
  });

  it('never lets a line overtake those before it', async () => {
    const { writer, socket } = commandWriter();
    writer.gather(bytes('A'));
    writer.write(bytes('B'));
    writer.gather(bytes('C'));
    await endOfTurn();
    expect(socket.writes).toEqual(['A\r\nB\r\n', 'C\r\n']);
  });

  it('writes nothing once it is closed, nor what was gathered', async () => {
    const { writer, socket } = commandWriter();
    writer.gather(bytes('A'));
    writer.close();
    await endOfTurn();
    writer.write(bytes('B'));
    expect(socket.writes).toEqual([]);
  });

  it('writes to the socket of the moment', async () => {
    const [first, second] = [new Socket(), new Socket()];
    const writer = new CommandWriter(first);
    writer.gather(bytes('A'));
    writer.socket = second;
    await endOfTurn();
    expect([first.writes, second.writes]).toEqual([[], ['A\r\n']]);
  });

  it('writes text as it is to a socket alone, and says that it is one byte for each character', () => {
    const socket = new NetSocket();
    const write = vi.spyOn(socket, 'write').mockReturnValue(true);
    new CommandWriter(socket).write('NOOP\r\n');
    expect(write).toHaveBeenCalledWith('NOOP\r\n', 'latin1');
  });

  it('writes bytes to another duplex, which may know nothing else', () => {
    const duplex = new PassThrough({ objectMode: true });
    const writer = new CommandWriter(duplex);
    writer.write('NOOP\r\n');
    writer.write(bytes('é'));
    expect([duplex.read(), duplex.read()]).toEqual([Buffer.from('NOOP\r\n'), Buffer.from('é\r\n')]);
  });
});

import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ControlConnection } from '../../lib/testing/control-connection.js';
import { readToEnd } from '../support/raw-client.js';
import { type SocketPair, socketPair } from './support/socket-pair.js';

interface Connected extends Disposable {
  readonly control: ControlConnection;
  readonly far: SocketPair['far'];
  /** The lines that came, and what else was told. */
  readonly seen: string[];
}

async function connected(): Promise<Connected> {
  const pair = await socketPair();
  const seen: string[] = [];
  const control = new ControlConnection(pair.near, {
    line: (line) => seen.push(line),
    tooLong: () => seen.push('(too long)'),
    closed: () => seen.push('(closed)'),
  });
  return { control, far: pair.far, seen, [Symbol.dispose]: () => pair[Symbol.dispose]() };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a control connection', () => {
  it('reads lines from when it is opened, and tells its end', async () => {
    using at = await connected();
    at.far.write('USER me\r\nPA');
    at.far.end('SS x\r\n');
    at.control.open();
    await once(at.control.gone, 'abort');
    expect(at.seen).toEqual(['USER me', 'PASS x', '(closed)']);
  });

  it('tells of a line without an end', async () => {
    using at = await connected();
    at.control.open();
    at.far.write('x'.repeat(70_000));
    await until(() => at.seen.includes('(too long)'));
  });

  it('reads no more while it is paused', async () => {
    using at = await connected();
    at.control.open();
    at.control.pause();
    at.far.write('NOOP\r\n');
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(at.seen).toEqual([]);
    at.control.resume();
    await until(() => at.seen.length > 0);
    expect([at.control.peer, at.control.isSecure]).toEqual(['127.0.0.1', false]);
  });

  it('sends lines in one piece, and all of them before its end', async () => {
    using at = await connected();
    await at.control.send(['211-Features:', ' ü', '211 End']);
    at.control.end();
    expect((await readToEnd(at.far)).toString()).toBe('211-Features:\r\n ü\r\n211 End\r\n');
  });

  it('breaks a reply off by its end', async () => {
    using at = await connected();
    at.control.breakOff({ how: 'cut', on: 'control', afterBytes: 3 });
    void at.control.send(['257 "/"']);
    expect((await readToEnd(at.far)).toString()).toBe('257');
  });

  it('breaks a reply off by a reset', async () => {
    using at = await connected();
    at.control.breakOff({ how: 'reset', on: 'control', afterBytes: 0 });
    void at.control.send(['257 "/"']);
    await expect(readToEnd(at.far)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('holds a reply back until it is closed', async () => {
    using at = await connected();
    at.control.breakOff({ how: 'stall', on: 'control', afterBytes: 1 });
    const sending = at.control.send(['257 "/"']);
    expect(String((await once(at.far, 'data'))[0])).toBe('2');
    at.far.destroy();
    await sending;
    expect(at.seen).toEqual(['(closed)']);
  });

  it('is closed where TLS fails', async () => {
    using at = await connected();
    at.far.write('this is no ClientHello\r\n');
    at.far.resume();
    expect(await at.control.secure({})).toBe(false);
    expect(at.control.isSecure).toBe(false);
    await until(() => at.seen.includes('(closed)'));
  });
});

import type { Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { loggedIn, type RawSession } from './support/raw.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A session whose upload has begun, and waits for its end. */
async function uploading(): Promise<{ readonly at: RawSession; readonly data: Socket }> {
  const at = await loggedIn({ files: {} });
  const data = await at.client.passive();
  data.on('error', () => {});
  expect(await at.client.send('STOR new')).toContain('150 ');
  return { at, data };
}

async function completes({ client }: RawSession, data: Socket): Promise<void> {
  data.resume().end('all');
  expect(await client.reply()).toContain('226 Transfer complete');
  expect(await client.send('NOOP')).toContain('200 ');
}

describe('ABOR during a transfer', () => {
  it('can be refused, and the transfer goes on', async () => {
    const { at, data } = await uploading();
    at.server.fail('ABOR', { refuse: 502 });
    expect(await at.client.send('ABOR')).toContain('502 ');
    await completes(at, data);
    expect(at.server.files.get('/new')?.text).toBe('all');
    await at[Symbol.asyncDispose]();
  });

  it('can be answered by a handler, and the transfer goes on', async () => {
    const { at, data } = await uploading();
    const takeAway = at.server.on('ABOR', () => '500 What?');
    expect(await at.client.send('ABOR')).toBe('500 What?');
    at.server.on('ABOR', () => []);
    at.client.write('ABOR\r\n');
    await completes(at, data);
    takeAway();
    await at[Symbol.asyncDispose]();
  });

  it('is left to the server by a handler that gives nothing', async () => {
    const { at, data } = await uploading();
    const handler = vi.fn(() => undefined);
    at.server.on('ABOR', handler);
    expect(await at.client.send('ABOR')).toContain('426 ');
    expect(await at.client.code()).toBe(226);
    expect(handler).toHaveBeenCalledTimes(1);
    data.destroy();
    await at[Symbol.asyncDispose]();
  });

  it('can be delayed, and the transfer may end before', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { at, data } = await uploading();
      at.server.fail('ABOR', { delayMs: 60_000 });
      at.client.write('ABOR\r\n');
      while (vi.getTimerCount() === 0) await nextTurn();
      data.resume().end('all');
      expect(await at.client.reply()).toContain('226 Transfer complete');
      vi.advanceTimersByTime(60_000);
      expect(await at.client.reply()).toBe('225 No transfer is under way.');
      await at[Symbol.asyncDispose]();
    } finally {
      vi.useRealTimers();
    }
  });

  it('loses its own reply by a fault, and not that of the transfer', async () => {
    const { at, data } = await uploading();
    at.server.fail('ABOR', { cut: 'control' });
    expect(await at.client.send('ABOR')).toContain('426 ');
    expect(await at.client.reply()).toBeUndefined();
    data.destroy();
    await at[Symbol.asyncDispose]();
  });

  it('whose handler throws is a 451, and the transfer goes on', async () => {
    const { at, data } = await uploading();
    at.server.on('ABOR', () => {
      throw new Error('of the test');
    });
    expect(await at.client.send('ABOR')).toContain('451 ');
    await completes(at, data);
    await expect(at[Symbol.asyncDispose]()).rejects.toThrow('of the test');
  });

  it('can be refused where it came in one packet with the transfer', async () => {
    await using at = await loggedIn({ files: {} });
    const data = await at.client.passive();
    at.server.fail('ABOR', { refuse: 502 });
    at.client.write('STOR new\r\nABOR\r\n');
    expect([await at.client.code(), await at.client.code()]).toEqual([150, 502]);
    await completes(at, data);
  });
});

describe('STAT during a transfer', () => {
  it('tells of it, or what the test wants, and the transfer goes on', async () => {
    const { at, data } = await uploading();
    expect(await at.client.send('STAT')).toBe('211 A transfer is under way.');
    at.server.fail('STAT', { refuse: 502 });
    expect(await at.client.send('STAT')).toContain('502 ');
    at.server.on('STAT', ({ session }) => `211 Session ${session}`);
    expect(await at.client.send('STAT')).toBe('211 Session 1');
    at.server.on('STAT', () => undefined);
    expect(await at.client.send('STAT')).toBe('211 A transfer is under way.');
    await completes(at, data);
    await at[Symbol.asyncDispose]();
  });

  it('can lose its session', async () => {
    const { at, data } = await uploading();
    at.server.fail('STAT', { cut: 'control', afterBytes: 3 });
    at.client.write('STAT\r\n');
    expect(await at.client.reply()).toBeUndefined();
    data.destroy();
    await at[Symbol.asyncDispose]();
  });
});

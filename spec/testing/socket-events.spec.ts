import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import {
  aborted,
  closedWithin,
  delay,
  eventOrClose,
  finish,
  resetOnly,
  write,
} from '../../lib/testing/socket-events.js';
import { readToEnd } from '../support/raw-client.js';
import { socketPair } from './support/socket-pair.js';

const LARGE = new Uint8Array(10_000_000);

describe('waiting for a socket', () => {
  it('ends with the event, or with the socket, and leaves no listener', async () => {
    using pair = await socketPair();
    const before = pair.near.listenerCount('close');
    const event = eventOrClose(pair.near, 'data');
    pair.far.write('x');
    await event;
    expect([pair.near.listenerCount('data'), pair.near.listenerCount('close')]).toEqual([0, before]);
    const closed = eventOrClose(pair.near, 'never');
    pair.near.destroy();
    await closed;
    await eventOrClose(pair.near, 'never');
  });

  it('is over at once where a signal has come before', async () => {
    const abort = new AbortController();
    const waiting = aborted(abort.signal);
    abort.abort();
    await Promise.all([waiting, aborted(abort.signal), delay(1000, abort.signal)]);
  });
});

describe('write', () => {
  it('waits until the peer has read, and tells whether it is still there', async () => {
    using pair = await socketPair();
    const writing = write(pair.near, LARGE);
    expect(pair.near.writableNeedDrain).toBe(true);
    pair.far.resume();
    expect(await writing).toBe(true);
    pair.near.destroy();
    expect(await write(pair.near, LARGE)).toBe(false);
  });

  it('ends when the peer goes away', async () => {
    using pair = await socketPair();
    const writing = write(pair.near, LARGE);
    pair.far.resetAndDestroy();
    expect(await writing).toBe(false);
  });
});

describe('finish', () => {
  it('tells when all bytes have left', async () => {
    using pair = await socketPair();
    pair.near.write('all');
    expect(await finish(pair.near)).toBe(true);
    expect((await readToEnd(pair.far)).toString()).toBe('all');
    expect(await finish(pair.near)).toBe(true);
  });

  it('tells that they have not', async () => {
    using pair = await socketPair();
    pair.near.write(LARGE);
    const finishing = finish(pair.near);
    pair.far.resetAndDestroy();
    expect(await finishing).toBe(false);
  });
});

describe('resetOnly', () => {
  it('lets the peer see a reset, and no end', async () => {
    using pair = await socketPair();
    const failed = once(pair.far, 'error').then(
      () => undefined,
      (error: unknown) => error,
    );
    const seen = new Promise((resolve) => pair.far.once('error', resolve).once('end', () => resolve('the end')));
    pair.far.resume();
    resetOnly(pair.near);
    expect(await seen).toMatchObject({ code: 'ECONNRESET' });
    await failed;
    expect(pair.near.destroyed).toBe(true);
  });

  it('closes a socket whose end is under way', async () => {
    using pair = await socketPair();
    pair.near.end('the end');
    const closed = once(pair.near, 'close');
    resetOnly(pair.near);
    await closed;
  });
});

describe('delay', () => {
  it('runs on the clock of the test, and ends early by its signal', async () => {
    vi.useFakeTimers();
    const abort = new AbortController();
    const whole = delay(1000, abort.signal);
    vi.advanceTimersByTime(1000);
    await whole;
    const early = delay(1000, abort.signal);
    abort.abort();
    await early;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('closedWithin', () => {
  it('ends with the socket', async () => {
    using pair = await socketPair();
    const waiting = closedWithin(pair.near, 600_000);
    pair.near.destroy();
    await waiting;
    await closedWithin(pair.near, 600_000);
  });

  it('ends in real time, also under fake timers of the test', async () => {
    using pair = await socketPair();
    vi.useFakeTimers();
    await closedWithin(pair.near, 1);
    expect(pair.near.destroyed).toBe(false);
  });
});

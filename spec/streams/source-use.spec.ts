import { PassThrough, Readable } from 'node:stream';
import { of } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { readSource } from '../../lib/streams/source.js';
import { onEarlyFailure, requireUsable, take } from '../../lib/streams/source-use.js';

function* once(): Generator<string> {
  yield 'a';
}

async function* onceAsync(): AsyncGenerator<string> {
  yield 'a';
}

async function readOnce(source: Parameters<typeof readSource>[0]): Promise<void> {
  const reader = readSource(source);
  await reader.next();
  reader.cancel();
}

describe('requireUsable', () => {
  it.each([
    ['a generator', once],
    ['an async generator', onceAsync],
    ['a Readable', () => Readable.from(['a'])],
    ['a web stream', () => new Blob(['a']).stream() as never],
  ])('refuses %s that was read', async (_kind, make) => {
    const source = make();
    expect(() => requireUsable(source)).not.toThrow();
    await readOnce(source);
    expect(() => requireUsable(source)).toThrow(FtpUsageError);
    await expect(readSource(source).next()).rejects.toBeInstanceOf(FtpUsageError);
  });

  it.each([
    ['a string', 'a'],
    ['bytes', Buffer.from('a')],
    ['an array', ['a']],
    ['a Set', new Set(['a'])],
    ['a Blob', new Blob(['a'])],
    ['an Observable', of('a')],
  ])('takes %s again', async (_kind, source) => {
    await readOnce(source);
    expect(() => requireUsable(source)).not.toThrow();
  });

  it('refuses a Readable that has ended or was destroyed, and tells the error of one that has failed', async () => {
    const ended = Readable.from(['a']);
    await ended.toArray();
    expect(() => requireUsable(ended)).toThrow(FtpUsageError);
    expect(() => requireUsable(new PassThrough().destroy())).toThrow(FtpUsageError);
    const error = new Error('disk');
    const failed = new PassThrough().on('error', () => undefined).destroy(error);
    expect(() => requireUsable(failed)).toThrow(error);
  });

  it('refuses a web stream that is locked, or was read', async () => {
    const locked = new ReadableStream();
    locked.getReader();
    expect(() => requireUsable(locked)).toThrow(FtpUsageError);
    const read = new Blob(['a']).stream();
    for await (const _chunk of read as unknown as AsyncIterable<Uint8Array>) break;
    expect(() => requireUsable(read)).toThrow(FtpUsageError);
  });

  it.each([
    ['a generator', once],
    ['an async generator', onceAsync],
  ])('refuses %s that is frozen, since a second reader could not be told', (_kind, make) => {
    expect(() => requireUsable(Object.freeze(make()))).toThrow(FtpUsageError);
  });

  it('takes what is frozen and gives its bytes again', async () => {
    const sources = [Object.freeze(['a']), Object.freeze({ [Symbol.iterator]: once })];
    for (const source of [...sources, ...sources]) await readOnce(source);
  });

  it('refuses an iterator that its iterable gives twice', async () => {
    const iterator = once();
    const source = { [Symbol.iterator]: () => iterator };
    await readOnce(source);
    await expect(readSource(source).next()).rejects.toBeInstanceOf(FtpUsageError);
  });
});

describe('onEarlyFailure', () => {
  const error = new Error('disk');
  const closed = (readable: Readable) => new Promise((resolve) => readable.once('close', resolve));

  it('tells the error of a Readable that was not read', async () => {
    const readable = new PassThrough();
    const failed = vi.fn();
    const stop = onEarlyFailure(readable, failed);
    readable.destroy(error);
    await closed(readable);
    stop();
    expect(failed.mock.calls).toEqual([[error]]);
    expect(readable.listenerCount('error')).toBe(0);
  });

  it('leaves it to who reads', async () => {
    const readable = new PassThrough();
    const failed = vi.fn();
    const stop = onEarlyFailure(readable, failed);
    const reader = readSource(readable);
    const waiting = reader.next();
    readable.destroy(error);
    await expect(waiting).rejects.toBe(error);
    stop();
    expect(failed).not.toHaveBeenCalled();
  });

  it('lets one fail quietly that is given up, and keeps no listener once it is closed', async () => {
    const readable = new PassThrough();
    for (let attempt = 0; attempt < 3; attempt += 1) onEarlyFailure(readable, () => undefined)();
    expect(readable.listenerCount('error')).toBe(1);
    readable.destroy(error);
    await closed(readable);
    expect(readable.listenerCount('error')).toBe(0);
  });

  it('adds nothing where its owner listens, and nothing to other sources', () => {
    const readable = new PassThrough().on('error', () => undefined);
    onEarlyFailure(readable, () => undefined)();
    expect(readable.listenerCount('error')).toBe(1);
    onEarlyFailure('a', () => undefined)();
    onEarlyFailure(['a'], () => undefined)();
    readable.destroy();
  });
});

describe('take', () => {
  it('takes once', () => {
    const source = {};
    expect(take(source)).toBe(source);
    expect(() => take(source)).toThrow(FtpUsageError);
  });

  it('shows every copy of this package that a source was read, and no code that looks at its properties', () => {
    const source = take({});
    expect(Object.hasOwn(source, Symbol.for('rxftp.taken'))).toBe(true);
    expect([Object.keys(source), { ...source }]).toEqual([[], {}]);
    expect(() => take(Object.create(source) as object)).not.toThrow();
  });
});

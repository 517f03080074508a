import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { from, map, NEVER, Subject, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { byteStream } from '../../lib/streams/byte-stream.js';
import {
  type ByteSource,
  isByteSource,
  readSource,
  requireByteSource,
  type SourceReader,
  sourceSize,
} from '../../lib/streams/source.js';
import { FakeProducer } from './support/fake-producer.js';
import { bytesOf } from './support/marbles.js';

async function readAll(reader: SourceReader): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) chunks.push(chunk);
  return chunks;
}

async function textFrom(source: ByteSource): Promise<string> {
  return Buffer.concat(await readAll(readSource(source))).toString();
}

async function* generate(...values: (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* values;
}

const EVENTS = ['data', 'end', 'error', 'close', 'readable', 'finish'];

function listeners(stream: NodeJS.EventEmitter): number[] {
  return EVENTS.map((event) => stream.listenerCount(event));
}

const KINDS: [string, () => ByteSource][] = [
  ['a string', () => 'a€bc'],
  ['bytes', () => bytesOf('a€bc')],
  ['a Buffer', () => Buffer.from('a€bc')],
  ['a Blob', () => new Blob(['a€', 'bc'])],
  ['an array', () => ['a', bytesOf('€'), '', 'bc']],
  ['an iterable', () => new Set(['a', '€bc'])],
  ['an async iterable', () => generate('a', '', bytesOf('€bc'))],
  ['a Readable', () => Readable.from([Buffer.from('a€'), Buffer.from('bc')], { objectMode: false })],
  ['a Readable of strings', () => Readable.from(['a€', 'bc'])],
  ['a web stream', () => new Blob(['a€bc']).stream() as ReadableStream<Uint8Array>],
  ['an Observable', () => from(['a', bytesOf('€'), 'bc'])],
];

describe('readSource', () => {
  it.each(KINDS)('reads %s', async (_kind, source) => {
    expect(await textFrom(source())).toBe('a€bc');
  });

  it.each([
    ['a string', ''],
    ['bytes', new Uint8Array(0)],
    ['a Blob', new Blob([])],
    ['an array', []],
    ['chunks', ['', new Uint8Array(0)]],
    ['a Readable', Readable.from([])],
    ['an Observable', from([])],
  ] as [string, ByteSource][])('ends at once with nothing in %s, and stays ended', async (_kind, source) => {
    const reader = readSource(source);
    expect(await reader.next()).toBeUndefined();
    expect(await reader.next()).toBeUndefined();
    reader.cancel();
  });

  it('gives bytes as they are, and Blobs in pieces', async () => {
    const bytes = new Uint8Array(600_000).fill(7);
    expect((await readAll(readSource(bytes)))[0]).toBe(bytes);
    const blobPieces = await readAll(readSource(new Blob([bytes])));
    expect(blobPieces.map(({ length }) => length)).toEqual([262_144, 262_144, 75_712]);
  });

  it('touches nothing before the first next', () => {
    const fake = new FakeProducer();
    const readable = new Readable({ read: vi.fn() });
    const before = listeners(readable);
    const iterable = { [Symbol.iterator]: vi.fn() };
    const web = new ReadableStream();
    for (const source of [fake.stream, readable, iterable, web] as ByteSource[]) readSource(source).cancel();
    expect(fake.starts).toBe(0);
    expect(listeners(readable)).toEqual(before);
    expect(readable.destroyed).toBe(false);
    expect(iterable[Symbol.iterator]).not.toHaveBeenCalled();
    expect(web.locked).toBe(false);
  });

  it('gives nothing after it was cancelled', async () => {
    const reader = readSource(['a', 'b']);
    reader.cancel();
    reader.cancel();
    expect(await reader.next()).toBeUndefined();
  });

  it.each<[string, (error: Error) => ByteSource]>([
    [
      'an iterable',
      (error) =>
        (function* (): Generator<string> {
          yield 'a';
          throw error;
        })(),
    ],
    ['a Readable', (error) => Readable.from(['a']).map(() => Promise.reject(error))],
    ['an Observable', (error) => throwError(() => error)],
    ['a web stream', (error) => new ReadableStream({ start: (controller) => controller.error(error) })],
  ])('rejects with the error of %s, unchanged', async (_kind, source) => {
    const error = new Error('mine');
    await expect(textFrom(source(error))).rejects.toBe(error);
  });

  it('refuses a chunk that is neither bytes nor text', async () => {
    await expect(textFrom(new Set([1]) as unknown as ByteSource)).rejects.toThrow(/type number/);
    await expect(textFrom(from([{}]) as unknown as ByteSource)).rejects.toBeInstanceOf(FtpUsageError);
    await expect(textFrom(from([null]) as unknown as ByteSource)).rejects.toThrow(/null/);
    await expect(textFrom(from([Object.create(null)]) as unknown as ByteSource)).rejects.toThrow(/class null/);
  });
});

describe('readSource of an Observable', () => {
  it('holds one that comes from a ByteStream, so that copying is bounded', async () => {
    const fake = new FakeProducer({ chunks: 100, chunkBytes: 1024 });
    const reader = readSource(fake.stream.pipe(map((chunk) => chunk)));
    for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) {
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      fake.consume(chunk.length);
    }
    expect(fake.consumedBytes).toBe(100 * 1024);
    expect(fake.peakBytes).toBeLessThanOrEqual(3 * 1024);
  });

  it('queues any other', async () => {
    const subject = new Subject<string>();
    const reader = readSource(subject);
    const first = reader.next();
    for (const text of ['a', 'b', 'c']) subject.next(text);
    subject.complete();
    expect(await first).toEqual(Buffer.from('a'));
    expect(Buffer.concat(await readAll(reader)).toString()).toBe('bc');
  });

  it('unsubscribes at once when cancelled, and answers who waits', async () => {
    const subject = new Subject<string>();
    const reader = readSource(subject);
    const waiting = reader.next();
    reader.cancel();
    expect(subject.observed).toBe(false);
    expect(await waiting).toBeUndefined();
  });
});

describe('the bytes that readSource expects', () => {
  it('are what the source of a ByteStream names, once it is read', async () => {
    const fake = new FakeProducer({ chunks: 2, chunkBytes: 5 });
    const stream = byteStream((sink, gate) => {
      gate.expectedBytes = () => 10;
      return fake.producer(sink, gate);
    });
    const reader = readSource(stream);
    expect(reader.expectedBytes?.()).toBeUndefined();
    await reader.next();
    expect(reader.expectedBytes?.()).toBe(10);
    reader.cancel();
    expect(fake.cancels).toBe(1);
  });

  it('are unknown of any other source, which is not asked for them', async () => {
    const expectedBytes = vi.fn(() => 10);
    const iterator = Object.assign(generate('a'), { expectedBytes });
    for (const source of [from(['a']), iterator, Readable.from(['a'])] as ByteSource[]) {
      const reader = readSource(source);
      await reader.next();
      expect(reader.expectedBytes?.()).toBeUndefined();
      reader.cancel();
    }
    expect(expectedBytes).not.toHaveBeenCalled();
  });
});

describe('readSource of a Readable', () => {
  it('reads no faster than it is asked', async () => {
    let reads = 0;
    const readable = new Readable({
      highWaterMark: 1,
      read() {
        reads += 1;
        this.push(Buffer.of(reads));
      },
    });
    const reader = readSource(readable);
    expect(await reader.next()).toEqual(Buffer.of(1));
    await new Promise((resolve) => setImmediate(resolve));
    expect(reads).toBeLessThanOrEqual(3);
    reader.cancel();
  });

  it('leaves no listener at the end', async () => {
    const readable = Readable.from(['a']);
    const before = listeners(readable);
    await readAll(readSource(readable));
    expect(listeners(readable)).toEqual(before);
  });

  it('is destroyed at once when cancelled, and keeps no listener once closed', async () => {
    const readable = new PassThrough();
    const before = listeners(readable);
    const reader = readSource(readable);
    const waiting = reader.next();
    reader.cancel();
    expect(readable.destroyed).toBe(true);
    expect(await waiting).toBeUndefined();
    await new Promise((resolve) => readable.once('close', resolve));
    expect(listeners(readable)).toEqual(before);
  });

  it('survives one that fails to be destroyed', async () => {
    const readable = new Readable({
      read: () => undefined,
      destroy: (_error, callback) => callback(new Error('cannot')),
    });
    const reader = readSource(readable);
    void reader.next();
    reader.cancel();
    await new Promise((resolve) => readable.once('close', resolve));
    expect(readable.listenerCount('error')).toBe(0);
  });

  it('keeps an error that comes between two chunks, and does not crash', async () => {
    const readable = new PassThrough();
    const reader = readSource(readable);
    readable.write('a');
    expect(await reader.next()).toEqual(Buffer.from('a'));
    const error = new Error('disk');
    readable.destroy(error);
    await new Promise((resolve) => readable.once('close', resolve));
    await expect(reader.next()).rejects.toBe(error);
  });

  it('rejects when it is closed before its end', async () => {
    const readable = new PassThrough();
    const waiting = readSource(readable).next();
    readable.destroy();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });

  it('rejects with the error that it had before', async () => {
    const error = new Error('early');
    const readable = new PassThrough();
    readable.on('error', () => undefined);
    readable.destroy(error);
    await new Promise((resolve) => readable.once('close', resolve));
    await expect(readSource(readable).next()).rejects.toBe(error);
  });

  it('rejects with the error of a file that is not there', async () => {
    await expect(textFrom(createReadStream('/nonexistent/file'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses one that was read to the end before, which would upload nothing', async () => {
    const readable = Readable.from(['a']);
    await readable.toArray();
    await expect(readSource(readable).next()).rejects.toBeInstanceOf(FtpUsageError);
  });
});

describe('readSource of iterators and web streams', () => {
  it('returns the iterator when cancelled', async () => {
    const returned = vi.fn();
    function* source(): Generator<string> {
      try {
        yield 'a';
        yield 'b';
      } finally {
        returned();
      }
    }
    const reader = readSource(source());
    await reader.next();
    reader.cancel();
    await vi.waitFor(() => expect(returned).toHaveBeenCalledTimes(1));
  });

  it('does not care how the clean-up of a cancelled source goes', async () => {
    const failing = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false as const, value: 'a' }),
        return: () => Promise.reject(new Error('mine')),
      }),
    };
    const reader = readSource(failing);
    await reader.next();
    reader.cancel();
    expect(await reader.next()).toBeUndefined();
  });

  it('cancels the reader of a web stream', async () => {
    const cancel = vi.fn();
    const reader = readSource(new ReadableStream<string>({ cancel }));
    const waiting = reader.next();
    reader.cancel();
    expect(await waiting).toBeUndefined();
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it('stops a Blob', async () => {
    const reader = readSource(new Blob([new Uint8Array(600_000)]));
    await reader.next();
    reader.cancel();
    expect(await reader.next()).toBeUndefined();
  });

  it('refuses a web stream that somebody else reads', async () => {
    const stream = new ReadableStream<string>();
    stream.getReader();
    await expect(readSource(stream).next()).rejects.toBeInstanceOf(FtpUsageError);
  });
});

describe('what can be uploaded', () => {
  it.each(KINDS)('%s', (_kind, source) => {
    expect(isByteSource(source())).toBe(true);
  });

  it.each([
    undefined,
    null,
    1,
    true,
    {},
    () => 'a',
    [1, 2],
    ['a', null],
    new ArrayBuffer(1),
    new Uint16Array(1),
  ])('not %s', (value) => {
    expect(isByteSource(value)).toBe(false);
    expect(() => requireByteSource(value)).toThrow(FtpUsageError);
    expect(() => readSource(value as ByteSource)).toThrow(/cannot upload/i);
  });

  it('has a size where that can be told', () => {
    expect(['€', new Uint8Array(5), new Blob(['abc']), ['a'], NEVER, Readable.from([])].map(sourceSize)).toEqual([
      3,
      5,
      3,
      1,
      undefined,
      undefined,
    ]);
  });
});

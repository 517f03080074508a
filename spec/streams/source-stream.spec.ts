import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { concat, interval, lastValueFrom, map, NEVER, Observable, of, Subject, take, throwError, toArray } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import type { ByteSource, ByteStream, FtpOperations } from '../../lib/index.js';
import { collectBytes, decodeText, FtpUsageError, lines, paced, toReadable } from '../../lib/index.js';
import { byteStream } from '../../lib/streams/source-stream.js';
import { observe } from '../support/observe.js';

const textOf = async (stream: ByteStream): Promise<string> =>
  Buffer.from(await lastValueFrom(stream.pipe(collectBytes()))).toString();

async function* generated(): AsyncGenerator<string> {
  yield 'a';
  yield 'bc';
}

function* valuesOf(...values: readonly unknown[]): Generator<unknown> {
  yield* values;
}

const sources: readonly [string, () => ByteSource, string][] = [
  ['a string', () => 'abc', 'abc'],
  ['bytes', () => Uint8Array.of(97, 98), 'ab'],
  ['no bytes', () => '', ''],
  ['an array', () => ['a', Uint8Array.of(98), ''], 'ab'],
  ['an async iterable', generated, 'abc'],
  ['a Readable', () => Readable.from(['a', 'b']), 'ab'],
  ['a Blob', () => new Blob(['ab']), 'ab'],
  ['a web stream', () => new Blob(['ab']).stream(), 'ab'],
  ['an Observable', () => of('a', Uint8Array.of(98)), 'ab'],
  ['another byte stream', () => byteStream(['a', 'b']), 'ab'],
  ['another byte stream, by operators', () => byteStream('ab').pipe(map((chunk) => Buffer.from(chunk))), 'ab'],
];

describe('byteStream', () => {
  it.each(sources)('gives %s', async (_what, source, text) => {
    expect(await textOf(byteStream(source()))).toBe(text);
  });

  it.each(sources)('can be iterated, and read by Node, over %s', async (_what, source, text) => {
    let iterated = '';
    for await (const chunk of byteStream(source())) iterated += Buffer.from(chunk).toString();
    expect(iterated).toBe(text);
    const written: string[] = [];
    const sink = new Writable({
      highWaterMark: 1,
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        setImmediate(done);
      },
    });
    await pipeline(byteStream(source()), sink);
    expect(written.join('')).toBe(text);
  });

  it('has the type of a retr$', async () => {
    const fake: Pick<FtpOperations, 'retr$'> = { retr$: (path) => byteStream(`${path}\nx\n`) };
    expect(await lastValueFrom(fake.retr$('/a').pipe(decodeText(), lines(), toArray()))).toEqual(['/a', 'x']);
    const readable = fake.retr$('/a').pipe(toReadable());
    expect(String((await once(readable, 'data'))[0])).toBe('/a\nx\n');
    readable.destroy();
  });

  it('is cold, and can be subscribed again where its source can', async () => {
    const stream = byteStream(['a', 'b']);
    expect(await textOf(stream)).toBe('ab');
    expect(await textOf(stream)).toBe('ab');
    const once = byteStream(generated());
    expect(await textOf(once)).toBe('abc');
    expect(await observe(once).failed).toBeInstanceOf(FtpUsageError);
  });

  it('gives copies, which the receiver may change', async () => {
    const bytes = Uint8Array.of(1, 2);
    for (const stream of [byteStream(bytes), byteStream(of(bytes))]) {
      (await lastValueFrom(stream)).fill(9);
      expect(bytes).toEqual(Uint8Array.of(1, 2));
    }
  });

  it('runs in virtual time', () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    scheduler.run(({ cold, expectObservable }) => {
      const text$ = byteStream(cold('-a-b|')).pipe(map((chunk) => Buffer.from(chunk).toString()));
      expectObservable(text$).toBe('-a-b|');
      expectObservable(text$, '--!').toBe('-a');
    });
  });

  it('passes the error of its source on, after what came before', async () => {
    const broken = new Error('of the source');
    async function* failing(): AsyncGenerator<string> {
      yield 'a';
      throw broken;
    }
    for (const source of [
      failing(),
      concat(
        of('a'),
        throwError(() => broken),
      ),
    ]) {
      const seen = observe(byteStream(source));
      expect(await seen.failed).toBe(broken);
      expect(seen.values).toHaveLength(1);
    }
  });

  it('lets its source go when it is left', async () => {
    let left = 0;
    const source = new Observable<string>((subscriber) => {
      subscriber.next('a');
      return () => {
        left += 1;
      };
    });
    await lastValueFrom(byteStream(source).pipe(take(1)));
    expect(left).toBe(1);
    async function* endless(): AsyncGenerator<string> {
      try {
        for (;;) yield 'a';
      } finally {
        left += 1;
      }
    }
    await lastValueFrom(byteStream(endless()).pipe(take(2)));
    await new Promise((resolve) => setImmediate(resolve));
    expect(left).toBe(2);
    observe(byteStream(NEVER)).unsubscribe();
  });

  it('reads its source no faster than it is taken', async () => {
    let read = 0;
    function* counted(): Generator<string> {
      while (read < 1000) {
        read += 1;
        yield 'a';
      }
    }
    const doors = new Subject<void>();
    const seen = observe(byteStream(counted()).pipe(paced(() => doors.pipe(take(1)))));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const before = read;
    expect(before).toBeLessThan(5);
    doors.next();
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(read).toBe(before + 1);
    seen.unsubscribe();
  });

  it('queues what cannot be held back, in order', async () => {
    const source = interval(0).pipe(map(String), take(5));
    const seen = await lastValueFrom(
      byteStream(source).pipe(
        paced(async (chunk) => {
          await new Promise((resolve) => setImmediate(resolve));
          return Buffer.from(chunk).toString();
        }),
        toArray(),
      ),
    );
    expect(seen).toEqual(['0', '1', '2', '3', '4']);
  });

  it.each([5, null, undefined, {}, [5], new Map([[1, 2]]).size])('refuses %j', (source) => {
    expect(() => byteStream(source as never)).toThrow(FtpUsageError);
    expect(() => byteStream(source as never)).toThrow('byteStream takes bytes, a string');
  });

  it.each<[string, () => unknown, string]>([
    ['an Observable', () => of('a', 5, 'b'), 'a value of type number'],
    ['a generator', () => valuesOf('a', 5, 'b'), 'a value of type number'],
    ['a generator of null', () => valuesOf('a', null), 'null'],
    ['a Readable', () => Readable.from(['a', {}], { objectMode: true }), 'a value of type object'],
  ])('refuses a value that is no bytes when it comes, from %s', async (_what, source, given) => {
    const seen = observe(byteStream(source() as ByteSource));
    const error = await seen.failed;
    expect(error).toBeInstanceOf(FtpUsageError);
    expect(error).toMatchObject({
      message: `The source of byteStream gave ${given}, not bytes or a string`,
      outcome: 'none',
    });
    expect(seen.values).toHaveLength(1);
  });

  it('lets its source go after a value that is no bytes', async () => {
    let left = 0;
    const source = new Observable<unknown>((subscriber) => {
      subscriber.next(5);
      return () => {
        left += 1;
      };
    });
    await observe(byteStream(source as Observable<string>)).ended;
    expect(left).toBe(1);
    function* endless(): Generator<unknown> {
      try {
        for (;;) yield 5;
      } finally {
        left += 1;
      }
    }
    await observe(byteStream(endless() as Generator<string>)).ended;
    expect(left).toBe(2);
  });

  it.each<[string, () => ByteSource, string]>([
    ['a generator', () => generated(), 'Cannot read a source that was read before'],
    ['a Readable', () => Readable.from(['a']), 'Cannot read a source that was read before'],
    ['a web stream', () => new Blob(['a']).stream(), 'Cannot read a source that was read before'],
    ['a destroyed Readable', () => new Readable().destroy(), 'Cannot read a Readable that has ended or was destroyed'],
  ])('speaks of no upload where it cannot be read again: %s', async (_what, source, message) => {
    const stream = byteStream(source());
    await observe(stream).ended;
    expect(await observe(stream).failed).toMatchObject({ message: expect.stringContaining(message) });
  });

  it('reads a file that is larger than what is read at once', async () => {
    const size = 10_000_000;
    const path = join(await mkdtemp(join(tmpdir(), 'rxftp-bytes-')), 'large');
    await writeFile(path, Buffer.alloc(size, 'x'));
    expect(await lastValueFrom(byteStream(createReadStream(path)).pipe(collectBytes()))).toHaveLength(size);
    await rm(dirname(path), { recursive: true });
  });
});

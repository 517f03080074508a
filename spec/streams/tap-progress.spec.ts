/** `tapProgress`: reports for an observer, and the stream as it was for everybody else. */
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { lastValueFrom, NEVER, type Observable, of, take, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import type { TransferProgress } from '../../lib/streams/progress-meter.js';
import { tapProgress } from '../../lib/streams/tap-progress.js';
import { toReadable } from '../../lib/streams/to-readable.js';
import { observe } from '../support/observe.js';
import { FakeProducer } from './support/fake-producer.js';
import { marbles } from './support/marbles.js';

/** Keeps what it is told. */
function recorder() {
  const told: (string | TransferProgress)[] = [];
  return {
    told,
    next: (progress: TransferProgress): void => void told.push(progress),
    complete: (): void => void told.push('complete'),
    error: (error: unknown): void => void told.push(`error ${String(error)}`),
  };
}

describe('tapProgress', () => {
  it('passes every value on, and reports at most once an interval, and at the end', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const a = new Uint8Array(100);
      const observer = recorder();
      const source = cold('a 99ms a 99ms a 299ms |', { a });
      expectObservable(source.pipe(tapProgress(observer, { intervalMs: 150, total: 300 }))).toBe(
        'a 99ms a 99ms a 299ms |',
        { a },
      );
      flush();
      expect(observer.told).toEqual([
        {
          attempt: 1,
          total: 300,
          bytes: 300,
          elapsedMs: 200,
          bytesPerSecond: 1500,
          etaMs: 0,
          done: false,
          verified: false,
        },
        {
          attempt: 1,
          total: 300,
          bytes: 300,
          elapsedMs: 500,
          bytesPerSecond: 600,
          etaMs: 0,
          done: true,
          verified: true,
          verifiedBy: 'size',
        },
        'complete',
      ]);
    });
  });

  it('takes a function, and values of any kind', async () => {
    const reports: TransferProgress[] = [];
    const count$ = of({ size: 3 }, { size: 4 }).pipe(
      tapProgress((report) => reports.push(report), { intervalMs: 0, bytesOf: ({ size }) => size }),
      toArray(),
    );
    expect(await lastValueFrom(count$)).toEqual([{ size: 3 }, { size: 4 }]);
    expect(reports.map(({ bytes, done }) => [bytes, done])).toEqual([
      [3, false],
      [7, false],
      [7, true],
    ]);
  });

  it('tells of the error of the stream, which is passed on', async () => {
    const broken = new FakeProducer({ chunks: 1, error: 'broken' }).stream;
    const sources: readonly Observable<Uint8Array>[] = [throwError(() => 'broken'), broken];
    for (const source of sources) {
      const observer = recorder();
      expect(await observe(source.pipe(tapProgress(observer, { intervalMs: 1e9 }))).failed).toBe('broken');
      expect(observer.told).toEqual(['error broken']);
    }
  });

  it.each([
    'next',
    'complete',
    'error',
  ] as const)('ends the stream with what the observer throws in %s', async (when) => {
    const observer = {
      [when]: () => {
        throw new Error('no terminal');
      },
    };
    const error = when === 'error' ? { error: 'broken' } : {};
    const fake = new FakeProducer({ chunks: 2, ...error });
    const failed = observe(fake.stream.pipe(tapProgress(observer, { intervalMs: 0 }))).failed;
    expect(await failed).toMatchObject({ message: 'no terminal' });
    expect(fake.cancels).toBe(when === 'next' ? 1 : 0);
  });

  it('is silent when it is unsubscribed, by the observer too', async () => {
    const observer = recorder();
    const fake = new FakeProducer();
    const left = fake.stream.pipe(tapProgress(observer, { intervalMs: 1e9 }), take(2));
    await observe(left).settled;
    expect([observer.told, fake.cancels]).toEqual([[], 1]);
    const watching = observe(NEVER.pipe(tapProgress(observer)));
    watching.unsubscribe();
    expect(observer.told).toEqual([]);
  });

  it('lets a slow reader hold the source', async () => {
    const fake = new FakeProducer({ chunks: 200, chunkBytes: 10_000 });
    const reports: TransferProgress[] = [];
    const slow = new Writable({
      highWaterMark: 10_000,
      write: (chunk: Uint8Array, _encoding, done) => {
        fake.consume(chunk.length);
        setImmediate(done);
      },
    });
    const watched = fake.stream.pipe(
      tapProgress((report) => reports.push(report)),
      toReadable({ highWaterMark: 20_000 }),
    );
    await pipeline(watched, slow);
    expect(fake.consumedBytes).toBe(2_000_000);
    expect(fake.peakBytes).toBeLessThan(200_000);
    expect(reports.at(-1)).toMatchObject({ bytes: 2_000_000, done: true });
  });

  it('gives chunks that belong to their receiver', async () => {
    const chunks = await lastValueFrom(new FakeProducer({ chunks: 3 }).stream.pipe(tapProgress({}), toArray()));
    expect(chunks.map(([first]) => first)).toEqual([0, 1, 2]);
  });

  it.each([undefined, null, 5])('refuses %s as an observer', (observer) => {
    expect(() => tapProgress(observer as never)).toThrow(FtpUsageError);
  });
});

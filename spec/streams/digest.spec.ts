import { createHash } from 'node:crypto';
import { firstValueFrom, lastValueFrom, map, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { digest } from '../../lib/streams/digest.js';
import { progress } from '../../lib/streams/progress.js';
import { observe } from '../support/observe.js';
import { FakeProducer } from './support/fake-producer.js';
import { bytesOf, marbles } from './support/marbles.js';

describe('digest', () => {
  it('emits the checksum at completion', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-|', { a: bytesOf('a'), b: bytesOf('bc') });
      expectObservable(source.pipe(digest('md5'))).toBe('-----(h|)', { h: '900150983cd24fb0d6963f7d28e17f72' });
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
  });

  it('emits that of nothing, passes errors on and unsubscribes', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const h = 'd41d8cd98f00b204e9800998ecf8427e';
      expectObservable(cold<Uint8Array>('|').pipe(digest('md5'))).toBe('(h|)', { h });
      expectObservable(cold<Uint8Array>('-#').pipe(digest('md5'))).toBe('-#');
      const left = cold<Uint8Array>('------');
      expectObservable(left.pipe(digest('md5')), '^--!').toBe('---');
      expectSubscriptions(left.subscriptions).toBe('^--!');
    });
  });

  it('starts afresh for each subscription', async () => {
    const digest$ = of(bytesOf('abc')).pipe(digest('md5'));
    expect(await firstValueFrom(digest$)).toBe(await firstValueFrom(digest$));
  });

  it('refuses an unknown algorithm at once', () => {
    expect(() => digest('rot13')).toThrow(FtpUsageError);
  });
});

describe('what shows no chunk to anybody', () => {
  /** A transfer whose chunks are remembered, with how many memories they lie in. */
  function watched(options: ConstructorParameters<typeof FakeProducer>[0]): { fake: FakeProducer; memories(): number } {
    const buffers = new Set<ArrayBufferLike>();
    const fake = new FakeProducer({
      ...options,
      fill(chunk, index) {
        buffers.add(chunk.buffer);
        chunk.fill(index);
      },
    });
    return { fake, memories: () => buffers.size };
  }

  const size = { chunks: 200, chunkBytes: 10_000 };
  const checksum = createHash('sha256');
  for (let index = 0; index < size.chunks; index += 1) checksum.update(Buffer.alloc(size.chunkBytes, index));
  const expected = checksum.digest('hex');

  it('has one memory for all of a transfer, again for each subscription', async () => {
    const { fake, memories } = watched(size);
    const digest$ = fake.stream.pipe(digest('sha256'));
    expect([await lastValueFrom(digest$), memories()]).toEqual([expected, 1]);
    expect([await lastValueFrom(digest$), memories()]).toEqual([expected, 2]);
    expect([fake.starts, fake.cancels]).toEqual([2, 0]);
  });

  it('is as good where the transfer has memory of its own, or somebody else sees the chunks', async () => {
    const own = new FakeProducer({ ...size, ownMemory: true });
    expect(await lastValueFrom(own.stream.pipe(digest('sha256')))).toBe(expected);
    const { fake, memories } = watched(size);
    const seen = fake.stream.pipe(map((chunk) => chunk));
    expect(await lastValueFrom(seen.pipe(digest('sha256')))).toBe(expected);
    expect(memories()).toBeGreaterThan(1);
  });

  it('reads into a larger one when one is filled, up to 256 KiB', async () => {
    const lengths: number[] = [];
    const fill = (chunk: Uint8Array): void => void lengths.push(chunk.length / 1024);
    const { stream } = new FakeProducer({ chunks: 6, chunkBytes: 1e6, fill });
    await lastValueFrom(stream.pipe(digest('md5')));
    expect(lengths).toEqual([16, 64, 256, 256, 256, 256]);
  });

  it('cancels the transfer when it is left, and passes its error on', async () => {
    const endless = new FakeProducer();
    const left = observe(endless.stream.pipe(digest('md5')), { name: 'digest' });
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    left.unsubscribe();
    expect([endless.cancels, endless.sentBytes > 0, left.values]).toEqual([1, true, []]);
    const error = new Error('426');
    const broken = new FakeProducer({ chunks: 3, error });
    const failed = observe(broken.stream.pipe(digest('md5')), { name: 'digest' });
    expect([await failed.failed, failed.values, broken.cancels]).toEqual([error, [], 0]);
  });

  it('is also progress, unless the user says how to count', async () => {
    const { fake, memories } = watched(size);
    const counted = await lastValueFrom(fake.stream.pipe(progress({ total: 2_000_000 })));
    expect([counted, memories()]).toEqual([expect.objectContaining({ bytes: 2_000_000, verified: true }), 1]);
    const kept: Uint8Array[] = [];
    const bytesOf = (chunk: Uint8Array): number => kept.push(chunk);
    expect(await lastValueFrom(fake.stream.pipe(progress({ bytesOf })))).toMatchObject({ done: true });
    expect(kept.map((chunk, index) => chunk.every((byte) => byte === index))).toEqual(Array(200).fill(true));
  });
});

/** `tapDigest`: the checksum for an observer, and the stream as it was for everybody else. */
import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { lastValueFrom, of, take, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { progress } from '../../lib/streams/progress.js';
import { tapDigest } from '../../lib/streams/tap-digest.js';
import { toReadable } from '../../lib/streams/to-readable.js';
import { observe } from '../support/observe.js';
import { FakeProducer } from './support/fake-producer.js';
import { bytesOf } from './support/marbles.js';

const MD5_OF_ABC = '900150983cd24fb0d6963f7d28e17f72';

/** Keeps what it is told. */
function recorder() {
  const told: string[] = [];
  return {
    told,
    next: (checksum: string): void => void told.push(checksum),
    complete: (): void => void told.push('complete'),
    error: (error: unknown): void => void told.push(`error ${String(error)}`),
  };
}

describe('tapDigest', () => {
  it('passes the bytes on, and tells their checksum at the end', async () => {
    const observer = recorder();
    const chunks = [bytesOf('a'), bytesOf('bc')];
    const passed = await lastValueFrom(of(...chunks).pipe(tapDigest('MD5', observer), toArray()));
    expect(passed[0]).toBe(chunks[0]);
    expect(passed).toEqual(chunks);
    expect(observer.told).toEqual([MD5_OF_ABC, 'complete']);
  });

  it('takes a function, and starts afresh for each subscription', async () => {
    const told: string[] = [];
    const tapped$ = of(bytesOf('abc')).pipe(tapDigest('md5', (checksum) => told.push(checksum)));
    await lastValueFrom(tapped$);
    await lastValueFrom(tapped$);
    expect(told).toEqual([MD5_OF_ABC, MD5_OF_ABC]);
  });

  it('tells of the error of the stream without a checksum, and nothing when it is left', async () => {
    const observer = recorder();
    const failed = observe(throwError(() => 'broken').pipe(tapDigest('md5', observer)));
    expect(await failed.failed).toBe('broken');
    expect(observer.told).toEqual(['error broken']);
    const left = recorder();
    const fake = new FakeProducer();
    await lastValueFrom(fake.stream.pipe(tapDigest('md5', left), take(1)));
    expect(left.told).toEqual([]);
    expect(fake.cancels).toBe(1);
  });

  it('ends the stream with what the observer throws', async () => {
    const tapped$ = of(bytesOf('abc')).pipe(
      tapDigest('md5', () => {
        throw new Error('damaged');
      }),
    );
    expect(await observe(tapped$).failed).toMatchObject({ message: 'damaged' });
  });

  it('does not tell the end to an observer that has unsubscribed at the checksum', () => {
    const observer = recorder();
    const tapped = observe(
      of(bytesOf('abc')).pipe(
        tapDigest('md5', {
          ...observer,
          next: () => tapped.unsubscribe(),
        }),
      ),
    );
    // The source is synchronous: the name is bound only when it has ended.
    expect(observer.told).toEqual([]);
  });

  it('holds the source back as the stream without it does, and knows its size', async () => {
    const fake = new FakeProducer({ chunks: 40, chunkBytes: 64 * 1024 });
    let told = '';
    const hash = createHash('sha256');
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk: Uint8Array, _encoding, done) {
        hash.update(chunk);
        fake.consume(chunk.length);
        setImmediate(() => setImmediate(() => setImmediate(done)));
      },
    });
    const readable = fake.stream.pipe(
      tapDigest('SHA-256', (checksum) => {
        told = checksum;
      }),
      toReadable(),
    );
    await pipeline(readable, slow);
    expect(told).toBe(hash.digest('hex'));
    expect(fake.pauses).toBeGreaterThan(0);
    expect(fake.peakBytes).toBeLessThan(1024 * 1024);
  });

  it('lets the size of the transfer through', async () => {
    const fake = new FakeProducer({ chunks: 1, chunkBytes: 10 });
    const report = await lastValueFrom(fake.stream.pipe(tapDigest('md5', {}), progress({ total: 10 })));
    expect(report).toMatchObject({ bytes: 10, verified: true });
  });

  it.each([undefined, null, 5, 'text'])('refuses the observer %j, and an unknown algorithm, at once', (observer) => {
    expect(() => tapDigest('md5', observer as unknown as () => void)).toThrow(FtpUsageError);
    expect(() => tapDigest('rot13', () => undefined)).toThrow(FtpUsageError);
  });
});

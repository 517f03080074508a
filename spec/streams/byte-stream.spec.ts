import { createHash } from 'node:crypto';
import { PassThrough, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, gzipSync } from 'node:zlib';
import { firstValueFrom, lastValueFrom, map, type Observable, take, toArray } from 'rxjs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { intoSink } from '../../lib/streams/byte-flow.js';
import type { ByteSink } from '../../lib/streams/byte-sink.js';
import { type ByteStream, byteStream } from '../../lib/streams/byte-stream.js';
import { Gate } from '../../lib/streams/gate.js';
import { lines } from '../../lib/streams/lines.js';
import { paced } from '../../lib/streams/paced.js';
import { toReadable } from '../../lib/streams/to-readable.js';
import { toWritable } from '../../lib/streams/to-writable.js';
import type { ValueStream } from '../../lib/streams/value-stream.js';
import { FakeProducer } from './support/fake-producer.js';

const MEBIBYTE = 1024 * 1024;

/** A writable that takes its time: `rest` turns of the event loop for each write. */
function slowWritable(fake: FakeProducer, options: { readonly writev: boolean }): Writable {
  const later = (bytes: number, callback: () => void): void => {
    setImmediate(() =>
      setImmediate(() => {
        fake.consume(bytes);
        callback();
      }),
    );
  };
  return new Writable({
    write: (chunk: Uint8Array, _encoding, callback) => later(chunk.length, callback),
    ...(options.writev && {
      writev: (chunks, callback) =>
        later(
          chunks.reduce((sum, { chunk }) => sum + (chunk as Uint8Array).length, 0),
          callback,
        ),
    }),
  });
}

/** One long line, its LF included. */
function asLine(chunk: Uint8Array): void {
  chunk.fill(0x78);
  chunk[chunk.length - 1] = 0x0a;
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('ByteStream', () => {
  it('is cold, and runs once for each subscription', async () => {
    const fake = new FakeProducer({ chunks: 2, chunkBytes: 3 });
    const { stream } = fake;
    await turns(2);
    expect(fake.starts).toBe(0);
    expect(await lastValueFrom(stream.pipe(toArray()))).toEqual([Buffer.alloc(3, 0), Buffer.alloc(3, 1)]);
    await lastValueFrom(stream);
    expect(fake.starts).toBe(2);
    expect(fake.cancels).toBe(0);
  });

  it('cancels at once when unsubscribed, and only what has not ended', async () => {
    const fake = new FakeProducer();
    await firstValueFrom(fake.stream);
    expect(fake.cancels).toBe(1);
    const sent = fake.sentBytes;
    await turns(3);
    expect(fake.sentBytes).toBe(sent);
  });

  it('passes the error of the transfer on, and does not cancel then', async () => {
    const error = new Error('426');
    const fake = new FakeProducer({ chunks: 1, error });
    await expect(lastValueFrom(fake.stream)).rejects.toBe(error);
    expect(fake.cancels).toBe(0);
  });

  it('gives chunks that are never overwritten', async () => {
    const fake = new FakeProducer({ chunks: 200, chunkBytes: 30_000 });
    const chunks = await lastValueFrom(fake.stream.pipe(toArray()));
    expect(chunks.map((chunk, index) => chunk.every((byte) => byte === index))).toEqual(Array(200).fill(true));
  });

  it('has the types of both pipes', () => {
    const { stream } = new FakeProducer({ chunks: 0 });
    expectTypeOf(stream).toExtend<Observable<Uint8Array>>();
    expectTypeOf(stream.pipe(map((chunk) => chunk.length))).toEqualTypeOf<ValueStream<number>>();
    expectTypeOf(() => stream.pipe(new PassThrough())).returns.toEqualTypeOf<PassThrough>();
    expectTypeOf(() => stream.pipe(toReadable())).returns.toEqualTypeOf<Readable>();
    expectTypeOf(() => stream.pipe(process.stdout)).returns.toExtend<NodeJS.WritableStream>();
    expect(stream.pipe()).toBe(stream);
  });

  it('pipes through Node streams', async () => {
    const zipped = gzipSync(Buffer.from('the quick brown fox'));
    const stream = byteStream((sink) => {
      sink.write(zipped);
      sink.complete();
      return () => undefined;
    });
    const chunks = await stream.pipe(createGunzip()).toArray();
    expect(Buffer.concat(chunks).toString()).toBe('the quick brown fox');
  });

  it('is a source for pipeline and Readable.from', async () => {
    const expected = createHash('sha1').update(Buffer.alloc(10, 0)).update(Buffer.alloc(10, 1)).digest('hex');
    const fake = new FakeProducer({ chunks: 2, chunkBytes: 10 });
    const hash = createHash('sha1');
    await pipeline(fake.stream, hash);
    expect(hash.digest('hex')).toBe(expected);
    expect(Buffer.concat(await Readable.from(fake.stream).toArray())).toHaveLength(20);
  });
});

describe('a slow consumer of a ByteStream bounds what is outstanding', () => {
  for (const ownMemory of [false, true]) {
    const size = { chunks: 400, chunkBytes: 16 * 1024, ownMemory };
    const total = size.chunks * size.chunkBytes;
    const kind = ownMemory ? 'with memory of its own' : 'with memory of ours';

    for (const writev of [false, true]) {
      it(`pipe into a writable ${writev ? 'with' : 'without'} writev, ${kind}`, async () => {
        const fake = new FakeProducer(size);
        const to = fake.stream.pipe(slowWritable(fake, { writev }));
        await new Promise((resolve) => to.on('finish', resolve));
        expect(fake.consumedBytes).toBe(total);
        expect(fake.peakBytes).toBeLessThanOrEqual(MEBIBYTE + size.chunkBytes);
        if (!writev) expect(fake.pauses).toBeGreaterThan(0);
        expect(fake.resumes).toBe(fake.pauses);
      });
    }

    it(`toWritable, ${kind}`, async () => {
      const fake = new FakeProducer(size);
      await lastValueFrom(fake.stream.pipe(toWritable(slowWritable(fake, { writev: false }))), { defaultValue: null });
      expect(fake.consumedBytes).toBe(total);
      expect(fake.pauses).toBeGreaterThan(0);
      expect(fake.peakBytes).toBeLessThanOrEqual(MEBIBYTE + size.chunkBytes);
    });

    it(`pipeline, ${kind}`, async () => {
      const fake = new FakeProducer(size);
      await pipeline(fake.stream, slowWritable(fake, { writev: false }));
      expect(fake.consumedBytes).toBe(total);
      expect(fake.peakBytes).toBeLessThanOrEqual(8 * size.chunkBytes);
    });

    it(`for await, ${kind}`, async () => {
      const fake = new FakeProducer(size);
      for await (const chunk of fake.stream) {
        await turns(2);
        fake.consume(chunk.length);
      }
      expect(fake.consumedBytes).toBe(total);
      expect(fake.peakBytes).toBeLessThanOrEqual(3 * size.chunkBytes);
    });

    it(`toReadable, ${kind}`, async () => {
      const fake = new FakeProducer(size);
      for await (const chunk of fake.stream.pipe(toReadable({ highWaterMark: 64 * 1024 }))) {
        await turns(8);
        fake.consume((chunk as Uint8Array).length);
      }
      expect(fake.consumedBytes).toBe(total);
      expect(fake.pauses).toBeGreaterThan(0);
      // What the Readable holds, and what one read took out of it.
      expect(fake.peakBytes).toBeLessThanOrEqual(3 * 64 * 1024);
    });

    it(`paced after operators, ${kind}`, async () => {
      const fake = new FakeProducer({ ...size, fill: asLine });
      const each = fake.stream.pipe(
        lines(),
        map((line) => line.length + 1),
        paced(async (bytes) => {
          await turns(2);
          fake.consume(bytes);
        }, 4),
      );
      await lastValueFrom(each);
      expect(fake.consumedBytes).toBe(total);
      expect(fake.peakBytes).toBeLessThanOrEqual(6 * size.chunkBytes);
      expect(fake.resumes).toBe(fake.pauses);
    });
  }
});

describe('intoSink', () => {
  function countingSink(): ByteSink & { bytes: number; ends: unknown[] } {
    const lent = new Uint8Array(64 * 1024);
    return {
      bytes: 0,
      ends: [],
      buffer: () => lent,
      write(chunk) {
        this.bytes += chunk.length;
      },
      complete() {
        this.ends.push('complete');
      },
      error(error) {
        this.ends.push(error);
      },
    };
  }

  it('lends the memory of the sink to the producer', async () => {
    const fake = new FakeProducer({ chunks: 3, chunkBytes: 10 });
    const sink = countingSink();
    const lent = sink.buffer();
    intoSink(fake.stream, sink);
    await turns(6);
    expect(sink).toMatchObject({ bytes: 30, ends: ['complete'] });
    expect(lent[0]).toBe(2);
  });

  it('cancels and can be held', async () => {
    const fake = new FakeProducer({ chunkBytes: 10 });
    const sink = countingSink();
    const gate = new Gate();
    const release = gate.hold();
    const cancel = intoSink(fake.stream, sink, gate);
    await turns(3);
    expect(sink.bytes).toBe(0);
    release();
    await turns(3);
    expect(sink.bytes).toBeGreaterThan(0);
    cancel();
    expect(fake.cancels).toBe(1);
  });

  it('takes any Observable that looks like a ByteStream', () => {
    const failing: ByteStream = byteStream((sink) => {
      sink.write(new Uint8Array(4));
      sink.error('broken');
      return () => undefined;
    });
    const sink = countingSink();
    const foreign = failing.pipe(map((chunk) => chunk)) as unknown as ByteStream;
    intoSink(foreign, sink)();
    expect(sink).toMatchObject({ bytes: 4, ends: ['broken'] });
    const taken = countingSink();
    intoSink(failing.pipe(take(1)) as unknown as ByteStream, taken);
    expect(taken).toMatchObject({ bytes: 4, ends: ['complete'] });
  });
});

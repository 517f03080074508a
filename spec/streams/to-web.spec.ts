import { map, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { toWeb } from '../../lib/streams/to-web.js';
import { FakeProducer } from './support/fake-producer.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('toWeb', () => {
  it('closes with the source', async () => {
    const stream = new FakeProducer({ chunks: 3, chunkBytes: 2 }).stream.pipe(toWeb());
    expect(await readAll(stream)).toEqual(Buffer.from([0, 0, 1, 1, 2, 2]));
  });

  it('is a body of fetch', async () => {
    const stream = new FakeProducer({ chunks: 3, chunkBytes: 2 }).stream.pipe(toWeb());
    const body = await new Response(stream).arrayBuffer();
    expect(Buffer.from(body)).toEqual(Buffer.from([0, 0, 1, 1, 2, 2]));
  });

  it('subscribes at the first read', async () => {
    const fake = new FakeProducer({ chunks: 1 });
    const stream = fake.stream.pipe(toWeb());
    await turn();
    expect(fake.starts).toBe(0);
    await readAll(stream);
    expect(fake.starts).toBe(1);
  });

  it('holds the source while it is not read', async () => {
    const fake = new FakeProducer({ chunkBytes: 64 * 1024 });
    const reader = fake.stream.pipe(toWeb({ highWaterMark: 128 * 1024 })).getReader();
    for (let read = 0; read < 20; read += 1) {
      const { value } = await reader.read();
      fake.consume(value?.length ?? 0);
      for (let turns = 0; turns < 5; turns += 1) await turn();
    }
    expect(fake.peakBytes).toBeLessThanOrEqual(4 * 64 * 1024);
    expect(fake.pauses).toBeGreaterThan(0);
    await reader.cancel();
    expect(fake.cancels).toBe(1);
  });

  it('holds it also with a mark of 0', async () => {
    const fake = new FakeProducer({ chunks: 9, chunkBytes: 1 });
    const stream = fake.stream.pipe(toWeb({ highWaterMark: 0 }));
    const reader = stream.getReader();
    expect(await reader.read()).toEqual({ done: false, value: Buffer.from([0]) });
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(fake.sentBytes).toBeLessThanOrEqual(2);
    reader.releaseLock();
    expect(await readAll(stream)).toEqual(Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]));
  });

  it('gives values of any kind', async () => {
    const stream = toWeb<{ name: string }>()(of({ name: 'a' }, { name: 'b' }));
    const names: string[] = [];
    for await (const { name } of stream) names.push(name);
    expect(names).toEqual(['a', 'b']);
  });

  it('errors with the very error of the source', async () => {
    const error = new Error('550');
    await expect(readAll(new FakeProducer({ chunks: 1, error }).stream.pipe(toWeb()))).rejects.toBe(error);
    await expect(
      toWeb()(throwError(() => 'text'))
        .getReader()
        .read(),
    ).rejects.toBe('text');
  });

  it.each(['unread', 'read'])('unsubscribes when it is cancelled, %s', async (how) => {
    const fake = new FakeProducer();
    const reader = fake.stream
      .pipe(
        map((chunk) => chunk),
        toWeb(),
      )
      .getReader();
    if (how === 'read') await reader.read();
    await reader.cancel(new Error('enough'));
    expect(fake.cancels).toBe(how === 'read' ? 1 : 0);
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });

  it('leaves no observer behind', async () => {
    const subject = new Subject<string>();
    const reader = toWeb()(subject).getReader();
    const first = reader.read();
    await turn();
    expect(subject.observed).toBe(true);
    subject.next('a');
    expect(await first).toEqual({ done: false, value: 'a' });
    await reader.cancel();
    expect(subject.observed).toBe(false);
  });

  it.each([-1, 1.5, Number.NaN, '5'])('refuses the mark %j at once', (highWaterMark) => {
    expect(() => toWeb({ highWaterMark: highWaterMark as number })).toThrow(FtpUsageError);
    expect(() => toWeb({ objectMode: true } as object)).toThrow(FtpUsageError);
  });
});

import { finished } from 'node:stream/promises';
import { map, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { facts } from '../../lib/streams/facts.js';
import { toReadable } from '../../lib/streams/to-readable.js';
import { FakeProducer } from './support/fake-producer.js';

describe('toReadable', () => {
  it('ends with the source', async () => {
    const readable = new FakeProducer({ chunks: 3, chunkBytes: 2 }).stream.pipe(toReadable());
    expect(Buffer.concat(await readable.toArray())).toEqual(Buffer.from([0, 0, 1, 1, 2, 2]));
  });

  it('subscribes at the first read', async () => {
    const fake = new FakeProducer({ chunks: 1 });
    const readable = fake.stream.pipe(toReadable());
    expect(fake.starts).toBe(0);
    await readable.toArray();
    expect(fake.starts).toBe(1);
  });

  it('reads values one by one in object mode', async () => {
    const entries = toReadable<{ name: string }>({ objectMode: true })(of('type=file; a', 'type=dir; b').pipe(facts()));
    const names = await entries.map(({ name }: { name: string }) => name).toArray();
    expect(names).toEqual(['a', 'b']);
  });

  it('is destroyed with the error of the source', async () => {
    const error = new Error('550');
    const readable = new FakeProducer({ chunks: 1, error }).stream.pipe(toReadable());
    readable.resume();
    await expect(finished(readable)).rejects.toBe(error);
  });

  it('makes an Error of what is none', async () => {
    const readable = toReadable()(throwError(() => 'text'));
    readable.resume();
    await expect(finished(readable)).rejects.toMatchObject({ message: 'text', cause: 'text' });
  });

  it('unsubscribes when it is destroyed', async () => {
    const fake = new FakeProducer();
    const readable = fake.stream.pipe(
      map((chunk) => chunk),
      toReadable(),
    );
    await new Promise((resolve) => readable.once('data', resolve));
    readable.destroy();
    expect(fake.cancels).toBe(1);
    await finished(readable).catch((error: unknown) =>
      expect(error).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' }),
    );
  });

  it('never starts what is destroyed unread', () => {
    const fake = new FakeProducer();
    fake.stream.pipe(toReadable()).destroy();
    expect(fake.starts).toBe(0);
  });

  it('leaves no observer behind', async () => {
    const subject = new Subject<string>();
    const readable = toReadable()(subject);
    readable.resume();
    await new Promise((resolve) => setImmediate(resolve));
    expect(subject.observed).toBe(true);
    subject.next('a');
    subject.complete();
    await finished(readable);
    expect(subject.observed).toBe(false);
  });
});

import { once } from 'node:events';
import { Observable } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { sourceWritable } from '../../lib/streams/source-writable.js';

/** Takes chunks when it is told to. */
class Consumer {
  source: AsyncIterator<Uint8Array> | undefined;
  subscriptions = 0;
  unsubscribed = false;
  complete: () => void = () => {};
  fail: (error: unknown) => void = () => {};

  readonly consume = (source: AsyncIterable<Uint8Array>): Observable<unknown> =>
    new Observable((subscriber) => {
      this.subscriptions += 1;
      this.source = source[Symbol.asyncIterator]();
      this.complete = () => subscriber.complete();
      this.fail = (error) => subscriber.error(error);
      return () => {
        this.unsubscribed = true;
      };
    });

  /** The next chunk as text, undefined at the end. */
  async take(): Promise<string | undefined> {
    const next = await this.source?.next();
    return next === undefined || next.done === true ? undefined : Buffer.from(next.value).toString();
  }
}

describe('sourceWritable', () => {
  it('begins with the first write, and calls back when the next chunk is wanted', async () => {
    const consumer = new Consumer();
    const writable = sourceWritable(consumer.consume);
    expect(consumer.subscriptions).toBe(0);
    const written = vi.fn();
    writable.write('a', written);
    writable.write(Buffer.from('b'));
    expect(consumer.subscriptions).toBe(1);
    expect(await consumer.take()).toBe('a');
    expect(written).not.toHaveBeenCalled();
    expect(await consumer.take()).toBe('b');
    expect(written).toHaveBeenCalledTimes(1);
    writable.destroy();
    await once(writable, 'close');
  });

  it('waits for what is written later', async () => {
    const consumer = new Consumer();
    const writable = sourceWritable(consumer.consume);
    writable.write('a');
    await consumer.take();
    const second = consumer.take();
    writable.write('b');
    expect(await second).toBe('b');
    const end = consumer.take();
    writable.end();
    expect(await end).toBeUndefined();
    consumer.complete();
    await once(writable, 'finish');
  });

  it('finishes when what consumes it is complete, not before', async () => {
    const consumer = new Consumer();
    const writable = sourceWritable(consumer.consume);
    const finished = vi.fn();
    writable.on('finish', finished);
    writable.end('a');
    expect(await consumer.take()).toBe('a');
    expect(await consumer.take()).toBeUndefined();
    expect(finished).not.toHaveBeenCalled();
    consumer.complete();
    await once(writable, 'finish');
  });

  it('begins with the end when nothing is written', async () => {
    const consumer = new Consumer();
    const writable = sourceWritable(consumer.consume).end();
    expect(await consumer.take()).toBeUndefined();
    consumer.complete();
    await once(writable, 'finish');
  });

  it('is destroyed with the error of what consumes it', async () => {
    const consumer = new Consumer();
    const writable = sourceWritable(consumer.consume);
    const error = new Error('550');
    writable.write('a');
    const failed = once(writable, 'error');
    consumer.fail(error);
    expect(await failed).toEqual([error]);
    expect(writable.destroyed).toBe(true);
  });

  it('is destroyed with an Error when what consumes it throws something else', async () => {
    const consumer = new Consumer();
    const writable = sourceWritable(consumer.consume);
    writable.write('a');
    const failed = once(writable, 'error');
    consumer.fail('a reason');
    expect((await failed)[0]).toBeInstanceOf(Error);
  });

  it('is destroyed when what consumes it completes before the end was written', async () => {
    const consumer = new Consumer();
    const writable = sourceWritable(consumer.consume);
    writable.write('a');
    const failed = once(writable, 'error');
    consumer.complete();
    expect(String((await failed)[0])).toContain('before everything was written');
  });

  it('cancels what consumes it when it is destroyed', async () => {
    const consumer = new Consumer();
    const writable = sourceWritable(consumer.consume);
    writable.write('a');
    await consumer.take();
    writable.destroy();
    await once(writable, 'close');
    expect(consumer.unsubscribed).toBe(true);
  });
});

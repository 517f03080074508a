/** An operator of this library right on a transfer: the transfer writes into its stage, with no Subscriber in between. */
import { firstValueFrom, type OperatorFunction, type Subscriber, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { borrowOperator } from '../../lib/streams/byte-flow.js';
import type { ByteStream } from '../../lib/streams/byte-stream.js';
import { byteStream } from '../../lib/streams/byte-stream.js';
import { collectBytes } from '../../lib/streams/collect-bytes.js';
import { Flow, flowOperator, type Stage } from '../../lib/streams/flow.js';
import { observe } from '../support/observe.js';
import { FakeProducer } from './support/fake-producer.js';
import { bytesOf, textOf } from './support/marbles.js';

type Make = (open: (subscriber: Subscriber<string>) => Stage<Uint8Array>) => OperatorFunction<Uint8Array, string>;

const failing = (where: 'next' | 'complete') => (): Stage<Uint8Array> => ({
  next: () => {
    if (where === 'next') throw new RangeError(where);
  },
  complete: () => {
    throw new RangeError('complete');
  },
});

/** Writes all of `chunks` and completes while it is being started; counts how often it is cancelled. */
function atOnce(...chunks: readonly string[]): { readonly stream: ByteStream; readonly cancels: () => number } {
  let cancels = 0;
  const stream = byteStream((sink) => {
    for (const chunk of chunks) sink.write(bytesOf(chunk));
    sink.complete();
    return () => {
      cancels += 1;
    };
  });
  return { stream, cancels: () => cancels };
}

describe.each<[string, Make]>([
  ['flowOperator', (open) => flowOperator(open)],
  ['borrowOperator', (open) => borrowOperator(open)],
])('%s on a ByteStream', (_name, make) => {
  const texts = (log: string[] = []): OperatorFunction<Uint8Array, string> =>
    make((subscriber) => ({
      next: (chunk) => {
        log.push(textOf(chunk));
        subscriber.next(textOf(chunk));
      },
      complete: () => {
        log.push('|');
        subscriber.complete();
      },
    }));

  it('is a flow that starts one transfer for each subscription, and cancels none that has ended', async () => {
    const fake = new FakeProducer({ chunks: 2, chunkBytes: 1, fill: (chunk, index) => chunk.fill(0x61 + index) });
    const flow = fake.stream.pipe(texts());
    expect(flow).toBeInstanceOf(Flow);
    expect(fake.starts).toBe(0);
    for (const nth of [1, 2]) {
      expect(await observe(flow).settled).toEqual(['a', 'b']);
      expect(fake.starts).toBe(nth);
    }
    expect(fake.cancels).toBe(0);
  });

  it('cancels the transfer when it is unsubscribed', async () => {
    const fake = new FakeProducer({ chunkBytes: 1 });
    await firstValueFrom(fake.stream.pipe(texts()));
    expect(fake.cancels).toBe(1);
  });

  it('turns what the stage throws into its error, and cancels the transfer', async () => {
    const fake = new FakeProducer({ chunkBytes: 1 });
    expect(await observe(fake.stream.pipe(make(failing('next')))).failed).toEqual(new RangeError('next'));
    expect(fake.cancels).toBe(1);
  });

  it('turns what the stage throws at completion into its error', async () => {
    const fake = new FakeProducer({ chunks: 1, chunkBytes: 1 });
    expect(await observe(fake.stream.pipe(make(failing('complete')))).failed).toEqual(new RangeError('complete'));
    expect(fake.cancels).toBe(0);
  });

  it('passes the error of the transfer on, and one of starting it', async () => {
    const error = new Error('426');
    const fake = new FakeProducer({ chunks: 1, chunkBytes: 1, error });
    expect(await observe(fake.stream.pipe(texts())).failed).toBe(error);
    expect(fake.cancels).toBe(0);
    const refused = byteStream(() => {
      throw error;
    });
    expect(await observe(refused.pipe(texts())).failed).toBe(error);
  });

  it('shows nothing more to a stage whose subscriber has left, though the transfer writes on while it is started', async () => {
    const log: string[] = [];
    const { stream, cancels } = atOnce('a', 'b', 'c');
    expect(await observe(stream.pipe(texts(log), take(2))).settled).toEqual(['a', 'b']);
    expect(log).toEqual(['a', 'b']);
    expect(cancels()).toBe(0);
  });

  it('tells the stage all of a transfer that is over when it is started', async () => {
    const log: string[] = [];
    expect(await observe(atOnce('a', 'b').stream.pipe(texts(log), toArray())).settled).toEqual([['a', 'b']]);
    expect(log).toEqual(['a', 'b', '|']);
  });
});

it('collects bytes that lie in one slab into memory of their own', async () => {
  const fake = new FakeProducer({ chunks: 3, chunkBytes: 2 });
  const bytes = await firstValueFrom(fake.stream.pipe(collectBytes()));
  expect([...bytes]).toEqual([0, 0, 1, 1, 2, 2]);
  expect(bytes.buffer.byteLength).toBe(6);
});

import { concat, Observable, of, Subject, throwError } from 'rxjs';
import { expect, it } from 'vitest';
import { Gate } from '../../lib/streams/gate.js';
import { listingLines } from '../../lib/streams/listing-lines.js';
import { PullIterator } from '../../lib/streams/pull-iterator.js';
import { FakeProducer } from './support/fake-producer.js';

it('opens its source once, with the gate that it holds while a value waits', async () => {
  const subject = new Subject<number>();
  const gates: Gate[] = [];
  const iterator = new PullIterator({
    open(gate) {
      gates.push(gate);
      return subject;
    },
    expectedBytes: (gate) => (gate === gates[0] ? 7 : undefined),
  });
  const first = iterator.next();
  subject.next(1);
  subject.next(2);
  expect(await first).toEqual({ done: false, value: 1 });
  expect(gates.map(({ held }) => held)).toEqual([true]);
  expect(await iterator.next()).toEqual({ done: false, value: 2 });
  expect(gates.map(({ held }) => held)).toEqual([false]);
  expect(iterator.expectedBytes()).toBe(7);
  expect(gates[0]).toBeInstanceOf(Gate);
});

it('holds the bytes of a listing while a line waits, and cancels when it is left', async () => {
  const fake = new FakeProducer({ chunkBytes: 30, fill: (chunk) => chunk.fill(97).set([13, 10], 28) });
  const lines = fake.stream.pipe(listingLines())[Symbol.asyncIterator]();
  for (let line = 0; line < 5; line += 1) expect((await lines.next()).value).toBe('a'.repeat(28));
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  expect(fake.sentBytes).toBeLessThanOrEqual(7 * 30);
  await lines.return?.();
  expect(fake.cancels).toBe(1);
});

const pull = <T>(source: Observable<T>) => new PullIterator<T>({ open: () => source, expectedBytes: () => undefined });
const done = { done: true, value: undefined };

it('answers calls in order, and all behind the end', async () => {
  const iterator = pull(of(1, 2));
  const calls = [iterator.next(), iterator.next(), iterator.next(), iterator.next()];
  expect(await Promise.all(calls)).toEqual([{ done: false, value: 1 }, { done: false, value: 2 }, done, done]);
});

it.each([
  ['an error', new Error('x')],
  ['undefined', undefined],
])('tells %s that is thrown once, to the first call', async (_what, error) => {
  const iterator = pull(
    concat(
      of(1),
      throwError(() => error),
    ),
  );
  const calls = [iterator.next(), iterator.next(), iterator.next()];
  const settled = await Promise.allSettled(calls);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(settled[1]).toMatchObject({ reason: error });
});

it('is subscribed once, though the source asks for a value while it is being subscribed', async () => {
  let asked: Promise<unknown> | undefined;
  let subscriptions = 0;
  const iterator: PullIterator<number> = pull(
    new Observable<number>((subscriber) => {
      subscriptions += 1;
      asked ??= iterator.next();
      subscriber.next(1);
      subscriber.next(2);
    }),
  );
  expect(await iterator.next()).toEqual({ done: false, value: 1 });
  expect(await asked).toEqual({ done: false, value: 2 });
  await iterator.return();
  expect(subscriptions).toBe(1);
});

it.each([
  'return',
  'throw',
] as const)('lets go of a source that calls %s while it is being subscribed', async (method) => {
  let released = false;
  const iterator: PullIterator<number> = pull(
    new Observable<number>((subscriber) => {
      (method === 'return' ? iterator.return() : iterator.throw(new Error('x'))).catch(() => undefined);
      subscriber.next(1);
      return () => {
        released = true;
      };
    }),
  );
  expect(await iterator.next()).toEqual(done);
  expect(released).toBe(true);
});

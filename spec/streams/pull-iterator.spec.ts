import { Subject } from 'rxjs';
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

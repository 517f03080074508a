import { NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { deferFlow } from '../../lib/streams/flow.js';
import { Gate } from '../../lib/streams/gate.js';
import { iterate } from '../../lib/streams/iterate.js';
import { FakeProducer } from './support/fake-producer.js';

describe('iterate', () => {
  it('subscribes at the first next, not before', async () => {
    let subscriptions = 0;
    const source = new Observable<number>((subscriber) => {
      subscriptions += 1;
      subscriber.next(1);
      subscriber.complete();
    });
    const iterator = iterate(source);
    expect(iterator[Symbol.asyncIterator]()).toBe(iterator);
    expect(subscriptions).toBe(0);
    expect(await iterator.next()).toEqual({ done: false, value: 1 });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(subscriptions).toBe(1);
  });

  it('answers concurrent calls in order', async () => {
    const subject = new Subject<string>();
    const iterator = iterate(subject);
    const answers = Promise.all([iterator.next(), iterator.next(), iterator.next()]);
    subject.next('a');
    subject.next('b');
    subject.complete();
    expect((await answers).map(({ value }) => value)).toEqual(['a', 'b', undefined]);
  });

  it('gives what waits before the error, and the error once', async () => {
    const subject = new Subject<string>();
    const iterator = iterate(subject);
    const first = iterator.next();
    subject.next('a');
    subject.next('b');
    subject.error('broken');
    expect((await first).value).toBe('a');
    expect((await iterator.next()).value).toBe('b');
    await expect(iterator.next()).rejects.toBe('broken');
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('tells an error that is undefined', async () => {
    await expect(iterate(throwError(() => undefined)).next()).rejects.toBe(undefined);
  });

  it('holds the source while a value waits', async () => {
    const subject = new Subject<string>();
    let gate = new Gate();
    const iterator = iterate(
      deferFlow((bound) => {
        gate = bound;
        return subject;
      }),
    );
    const first = iterator.next();
    subject.next('a');
    expect(gate.held).toBe(false);
    subject.next('b');
    subject.next('c');
    expect(gate.held).toBe(true);
    await first;
    await iterator.next();
    expect(gate.held).toBe(true);
    await iterator.next();
    expect(gate.held).toBe(false);
  });

  it('unsubscribes at once on return, answers who waits, and starts nothing any more', async () => {
    const subject = new Subject<string>();
    const iterator = iterate(subject);
    const waiting = iterator.next();
    expect(subject.observed).toBe(true);
    const returned = iterator.return?.();
    expect(subject.observed).toBe(false);
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await returned).toEqual({ done: true, value: undefined });
    await iterator.next();
    expect(subject.observed).toBe(false);
  });

  it('drops what waits on return', async () => {
    const iterator = iterate(of(1, 2, 3));
    await iterator.next();
    await iterator.return?.();
    expect((await iterator.next()).done).toBe(true);
  });

  it('never subscribes when it is returned first', async () => {
    const fake = new FakeProducer();
    const iterator = fake.stream[Symbol.asyncIterator]();
    await iterator.return?.();
    expect((await iterator.next()).done).toBe(true);
    expect(fake.starts).toBe(0);
  });

  it('unsubscribes on throw', async () => {
    const iterator = iterate(NEVER);
    void iterator.next();
    await expect(iterator.throw?.(new Error('mine'))).rejects.toThrow('mine');
    expect((await iterator.next()).done).toBe(true);
  });

  it('aborts when a loop is left', async () => {
    const fake = new FakeProducer();
    for await (const chunk of fake.stream) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(fake.cancels).toBe(1);
  });
});

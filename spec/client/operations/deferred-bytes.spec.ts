import { describe, expect, it } from 'vitest';
import { DeferredBytes } from '../../../lib/client/operations/deferred-bytes.js';
import { FtpUsageError } from '../../../lib/index.js';
import { intoSink } from '../../../lib/streams/byte-flow.js';
import { Gate } from '../../../lib/streams/gate.js';
import { observe } from '../../support/observe.js';

/** What the gate of deferred bytes makes its socket do. */
function socketOf(gate: Gate): string[] {
  const told: string[] = [];
  gate.attach({ pause: () => void told.push('pause'), resume: () => void told.push('resume') });
  return told;
}

/** Writes text as a transfer does, into the memory of the sink. */
function write({ sink }: DeferredBytes, text: string): void {
  const memory = sink.buffer();
  memory.set(Buffer.from(text));
  sink.write(memory.subarray(0, text.length));
}

describe('deferred bytes', () => {
  it('holds the socket until its bytes are subscribed', () => {
    const deferred = new DeferredBytes(() => undefined);
    const told = socketOf(deferred.gate);
    expect(told).toEqual(['pause']);
    using subscription = observe(deferred.bytes);
    expect(told).toEqual(['pause', 'resume']);
    expect(subscription.end).toBeUndefined();
  });

  it('keeps what came before, as chunks that stay as they are', async () => {
    const deferred = new DeferredBytes(() => undefined);
    write(deferred, 'one');
    write(deferred, 'two');
    const bytes = observe(deferred.bytes);
    write(deferred, 'three');
    deferred.end(undefined);
    expect((await bytes.settled).map((chunk) => Buffer.from(chunk).toString())).toEqual(['one', 'two', 'three']);
  });

  it('hands nothing on to a consumer within its call, also of what came before', () => {
    const deferred = new DeferredBytes(() => undefined);
    write(deferred, 'one');
    write(deferred, 'two');
    const told: string[] = [];
    const sink = {
      buffer: () => new Uint8Array(8),
      write(chunk: Uint8Array) {
        told.push(`> ${Buffer.from(chunk)}`);
        if (told.length === 1) {
          write(deferred, 'three');
          deferred.end(undefined);
        }
        told.push('<');
      },
      complete: () => void told.push('end'),
      error: () => {},
    };
    intoSink(deferred.bytes, sink, new Gate());
    expect(told).toEqual(['> one', '<', '> two', '<', '> three', '<', 'end']);
  });

  it('tells the end to who subscribes after it', async () => {
    const whole = new DeferredBytes(() => undefined);
    write(whole, 'one');
    whole.end(undefined);
    expect(await observe(whole.bytes).settled).toHaveLength(1);
    const broken = new DeferredBytes(() => undefined);
    const error = new Error('426');
    broken.end({ error });
    expect(await observe(broken.bytes).failed).toBe(error);
  });

  it('passes on an error without a reason, which is no good end', async () => {
    for (const isSubscribedFirst of [true, false]) {
      const deferred = new DeferredBytes(() => undefined);
      const early = isSubscribedFirst ? observe(deferred.bytes) : undefined;
      deferred.sink.error(undefined);
      expect(await (early ?? observe(deferred.bytes)).failed).toBeUndefined();
    }
  });

  it('keeps to its first end', async () => {
    const deferred = new DeferredBytes(() => undefined);
    deferred.end(undefined);
    deferred.end({ error: new Error('later') });
    expect(await observe(deferred.bytes).settled).toEqual([]);
  });

  it('hands nothing on to who has left, also where that lets go of the socket', async () => {
    const deferred = new DeferredBytes(() => undefined);
    const written: number[] = [];
    const consumer = new Gate();
    const sink = {
      buffer: () => new Uint8Array(8),
      write: (chunk: Uint8Array) => void written.push(chunk.length),
      complete: () => {},
      error: () => {},
    };
    const leave = intoSink(deferred.bytes, sink, consumer);
    consumer.hold();
    deferred.gate.attach({ pause: () => undefined, resume: () => write(deferred, 'late') });
    leave();
    expect(written).toEqual([]);
  });

  it('hands on how its consumer holds back', async () => {
    const deferred = new DeferredBytes(() => undefined);
    const told = socketOf(deferred.gate);
    const iterator = deferred.bytes[Symbol.asyncIterator]();
    const first = iterator.next();
    for (let chunk = 0; chunk < 64; chunk += 1) deferred.sink.write(new Uint8Array(64 * 1024));
    expect(told).toEqual(['pause', 'resume', 'pause']);
    await first;
    for (let chunk = 0; chunk < 63; chunk += 1) await iterator.next();
    expect(told).toEqual(['pause', 'resume', 'pause', 'resume']);
    await iterator.return?.();
  });

  it('says once that its subscriber has left, not when it had ended', () => {
    let left = 0;
    const deferred = new DeferredBytes(() => {
      left += 1;
    });
    const subscription = observe(deferred.bytes);
    expect(deferred.subscribed).toBe(true);
    subscription.unsubscribe();
    expect([left, deferred.subscribed]).toEqual([1, false]);
    const ended = new DeferredBytes(() => {
      left += 1;
    });
    observe(ended.bytes);
    ended.end(undefined);
    expect(left).toBe(1);
  });

  it('is subscribed once', async () => {
    const deferred = new DeferredBytes(() => undefined);
    observe(deferred.bytes).unsubscribe();
    expect(await observe(deferred.bytes).failed).toBeInstanceOf(FtpUsageError);
  });
});

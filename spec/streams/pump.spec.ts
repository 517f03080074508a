import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { byteStream } from '../../lib/streams/byte-stream.js';
import type { Gate } from '../../lib/streams/gate.js';
import { isWritable } from '../../lib/streams/pump.js';
import { FakeProducer } from './support/fake-producer.js';

const EVENTS = ['drain', 'close', 'error', 'finish', EventEmitter.errorMonitor] as const;

function listeners(to: NodeJS.EventEmitter): number {
  return EVENTS.reduce((sum, event) => sum + to.listenerCount(event), 0);
}

function event(to: NodeJS.EventEmitter, name: string): Promise<unknown> {
  return new Promise((resolve) => to.once(name, resolve));
}

/** Takes everything at once. */
function devNull(): Writable {
  return new Writable({ write: (_chunk, _encoding, callback) => callback() });
}

describe('pipe into a writable', () => {
  it('returns it, ends it and leaves no listener', async () => {
    const fake = new FakeProducer({ chunks: 3, chunkBytes: 5 });
    const to = devNull();
    const before = listeners(to);
    expect(fake.stream.pipe(to)).toBe(to);
    expect(listeners(to)).toBeGreaterThan(before);
    await event(to, 'finish');
    expect(listeners(to)).toBe(before);
  });

  it('destroys it with the error of the transfer', async () => {
    const error = new Error('550');
    const to = devNull();
    const before = listeners(to);
    new FakeProducer({ chunks: 1, error }).stream.pipe(to);
    expect(await event(to, 'error')).toBe(error);
    expect(to.destroyed).toBe(true);
    expect(listeners(to)).toBe(before);
  });

  it('makes an Error of what is none', async () => {
    const to = devNull();
    new FakeProducer({ chunks: 0, error: 'text' }).stream.pipe(to);
    expect(await event(to, 'error')).toEqual(new Error('text'));
  });

  it('aborts when the destination closes first', async () => {
    const fake = new FakeProducer();
    const to = fake.stream.pipe(new PassThrough());
    to.resume();
    await event(to, 'data');
    to.destroy();
    await event(to, 'close');
    expect(fake.cancels).toBe(1);
    expect(listeners(to)).toBe(listeners(new PassThrough().destroy()));
  });

  it('aborts when the destination fails, and leaves the error to its owner', async () => {
    const fake = new FakeProducer();
    const failure = new Error('disk full');
    const to = new Writable({ write: (_chunk, _encoding, callback) => callback(failure) });
    fake.stream.pipe(to);
    expect(await event(to, 'error')).toBe(failure);
    expect(fake.cancels).toBe(1);
    expect(listeners(to)).toBe(listeners(devNull()));
  });

  it('aborts when somebody else ends the destination', async () => {
    const fake = new FakeProducer();
    const to = fake.stream.pipe(devNull());
    to.end();
    await event(to, 'close');
    expect(fake.cancels).toBe(1);
  });

  it('starts nothing for a destination that is destroyed already', () => {
    const fake = new FakeProducer();
    const to = devNull().destroy();
    expect(fake.stream.pipe(to)).toBe(to);
    expect(fake.starts).toBe(0);
  });

  it('gathers what comes while the destination is busy, for its writev', async () => {
    const written: number[] = [];
    const to = new Writable({
      write(chunk: Uint8Array, _encoding, callback) {
        written.push(chunk.length);
        setImmediate(callback);
      },
      writev(chunks, callback) {
        written.push(chunks.length);
        callback();
      },
    });
    const stream = byteStream((sink) => {
      for (let chunk = 0; chunk < 10; chunk += 1) sink.write(new Uint8Array(16 * 1024));
      sink.complete();
      return () => undefined;
    });
    stream.pipe(to);
    await event(to, 'finish');
    expect(written).toEqual([16 * 1024, 9]);
  });

  it('goes by drain where there is no count of bytes', () => {
    const gates: Gate[] = [];
    let write: (bytes: number) => void = () => undefined;
    const stream = byteStream((sink, gate) => {
      gates.push(gate);
      write = (bytes) => sink.write(new Uint8Array(bytes));
      return () => undefined;
    });
    const old = Object.assign(new EventEmitter(), { writable: true, write: vi.fn(() => false), end: vi.fn() });
    stream.pipe(old as unknown as NodeJS.WritableStream);
    write(1);
    expect(gates[0]?.held).toBe(true);
    old.emit('drain');
    expect(gates[0]?.held).toBe(false);
    old.emit('close');
    expect(listeners(old)).toBe(0);
  });

  it('tells a stream without destroy by its error event', async () => {
    const error = new Error('550');
    const old = Object.assign(new EventEmitter(), { writable: true, write: () => true, end: vi.fn() });
    const failed = event(old, 'error');
    new FakeProducer({ chunks: 1, error }).stream.pipe(old as unknown as NodeJS.WritableStream);
    expect(await failed).toBe(error);
  });

  it('counts an object-mode destination by its drain', async () => {
    const fake = new FakeProducer({ chunks: 50, chunkBytes: 10 });
    const to = new Writable({
      objectMode: true,
      highWaterMark: 2,
      write: (chunk: Uint8Array, _encoding, callback) => {
        fake.consume(chunk.length);
        // Half as fast as the producer, which writes one chunk a turn.
        setImmediate(() => setImmediate(callback));
      },
    });
    fake.stream.pipe(to);
    await event(to, 'finish');
    expect(fake.consumedBytes).toBe(500);
    expect(fake.pauses).toBeGreaterThan(0);
  });

  describe('to the standard output', () => {
    afterEach(() => {
      vi.restoreAllMocks();
    });

    it('does not end it', async () => {
      const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
      const end = vi.spyOn(process.stdout, 'end');
      const before = listeners(process.stdout);
      const fake = new FakeProducer({ chunks: 1, chunkBytes: 1 });
      fake.stream.pipe(process.stdout);
      await vi.waitFor(() => expect(fake.completions).toBe(1));
      expect(write).toHaveBeenCalledTimes(1);
      expect(end).not.toHaveBeenCalled();
      expect(listeners(process.stdout)).toBe(before);
    });
  });
});

describe('isWritable', () => {
  it('knows a stream from an operator', () => {
    expect(isWritable(devNull())).toBe(true);
    for (const other of [undefined, null, () => undefined, {}, 'text']) expect(isWritable(other)).toBe(false);
  });
});

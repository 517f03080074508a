/** Into Node's file streams: by memory that is used again, which nobody must notice. */
import fs, { createWriteStream, WriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import type { ByteSink } from '../../lib/streams/byte-sink.js';
import { byteStream } from '../../lib/streams/byte-stream.js';
import { isFileStream } from '../../lib/streams/file-stream.js';
import { toWritable } from '../../lib/streams/to-writable.js';
import { LocalDirectory } from '../recipes/support/local-directory.js';
import { type FakeOptions, FakeProducer } from './support/fake-producer.js';

const MiB = 1024 * 1024;

/** Chunks that differ, a record of them, and of the memory they lay in. */
function recorded(options: FakeOptions): { fake: FakeProducer; sent: Buffer[]; memory: Set<ArrayBufferLike> } {
  const sent: Buffer[] = [];
  const memory = new Set<ArrayBufferLike>();
  const fake = new FakeProducer({
    ...options,
    fill(chunk, index) {
      chunk.fill(index * 31 + 1);
      sent.push(Buffer.from(chunk));
      memory.add(chunk.buffer);
    },
  });
  return { fake, sent, memory };
}

type Written = (error: NodeJS.ErrnoException | null, bytes?: number) => void;

/** A disk whose writes are done when the spec says so; it looks whether their memory changes before. */
class SlowDisk {
  readonly faults: string[] = [];
  readonly #waiting: ((error: NodeJS.ErrnoException | null) => void)[] = [];
  failing: NodeJS.ErrnoException | null = null;
  blocked = true;

  readonly fs = {
    open: fs.open,
    close: fs.close,
    write: (_fd: number, data: Buffer, _offset: number, _length: number, _at: number | undefined, written: Written) =>
      this.#write([data], written),
    writev: (_fd: number, views: readonly Buffer[], _at: number | undefined, written: Written) =>
      this.#write(views, written),
  };

  /** The writes under way are done, and further ones need no waiting. */
  go(): void {
    this.blocked = false;
    for (const done of this.#waiting.splice(0)) done(this.failing);
  }

  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  #write(views: readonly Uint8Array[], written: Written): void {
    const before = Buffer.concat(views);
    const done = (error: NodeJS.ErrnoException | null): void => {
      if (!before.equals(Buffer.concat(views))) this.faults.push('the memory of a write has changed');
      if (error === null) written(null, before.length);
      else written(error);
    };
    if (this.blocked) this.#waiting.push(done);
    else setImmediate(done, this.failing);
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}

function listeners(to: WriteStream): number {
  return ['drain', 'close', 'error', 'finish'].reduce((sum, name) => sum + to.listenerCount(name), 0);
}

describe('isFileStream', () => {
  class Derived extends (WriteStream as unknown as new (path: string) => WriteStream) {}

  it.each<[string, boolean, (path: string) => NodeJS.WritableStream]>([
    ['what createWriteStream makes', true, (path) => createWriteStream(path)],
    ['one that appends', true, (path) => createWriteStream(path, { flags: 'a' })],
    ['a subclass', false, (path) => new Derived(path)],
    ['one with a write of its own', false, (path) => Object.assign(createWriteStream(path), { write: () => true })],
    ['one with a _write of its own', false, (path) => Object.assign(createWriteStream(path), { _write: () => true })],
    ['another stream', false, () => new PassThrough()],
  ])('%s: %s', async (_what, expected, make) => {
    await using local = await LocalDirectory.make();
    const to = make(local.at('file'));
    expect(isFileStream(to)).toBe(expected);
    await turns(2);
    (to as PassThrough).destroy();
    await vi.waitFor(() => expect((to as PassThrough).closed).toBe(true));
  });
});

describe('a file stream', () => {
  it.each([
    [64 * 1024, 300, false],
    [16 * 1024, 600, true],
    [1, 500, false],
    [0, 0, false],
  ])('gets everything (%i bytes x %i, memory of its own: %s)', async (chunkBytes, chunks, ownMemory) => {
    await using local = await LocalDirectory.make();
    const { fake, sent } = recorded({ chunkBytes, chunks, ownMemory });
    const to = createWriteStream(local.at('file'));
    const before = listeners(to);
    await finished(fake.stream.pipe(to), { cleanup: true });
    expect((await local.read('file')).equals(Buffer.concat(sent))).toBe(true);
    expect(to.bytesWritten).toBe(chunkBytes * chunks);
    expect([fake.cancels, fake.completions]).toEqual([0, 1]);
    expect(listeners(to)).toBe(before);
  });

  it('is written from a few buffers, whatever the length', async () => {
    await using local = await LocalDirectory.make();
    const { fake, memory } = recorded({ chunkBytes: 256 * 1024, chunks: 100 });
    await finished(fake.stream.pipe(createWriteStream(local.at('file'))));
    expect(memory.size).toBeLessThanOrEqual(6);
  });

  it('is written from a few buffers by toWritable, and complete when that completes', async () => {
    await using local = await LocalDirectory.make();
    const { fake, sent, memory } = recorded({ chunkBytes: 256 * 1024, chunks: 100 });
    const to = createWriteStream(local.at('file'));
    await lastValueFrom(fake.stream.pipe(toWritable(to)), { defaultValue: undefined });
    expect((await local.read('file')).equals(Buffer.concat(sent))).toBe(true);
    expect(memory.size).toBeLessThanOrEqual(6);
  });

  it('of another kind may keep its chunks', async () => {
    await using local = await LocalDirectory.make();
    const kept: Uint8Array[] = [];
    class Keeping extends (WriteStream as unknown as new (path: string) => WriteStream) {
      override _write(chunk: Uint8Array, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
        kept.push(chunk);
        super._write(chunk, encoding, callback);
      }
    }
    Object.defineProperty(Keeping.prototype, '_writev', { value: null });
    const { fake, sent } = recorded({ chunkBytes: 64 * 1024, chunks: 200 });
    await finished(fake.stream.pipe(new Keeping(local.at('file'))));
    expect(Buffer.concat(kept).equals(Buffer.concat(sent))).toBe(true);
  });

  it('holds the source while the disk is slow, and its memory is left alone', async () => {
    await using local = await LocalDirectory.make();
    const disk = new SlowDisk();
    const fake = new FakeProducer({ chunkBytes: 64 * 1024, chunks: 300 });
    const to = fake.stream.pipe(createWriteStream(local.at('file'), { fs: disk.fs }));
    await vi.waitFor(() => expect(fake.pauses).toBe(1));
    expect(fake.sentBytes).toBeLessThanOrEqual(4 * MiB + 64 * 1024);
    disk.go();
    await finished(to);
    expect([fake.sentBytes, disk.faults]).toEqual([300 * 64 * 1024, []]);
  });

  it('that is destroyed during a write aborts, and the memory of that write is left alone', async () => {
    await using local = await LocalDirectory.make();
    const disk = new SlowDisk();
    const fake = new FakeProducer({ chunkBytes: 64 * 1024 });
    const to = fake.stream.pipe(createWriteStream(local.at('file'), { fs: disk.fs }));
    await vi.waitFor(() => expect(fake.pauses).toBe(1));
    // Node makes an error of a write that it had to wait for.
    to.on('error', (error) => expect(error).toMatchObject({ code: 'ERR_STREAM_DESTROYED' })).destroy();
    await turns(20);
    disk.go();
    await vi.waitFor(() => expect(to.closed).toBe(true));
    expect([fake.cancels, disk.faults]).toEqual([1, []]);
  });

  it.each([1, 2])('whose write %i fails aborts, and its error is its own', async (failing) => {
    await using local = await LocalDirectory.make();
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const disk = new SlowDisk();
    const fake = new FakeProducer({ chunkBytes: 64 * 1024 });
    const to = fake.stream.pipe(createWriteStream(local.at('file'), { fs: disk.fs }));
    const ended = finished(to).catch((error: unknown) => error);
    await vi.waitFor(() => expect(disk.busy).toBe(true));
    if (failing === 1) disk.failing = full;
    disk.go();
    disk.failing = full;
    expect(await ended).toBe(full);
    await vi.waitFor(() => expect(to.closed).toBe(true));
    expect(fake.cancels).toBe(1);
  });

  it('is destroyed with the error of the transfer, and toWritable errors with it', async () => {
    await using local = await LocalDirectory.make();
    const error = new Error('426');
    const fake = new FakeProducer({ chunks: 3, error });
    const to = createWriteStream(local.at('file'));
    await expect(finished(fake.stream.pipe(to))).rejects.toBe(error);
    const other = createWriteStream(local.at('other'));
    await expect(lastValueFrom(fake.stream.pipe(toWritable(other)))).rejects.toBe(error);
    await vi.waitFor(() => expect([to.closed, other.closed]).toEqual([true, true]));
    expect(fake.cancels).toBe(0);
  });

  it('is destroyed when the transfer cannot even start', async () => {
    await using local = await LocalDirectory.make();
    const error = new Error('bad option');
    const stream = byteStream((sink: ByteSink) => {
      sink.error(error);
      return () => expect.unreachable();
    });
    await expect(finished(stream.pipe(createWriteStream(local.at('file'))))).rejects.toBe(error);
  });

  it('that cannot be opened aborts', async () => {
    await using local = await LocalDirectory.make();
    const fake = new FakeProducer();
    const to = fake.stream.pipe(createWriteStream(local.at('missing/file')));
    await expect(finished(to)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(fake.cancels).toBe(1);
  });

  it('is left when toWritable is: nothing comes after that', async () => {
    await using local = await LocalDirectory.make();
    const fake = new FakeProducer({ chunkBytes: 1000 });
    const to = createWriteStream(local.at('file'));
    const subscription = fake.stream.pipe(toWritable(to)).subscribe();
    await vi.waitFor(() => expect(to.bytesWritten).toBeGreaterThan(0));
    subscription.unsubscribe();
    await vi.waitFor(() => expect(to.closed).toBe(true));
    const { bytesWritten } = to;
    await turns(20);
    expect([fake.cancels, to.bytesWritten]).toEqual([1, bytesWritten]);
  });
});

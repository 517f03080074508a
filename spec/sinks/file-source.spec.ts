/** From a file to an upload, by large reads into memory that is lent. */
import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { FileSource } from '../../lib/sinks/file-source.js';
import { readSource } from '../../lib/streams/source.js';
import { Latch } from '../control/support/connected.js';

const MiB = 1024 * 1024;

interface FakeOptions {
  /** What `stat` says, first and then; default: the length of the content. */
  readonly sizes?: readonly number[];
  /** A pipe, a device. */
  readonly special?: boolean;
  /** The most bytes that one read gives. */
  readonly shortReads?: number;
  /** The number of the read that fails, from 1. */
  readonly failAt?: number;
  /** Reads from this number on wait for it. */
  readonly slow?: { readonly from: number; readonly latch: Latch };
}

const broken = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });

/** A file in memory that counts. */
class FakeHandle {
  reads = 0;
  closes = 0;
  /** The memory that was read into. */
  readonly memory = new Set<ArrayBufferLike>();
  #stats = 0;
  #position = 0;
  readonly #content: Buffer;
  readonly #options: FakeOptions;

  constructor(content: Buffer, options: FakeOptions) {
    this.#content = content;
    this.#options = options;
  }

  async stat(): Promise<{ size: number; isFile: () => boolean }> {
    const { sizes = [], special = false } = this.#options;
    const size = sizes[this.#stats] ?? this.#content.length;
    this.#stats += 1;
    return { size, isFile: () => !special };
  }

  async read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number | null,
  ): Promise<{ bytesRead: number }> {
    this.reads += 1;
    if (position !== null) this.#position = position;
    this.memory.add(buffer.buffer);
    const { failAt, shortReads = length, slow } = this.#options;
    if (this.reads === failAt) throw broken;
    if (slow !== undefined && this.reads >= slow.from) await slow.latch.opened;
    const piece = this.#content.subarray(this.#position, this.#position + Math.min(length, shortReads));
    buffer.set(piece, offset);
    this.#position += piece.length;
    return { bytesRead: piece.length };
  }

  async close(): Promise<void> {
    this.closes += 1;
  }
}

function fakeSource(content: Buffer, options: FakeOptions = {}, start = 0): { file: FakeHandle; source: FileSource } {
  const file = new FakeHandle(content, options);
  return { file, source: new FileSource('it', start, async () => file as unknown as FileHandle) };
}

async function readAll(source: FileSource): Promise<{ bytes: Buffer; sizes: number[] }> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(Buffer.from(chunk));
  return { bytes: Buffer.concat(chunks), sizes: chunks.map(({ length }) => length) };
}

describe('a file that is read', () => {
  it.each([
    0,
    1,
    64 * 1024 - 1,
    64 * 1024,
    64 * 1024 + 1,
    MiB - 1,
    MiB,
    MiB + 1,
    3 * MiB,
    5 * MiB + 123,
  ])('gives all of its %i bytes, and is closed', async (length) => {
    const content = randomBytes(length);
    const { file, source } = fakeSource(content);
    const { bytes, sizes } = await readAll(source);
    expect(bytes.equals(content)).toBe(true);
    expect(sizes.every((size) => size > 0)).toBe(true);
    expect(sizes).toHaveLength(Math.ceil(length / MiB));
    expect([file.closes, source.size]).toEqual([1, length]);
  });

  it.each([1009, 64 * 1024])('in reads of at most %i bytes is whole, in large chunks', async (shortReads) => {
    const content = randomBytes(2 * MiB + 77);
    const { bytes, sizes } = await readAll(fakeSource(content, { shortReads }).source);
    expect(bytes.equals(content)).toBe(true);
    expect(sizes).toEqual([MiB, MiB, 77]);
  });

  it.each([
    ['a pipe', { special: true, sizes: [0] }],
    ['a device', { special: true, sizes: [4096] }],
    ['a file of /proc', { sizes: [0, 0] }],
  ])('and names no size, as %s, is read to its end', async (_what, options) => {
    const content = randomBytes(2 * MiB + 300_000);
    const { file, source } = fakeSource(content, options);
    const chunks: Buffer[] = [];
    for await (const chunk of source) {
      expect(source.size).toBeUndefined();
      chunks.push(Buffer.from(chunk));
    }
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
    expect([file.closes, source.size]).toEqual([1, content.length]);
    expect(source.readsAgain).toBe(!('special' in options));
  });

  it.each([
    ['has grown', 2 * MiB + 300_000, [1000]],
    ['has grown by a byte', 2 * MiB + 1, [2 * MiB]],
    ['has grown from nothing', 1000, [0, 1000]],
    ['has shrunk', 100_000, [3 * MiB]],
    ['has shrunk by a byte', 3 * MiB - 1, [3 * MiB]],
    ['was emptied', 0, [3 * MiB]],
  ])('and %s meanwhile is an error, with no byte more than it had', async (_how, length, sizes) => {
    const { file, source } = fakeSource(randomBytes(length), { sizes });
    let given = 0;
    const reading = (async () => {
      for await (const chunk of source) given += chunk.length;
    })();
    await expect(reading).rejects.toThrow(`The file it was changed while it was uploaded: it had ${sizes[0]} bytes`);
    expect(given).toBeLessThanOrEqual(Math.max(sizes[0] ?? 0, sizes[1] ?? 0));
    expect(file.closes).toBe(1);
  });

  it.each([1, MiB, 2 * MiB + 299_999, 2 * MiB + 300_000])('from byte %i on gives the rest', async (start) => {
    const content = randomBytes(2 * MiB + 300_000);
    const { file, source } = fakeSource(content, { shortReads: 64 * 1024 }, start);
    const { bytes } = await readAll(source);
    expect(bytes.equals(content.subarray(start))).toBe(true);
    expect([file.closes, source.size]).toEqual([1, content.length - start]);
  });

  it.each([
    ['has grown meanwhile', 2000, [1000], 'was changed while it was uploaded: it had 1000 bytes'],
    ['has shrunk meanwhile', 1000, [2000], 'was changed while it was uploaded: it had 2000 bytes'],
    ['ends before that', 100, [100], 'cannot be read from 500 on: it has 100 bytes'],
  ])('from an offset on, and %s, is an error', async (_how, length, sizes, message) => {
    const { file, source } = fakeSource(randomBytes(length), { sizes }, 500);
    await expect(readAll(source)).rejects.toThrow(message);
    expect(file.closes).toBe(1);
  });

  it('is read one chunk ahead, not more', async () => {
    const { file, source } = fakeSource(randomBytes(6 * MiB));
    const iterator = source[Symbol.asyncIterator]();
    await iterator.next();
    await new Promise(setImmediate);
    expect(file.reads).toBe(2);
    await iterator.return(undefined);
  });

  it('is not opened before it is read', async () => {
    let opened = 0;
    const source = new FileSource('it', 0, async () => {
      opened += 1;
      return new FakeHandle(Buffer.alloc(0), {}) as unknown as FileHandle;
    });
    const iterator = source[Symbol.asyncIterator]();
    expect([opened, source.size]).toEqual([0, undefined]);
    await iterator.return(undefined);
    expect(opened).toBe(0);
  });
});

describe('the memory of a file that is read', () => {
  it('belongs to whoever iterates', async () => {
    const content = randomBytes(6 * MiB);
    const { source } = fakeSource(content);
    const chunks: Uint8Array[] = [];
    for await (const chunk of source) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(content)).toBe(true);
  });

  it('is lent, and used again when it was given back', async () => {
    const content = randomBytes(12 * MiB + 5);
    const { file, source } = fakeSource(content);
    const reader = readSource(source);
    const copies: Buffer[] = [];
    for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) {
      copies.push(Buffer.from(chunk));
      reader.giveBack?.(chunk);
    }
    expect(Buffer.concat(copies).equals(content)).toBe(true);
    expect(file.memory.size).toBeLessThanOrEqual(3);
  });

  it('is left alone before that', async () => {
    const content = randomBytes(8 * MiB);
    const { file, source } = fakeSource(content);
    const reader = readSource(source);
    const kept: Uint8Array[] = [];
    for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) {
      kept.push(chunk);
      if (kept.length === 3) reader.giveBack?.(kept.shift() ?? chunk);
    }
    expect(Buffer.concat(kept).equals(content.subarray(-kept.length * MiB))).toBe(true);
    expect(file.memory.size).toBeLessThan(9);
  });

  it('may be given back when nobody reads any more', async () => {
    const { file, source } = fakeSource(randomBytes(4 * MiB));
    const reader = readSource(source);
    const chunk = (await reader.next()) ?? Buffer.alloc(0);
    reader.cancel();
    reader.giveBack?.(chunk);
    expect(await reader.next()).toBeUndefined();
    await vi.waitFor(() => expect(file.closes).toBe(1), { interval: 5 });
  });
});

describe('a file that cannot be read', () => {
  it('is an error when it cannot be opened', async () => {
    const missing = new Error('ENOENT');
    await expect(readAll(new FileSource('it', 0, () => Promise.reject(missing)))).rejects.toBe(missing);
  });

  it.each([1, 2, 3])('at read %i is the error, after the chunks before, and the file is closed', async (failAt) => {
    const { file, source } = fakeSource(randomBytes(4 * MiB), { failAt });
    const chunks: number[] = [];
    const reading = (async () => {
      for await (const chunk of source) chunks.push(chunk.length);
    })();
    await expect(reading).rejects.toBe(broken);
    expect(chunks).toHaveLength(failAt - 1);
    expect(file.closes).toBe(1);
  });
});

describe('an upload that is left', () => {
  it.each(['between two chunks', 'while a read is under way'])('%s closes the file', async (when) => {
    const latch = new Latch();
    const slow = when === 'between two chunks' ? {} : { slow: { from: 2, latch } };
    const { file, source } = fakeSource(randomBytes(4 * MiB), slow);
    const iterator = source[Symbol.asyncIterator]();
    await iterator.next();
    const pending = when === 'between two chunks' ? undefined : iterator.next();
    const left = iterator.return(undefined);
    latch.open();
    await pending;
    await left;
    expect(file.closes).toBe(1);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('whose read ahead fails afterwards is no unhandled rejection', async () => {
    const { file, source } = fakeSource(randomBytes(4 * MiB), { failAt: 2 });
    const iterator = source[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return(undefined);
    await new Promise(setImmediate);
    expect(file.closes).toBe(1);
  });
});

/** From a file to an upload, by large reads into a few buffers in turn. */
import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FileSource } from '../../lib/recipes/file-source.js';
import { Latch } from '../control/support/connected.js';

const MiB = 1024 * 1024;

interface FakeOptions {
  /** What `stat` says; default: the length of the content. */
  readonly size?: number;
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
  #position = 0;
  readonly #content: Buffer;
  readonly #options: FakeOptions;

  constructor(content: Buffer, options: FakeOptions) {
    this.#content = content;
    this.#options = options;
  }

  async stat(): Promise<{ size: number }> {
    return { size: this.#options.size ?? this.#content.length };
  }

  async read(buffer: Uint8Array, offset: number, length: number): Promise<{ bytesRead: number }> {
    this.reads += 1;
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

function fakeSource(content: Buffer, options: FakeOptions = {}): { file: FakeHandle; source: FileSource } {
  const file = new FakeHandle(content, options);
  return { file, source: new FileSource(async () => file as unknown as FileHandle) };
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

  it.each([0, 1000, 100_000, 2 * MiB])('and has grown beyond the %i bytes it had is read to its end', async (size) => {
    const content = randomBytes(2 * MiB + 300_000);
    const { bytes } = await readAll(fakeSource(content, { size }).source);
    expect(bytes.equals(content)).toBe(true);
  });

  it('and was truncated meanwhile ends where it ends', async () => {
    const content = randomBytes(100_000);
    const { bytes } = await readAll(fakeSource(content, { size: 3 * MiB }).source);
    expect(bytes.equals(content)).toBe(true);
  });

  it('keeps a chunk until the next but one is asked for', async () => {
    const content = randomBytes(6 * MiB);
    let last: { chunk: Uint8Array; copy: Buffer } | undefined;
    for await (const chunk of fakeSource(content).source) {
      await new Promise(setImmediate);
      if (last !== undefined) expect(last.copy.equals(last.chunk)).toBe(true);
      last = { chunk, copy: Buffer.from(chunk) };
    }
    expect(last).toBeDefined();
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
    const source = new FileSource(async () => {
      opened += 1;
      return new FakeHandle(Buffer.alloc(0), {}) as unknown as FileHandle;
    });
    const iterator = source[Symbol.asyncIterator]();
    expect([opened, source.size]).toEqual([0, undefined]);
    await iterator.return(undefined);
    expect(opened).toBe(0);
  });
});

describe('a file that cannot be read', () => {
  it('is an error when it cannot be opened', async () => {
    const missing = new Error('ENOENT');
    await expect(readAll(new FileSource(() => Promise.reject(missing)))).rejects.toBe(missing);
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

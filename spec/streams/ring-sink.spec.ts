/** From the memory that a socket reads into to a file, with a disk that is slow, full or not there. */

import type { FileHandle } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { VerifiedBy } from '../../lib/protocol/hash-algorithms.js';
import { FileWriter } from '../../lib/sinks/file-writer.js';
import { Gate } from '../../lib/streams/gate.js';
import { RingSink, type RingSinkOptions } from '../../lib/streams/ring-sink.js';
import { Latch } from '../control/support/connected.js';
import { FakeFile, type FakeFileOptions } from '../recipes/support/fake-file.js';
import { type FakeOptions, FakeProducer } from './support/fake-producer.js';

const MiB = 1024 * 1024;
/** One small buffer to begin with, four large ones. */
const poolBytes = 4 * MiB + 64 * 1024;

class Writing {
  readonly file: FakeFile;
  readonly gate: Gate = new Gate();
  readonly sink: RingSink;
  readonly sent: Buffer[] = [];
  readonly completions: (VerifiedBy | undefined)[] = [];
  readonly errors: unknown[] = [];
  readonly writeErrors: unknown[] = [];
  opened = 0;
  /** Resolves when the sink is done, either way. */
  readonly over: Promise<void>;

  constructor(
    file: FakeFileOptions = {},
    more: Partial<RingSinkOptions> & { readonly open?: () => Promise<FileHandle> } = {},
  ) {
    this.file = new FakeFile(file);
    const { open = async () => this.file.handle, ...options } = more;
    const writer = new FileWriter(() => {
      this.opened += 1;
      return open();
    });
    const end = new Latch();
    this.over = end.opened;
    this.sink = new RingSink({
      gate: this.gate,
      write: (views) => writer.write(views),
      onBytes: () => undefined,
      onComplete: (verifiedBy) => {
        this.completions.push(verifiedBy);
        end.open();
      },
      onError: (error) => {
        this.errors.push(error);
        end.open();
      },
      onWriteError: (error) => {
        this.writeErrors.push(error);
        end.open();
      },
      ...options,
    });
  }

  /** What a socket does: one read into the sink's memory. */
  read(bytes: number): number {
    const chunk = this.sink.buffer().subarray(0, bytes);
    chunk.fill(this.sent.length);
    this.sent.push(Buffer.from(chunk));
    this.sink.write(chunk);
    return chunk.length;
  }

  /** Reads until the gate is held; how much that was. */
  fill(): number {
    let bytes = 0;
    while (!this.gate.held) bytes += this.read(64 * 1024);
    return bytes;
  }

  /** Runs a whole producer into the sink, and counts what the disk has not. */
  async run(options: FakeOptions): Promise<FakeProducer> {
    const fake = new FakeProducer({
      ...options,
      fill: (chunk, index) => {
        chunk.forEach((_, at) => {
          chunk[at] = (at + index * 31) & 0xff;
        });
        this.sent.push(Buffer.from(chunk));
      },
    });
    fake.producer(this.sink, this.gate);
    await this.over;
    return fake;
  }

  expectWhole(): void {
    expect([this.errors, this.writeErrors]).toEqual([[], []]);
    expect(this.file.faults).toEqual([]);
    expect(Buffer.concat(this.file.content).equals(Buffer.concat(this.sent))).toBe(true);
    expect(this.opened).toBe(1);
    expect(this.completions).toHaveLength(1);
  }
}

/** Lets everything happen that can. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
}

describe('a download into a file', () => {
  it.each([
    [1, 2000, false],
    [1000, 500, false],
    [16 * 1024, 300, false],
    [64 * 1024, 100, false],
    [2 * MiB, 10, false],
    [1, 2000, true],
    [16 * 1024, 300, true],
    [31 * 1024 + 7, 200, true],
    [64 * 1024, 100, true],
    [2.5 * MiB, 5, true],
  ])('arrives whole in chunks of %i bytes, %i of them (memory of its own: %s)', async (chunkBytes, chunks, ownMemory) => {
    const at = new Writing();
    await at.run({ chunkBytes, chunks, ownMemory });
    at.expectWhole();
    expect(at.gate.held).toBe(false);
  });

  it.each([undefined, 'size', 'MD5'] as const)('of nothing is complete without a write (by %s)', async (verifiedBy) => {
    const at = new Writing();
    at.sink.complete(verifiedBy);
    await at.over;
    expect([at.opened, at.completions, at.file.writes]).toEqual([0, [verifiedBy], 0]);
  });

  it('is complete only when the last byte is written', async () => {
    const at = new Writing();
    const go = at.file.block();
    at.read(100);
    at.read(200);
    at.sink.complete('size');
    await settle();
    expect(at.completions).toEqual([]);
    go();
    await at.over;
    expect(at.completions).toEqual(['size']);
    at.expectWhole();
  });

  it('is opened once, by its first bytes, and what comes meanwhile waits', async () => {
    const opening = new Latch();
    const at: Writing = new Writing(
      {},
      {
        open: async () => {
          await opening.opened;
          return at.file.handle;
        },
      },
    );
    for (let n = 0; n < 5; n += 1) at.read(1000);
    await settle();
    expect([at.opened, at.file.writes]).toEqual([1, 0]);
    opening.open();
    at.sink.complete();
    await at.over;
    expect(at.opened).toBe(1);
    expect(at.file.writes).toBe(2);
    expect(Buffer.concat(at.file.content).equals(Buffer.concat(at.sent))).toBe(true);
  });

  it('goes out in one write for all that came during the last one', async () => {
    const at = new Writing();
    const go = at.file.block();
    at.read(1000);
    await settle();
    for (let n = 0; n < 40; n += 1) at.read(64 * 1024);
    go();
    at.sink.complete();
    await at.over;
    at.expectWhole();
    expect(at.file.writes).toBe(2);
  });

  it('tells of every byte once', async () => {
    let told = 0;
    const at = new Writing(
      {},
      {
        onBytes: (bytes) => {
          told += bytes;
        },
      },
    );
    await at.run({ chunkBytes: 5000, chunks: 77 });
    expect(told).toBe(77 * 5000);
  });
});

describe('a slow disk', () => {
  it.each([
    false,
    true,
  ])('holds the socket when the buffers are full, and lets it go on (own memory: %s)', async (own) => {
    const at = new Writing();
    const go = at.file.block();
    const fake = new FakeProducer({ chunkBytes: 16 * 1024, chunks: 1000, ownMemory: own });
    fake.producer(at.sink, at.gate);
    while (!at.gate.held) await new Promise(setImmediate);
    await settle();
    expect(fake.sentBytes).toBeLessThanOrEqual(poolBytes);
    expect(fake.sentBytes).toBeGreaterThan(2 * MiB);
    go();
    await at.over;
    expect(at.file.bytes).toBe(1000 * 16 * 1024);
    expect(fake.pauses).toBeGreaterThan(0);
    expect(at.file.faults).toEqual([]);
    expect(at.gate.held).toBe(false);
  });

  it('never has more memory than its buffers, however the bursts come', async () => {
    const at = new Writing();
    const memory = new Set<ArrayBufferLike>();
    for (let burst = 0; burst < 20; burst += 1) {
      const go = at.file.block();
      at.read(1000);
      await settle();
      while (!at.gate.held) {
        memory.add(at.sink.buffer().buffer);
        at.read(64 * 1024);
      }
      const again = at.file.block();
      go();
      await settle();
      // The write that is done was of the last bit of the buffer in use: none has become free.
      if (!at.gate.held) at.fill();
      memory.add(at.sink.buffer().buffer);
      again();
      await settle();
      expect(at.gate.held).toBe(false);
    }
    expect(memory.size).toBeLessThanOrEqual(6);
    at.sink.complete();
    await at.over;
    at.expectWhole();
  });

  it('that takes only a part of each write gets the rest', async () => {
    const at = new Writing({ shortWrites: 1001 });
    await at.run({ chunkBytes: 7919, chunks: 40 });
    at.expectWhole();
    expect(at.file.writes).toBeGreaterThan(300);
  });
});

describe('a disk that fails', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, writev'), { code: 'ENOSPC' });

  it.each([1, 2, 3])('at write %i is told once, and nothing more is written', async (failing) => {
    const at = new Writing({ shortWrites: 50_000, failure: { at: failing, error: full } });
    for (let n = 0; n < 5; n += 1) at.read(64 * 1024);
    await at.over;
    expect(at.writeErrors).toEqual([full]);
    const { writes } = at.file;
    // The socket may still deliver, and the transfer end well, before the abort is through.
    at.fill();
    at.sink.complete('size');
    await settle();
    expect([at.writeErrors, at.completions, at.file.writes]).toEqual([[full], [], writes]);
  });

  it('to open is told once', async () => {
    const missing = Object.assign(new Error('ENOENT: no such directory'), { code: 'ENOENT' });
    const at = new Writing({}, { open: () => Promise.reject<FileHandle>(missing) });
    at.read(10);
    at.read(20);
    await at.over;
    at.sink.complete();
    await settle();
    expect([at.writeErrors, at.completions]).toEqual([[missing], []]);
  });
});

describe('a transfer that fails', () => {
  it('is told once, and what waits is not written any more', async () => {
    const at = new Writing({ failure: { at: 2, error: new Error('EBADF') }, shortWrites: 10 });
    const go = at.file.block();
    at.read(1000);
    await settle();
    at.read(1000);
    const cause = new Error('426');
    at.sink.error(cause);
    go();
    await settle();
    // The file was closed meanwhile: what that does to the write under way is no news.
    expect([at.errors, at.writeErrors, at.completions]).toEqual([[cause], [], []]);
  });

  it('between two writes writes no more', async () => {
    const at = new Writing();
    const go = at.file.block();
    at.read(1000);
    await settle();
    at.read(1000);
    at.sink.error(new Error('426'));
    go();
    await settle();
    expect(at.file.bytes).toBe(1000);
    expect(at.completions).toEqual([]);
  });
});

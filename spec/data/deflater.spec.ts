import { constants, inflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Deflater, PIECE_BYTES } from '../../lib/data/deflater.js';
import { readSource, type SourceReader } from '../../lib/streams/source.js';
import { choppings } from '../support/chunks.js';
import { Random } from '../support/random.js';

/** All chunks, and the bytes of the file that each stands for. */
async function deflated(source: SourceReader): Promise<{ chunks: Uint8Array[]; counts: number[] }> {
  const deflater = new Deflater(source, () => true);
  const chunks: Uint8Array[] = [];
  const counts: number[] = [];
  for (let chunk = await deflater.next(); chunk !== undefined; chunk = await deflater.next()) {
    chunks.push(chunk);
    counts.push(deflater.fileBytes(chunk));
  }
  expect(await deflater.next()).toBeUndefined();
  return { chunks, counts };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** A source that gives `chunks` when `give` is called, and notes what it gets back. */
function slow(chunks: readonly string[]) {
  const given = chunks.map((text) => Buffer.from(text));
  const waiting: ((chunk: Uint8Array | undefined) => void)[] = [];
  const back: string[] = [];
  let cancelled = false;
  const reader: SourceReader = {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    giveBack: (chunk) => void back.push(Buffer.from(chunk).toString()),
    cancel: () => {
      cancelled = true;
      for (const resolve of waiting.splice(0)) resolve(undefined);
    },
  };
  return { reader, back, isCancelled: () => cancelled, give: () => waiting.shift()?.(given.shift()) };
}

const random = new Random(5);
const contents: Readonly<Record<string, Buffer>> = {
  empty: Buffer.alloc(0),
  one: Buffer.from('x'),
  'a piece': Buffer.alloc(PIECE_BYTES, 'ab'),
  'a piece and one byte': Buffer.alloc(PIECE_BYTES + 1, 'ab'),
  zeros: Buffer.alloc(900_000),
  noise: Buffer.from(random.bytes(300_000)),
};

describe('Deflater', () => {
  it.each(Object.entries(contents))('makes one stream of zlib of %s', async (_name, content) => {
    const { chunks, counts } = await deflated(readSource(content));
    expect(inflateSync(Buffer.concat(chunks)).equals(content)).toBe(true);
    expect(sum(counts)).toBe(content.length);
    expect(counts.at(-1)).toBe(0);
    expect(chunks.every(({ length }) => length > 0)).toBe(true);
  });

  it('is undone by inflating, however the source is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }).chain((bytes) => choppings(bytes).map((chunks) => ({ bytes, chunks }))),
        async ({ bytes, chunks }) => {
          const made = await deflated(readSource(chunks));
          expect(inflateSync(Buffer.concat(made.chunks))).toEqual(Buffer.from(bytes));
          expect(sum(made.counts)).toBe(bytes.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('compresses text', async () => {
    const text = Buffer.from(Array.from({ length: 5000 }, (_, line) => `line ${line} of it\n`).join(''));
    const { chunks } = await deflated(readSource(text));
    expect(Buffer.concat(chunks).length).toBeLessThan(text.length / 3);
  });

  it('never grows by more than a server has room for, in any part of 16 KiB', async () => {
    const mixed = Buffer.concat([Buffer.alloc(500_000), Buffer.from(random.bytes(20_000)), Buffer.alloc(300_000, 1)]);
    const { chunks } = await deflated(readSource(mixed));
    const wire = Buffer.concat(chunks);
    const made = (bytes: number): number =>
      bytes === 0 ? 0 : inflateSync(wire.subarray(0, bytes), { finishFlush: constants.Z_SYNC_FLUSH }).length;
    for (let at = 0; at + 16_384 < wire.length; at += 3001) {
      expect(made(at + 16_384) - made(at)).toBeLessThan(8 * 16_384);
    }
  });

  it('puts small chunks together where the source has them, and does not wait for more', async () => {
    const ready = await deflated(readSource(Array.from({ length: 500 }, () => 'ab')));
    expect(ready.counts).toEqual([1000, 0]);
    const { reader, give, back } = slow(['one', 'two']);
    const deflater = new Deflater(reader, () => true);
    const first = deflater.next();
    give();
    const chunk = (await first) as Uint8Array;
    expect(deflater.fileBytes(chunk)).toBe(3);
    const second = deflater.next();
    give();
    expect(deflater.fileBytes((await second) as Uint8Array)).toBe(3);
    expect(back).toEqual(['one', 'two']);
    const end = deflater.next();
    give();
    expect(deflater.fileBytes((await end) as Uint8Array)).toBe(0);
    deflater.cancel();
  });

  it('passes chunks on as they are where it is off', async () => {
    const { reader, give, back } = slow(['one']);
    const deflater = new Deflater(reader, () => false);
    const next = deflater.next();
    give();
    const chunk = (await next) as Uint8Array;
    expect([Buffer.from(chunk).toString(), deflater.fileBytes(chunk)]).toEqual(['one', 3]);
    deflater.giveBack(chunk);
    expect(back).toEqual(['one']);
    expect(new Deflater({ ...reader, expectedBytes: () => 7 }, () => true).expectedBytes()).toBe(7);
  });

  it('passes on the error of its source', async () => {
    const broken = new Error('broken');
    let chunks = 0;
    const reader: SourceReader = {
      next: () => {
        chunks += 1;
        return chunks === 1 ? Promise.resolve(Buffer.from('a')) : Promise.reject(broken);
      },
      cancel: () => {},
    };
    const deflater = new Deflater(reader, () => true);
    await expect(deflater.next()).rejects.toBe(broken);
    deflater.cancel();
  });

  it('ends at once when it is cancelled: before, while it waits for its source, and while zlib works', async () => {
    const before = slow(['a']);
    const unread = new Deflater(before.reader, () => true);
    unread.cancel();
    expect([await unread.next(), before.isCancelled()]).toEqual([undefined, true]);

    const waiting = new Deflater(slow(['a']).reader, () => true);
    const next = waiting.next();
    waiting.cancel();
    expect(await next).toBeUndefined();

    const working = new Deflater(readSource(random.bytes(1_000_000)), () => true);
    await working.next();
    const last = working.next();
    working.cancel();
    expect(await last).toBeUndefined();
  });
});

/** An untouched file stream as the source of an upload: its file is read here, and what it gives is what Node would give. */
import { randomBytes } from 'node:crypto';
import { appendFileSync, closeSync, createReadStream, openSync, readSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { readSource } from '../../lib/streams/source.js';
import {
  fifo,
  fileOf,
  isReadHere,
  KiB,
  keepAll,
  MiB,
  readAll,
  recordEvents,
  untilClosed,
} from './support/read-files.js';

describe('an untouched file stream', () => {
  it.each([
    0,
    1,
    64 * KiB - 1,
    64 * KiB,
    64 * KiB + 1,
    320 * KiB,
    320 * KiB + 1,
    MiB + 320 * KiB,
    5 * MiB + 123,
  ])('gives all of its %i bytes, and ends as by itself', async (length) => {
    await using file = await fileOf(length);
    const stream = createReadStream(file.path);
    const events = recordEvents(stream);
    const { bytes } = await readAll(stream);
    expect(bytes.equals(file.content)).toBe(true);
    await untilClosed(stream);
    expect(events).toEqual(['open', 'ready', 'end', 'close']);
    expect([stream.bytesRead, stream.readableEnded, stream.errored]).toEqual([length, true, null]);
    expect([stream.listenerCount('data'), isReadHere(stream), Object.hasOwn(stream, '_destroy')]).toEqual([
      0,
      false,
      false,
    ]);
  });
});

describe('a part of a file', () => {
  it.each([
    { start: 1 },
    { end: 0 },
    { end: 70 * KiB },
    { start: 10, end: 10 },
    { start: 100, end: 64 * KiB + 99 },
    { start: 64 * KiB, end: 3 * MiB - 1 },
    { start: 3 * MiB - 5, end: 9 * MiB },
    { start: 3 * MiB },
    { start: 9 * MiB },
  ])('%j is given, and nothing else is read', async ({ start, end }) => {
    await using file = await fileOf(3 * MiB);
    const stream = createReadStream(file.path, {
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
    });
    const expected = file.content.subarray(start ?? 0, (end ?? Number.POSITIVE_INFINITY) + 1);
    const { bytes, sizes } = await readAll(stream);
    expect(bytes.equals(expected)).toBe(true);
    expect([stream.bytesRead, sizes.length]).toEqual([expected.length, pieces(expected.length)]);
  });

  function pieces(length: number): number {
    return [0, 64 * KiB, 320 * KiB, 320 * KiB + MiB, 320 * KiB + 2 * MiB].filter((begin) => length > begin).length;
  }

  it('of a descriptor begins where that stands, and leaves it open behind what it has read', async () => {
    await using file = await fileOf(2 * MiB);
    const fd = openSync(file.path, 'r');
    readSync(fd, Buffer.alloc(10));
    const { bytes, sizes } = await readAll(createReadStream('', { fd, autoClose: false, end: 300 * KiB - 1 }));
    expect(bytes.equals(file.content.subarray(10, 300 * KiB + 10))).toBe(true);
    expect(sizes).toEqual([64 * KiB, 236 * KiB]);
    const next = Buffer.alloc(1);
    readSync(fd, next);
    expect(next[0]).toBe(file.content[300 * KiB + 10]);
    closeSync(fd);
  });

  it('of a descriptor with a start leaves alone where that stands, and closes it', async () => {
    await using file = await fileOf(2 * MiB);
    const stream = createReadStream('', { fd: openSync(file.path, 'r'), start: 5 });
    const { bytes, sizes } = await readAll(stream);
    expect(bytes.equals(file.content.subarray(5))).toBe(true);
    expect(sizes[1]).toBe(256 * KiB);
    await untilClosed(stream);
  });

  it('of a FileHandle is read by that, which is closed with it, or is not', async () => {
    await using file = await fileOf(2 * MiB);
    const handle = await open(file.path);
    const kept = handle.createReadStream({ start: 7, autoClose: false });
    const { bytes, sizes } = await readAll(kept);
    expect(bytes.equals(file.content.subarray(7))).toBe(true);
    expect(sizes[1]).toBe(256 * KiB);
    expect([kept.destroyed, isReadHere(kept)]).toEqual([false, false]);
    expect((await handle.read(Buffer.alloc(1))).bytesRead).toBe(1);
    const last = createReadStream('', { fd: handle });
    expect((await readAll(last)).bytes.equals(file.content.subarray(1))).toBe(true);
    await vi.waitFor(() => expect(handle.fd).toBe(-1), { interval: 1 });
  });

  it('of a FileHandle that its owner closes breaks off', async () => {
    await using file = await fileOf(2 * MiB);
    const handle = await open(file.path);
    const reader = readSource(handle.createReadStream());
    expect(await reader.next()).toHaveLength(64 * KiB);
    await handle.close();
    await expect(keepAll(reader)).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    expect(handle.fd).toBe(-1);
  });
});

describe('a file stream of what is no common file', () => {
  it('gives what comes from a pipe as it comes, to its end', async () => {
    await using pipe = await fifo();
    const stream = createReadStream(pipe.path);
    const reader = readSource(stream);
    for (const word of ['one', 'two', 'three']) {
      writeSync(pipe.end, word);
      expect(Buffer.from((await reader.next()) ?? []).toString()).toBe(word);
    }
    writeSync(pipe.end, randomBytes(50 * KiB));
    closeSync(pipe.end);
    const { sizes } = await readAll(stream, reader);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(50 * KiB);
    expect(stream.bytesRead).toBe(50 * KiB + 11);
  });

  it('gives a file of /proc, which names no size', async () => {
    const { bytes } = await readAll(createReadStream('/proc/self/status'));
    expect(bytes.toString()).toContain(`Pid:\t${process.pid}`);
  });

  it('gives a file that grows up to where it ends then', async () => {
    await using file = await fileOf(64 * KiB);
    const stream = createReadStream(file.path);
    const reader = readSource(stream);
    appendFileSync(file.path, Buffer.alloc(MiB, 1));
    const first = await reader.next();
    appendFileSync(file.path, Buffer.alloc(MiB, 2));
    const rest = await readAll(stream, reader);
    expect([first?.length, rest.bytes.length, rest.sizes[0]]).toEqual([64 * KiB, 2 * MiB, 256 * KiB]);
    expect(rest.bytes[MiB]).toBe(2);
  });
});

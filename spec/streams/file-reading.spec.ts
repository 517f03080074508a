/** Reading in place of a file stream: by memory that is lent, while the life of the stream is Node's. */
import { closeSync, createReadStream, openSync, type ReadStream, writeSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { readSource } from '../../lib/streams/source.js';
import {
  fifo,
  fileOf,
  isOpen,
  isReadHere,
  KiB,
  keepAll,
  MiB,
  readAll,
  recordEvents,
  turns,
  untilClosed,
} from './support/read-files.js';

describe('the memory of a file stream', () => {
  it('grows to a MiB, so that a small file needs no large one', async () => {
    await using file = await fileOf(2.5 * MiB);
    const { sizes, memory } = await readAll(createReadStream(file.path));
    expect(sizes).toEqual([64 * KiB, 256 * KiB, MiB, MiB, 192 * KiB]);
    expect([...memory].map(({ byteLength }) => byteLength)).toEqual([64 * KiB, 256 * KiB, MiB, MiB]);
  });

  it('is used again when it was given back', async () => {
    await using file = await fileOf(20 * MiB);
    const { bytes, memory } = await readAll(createReadStream(file.path));
    expect(bytes.equals(file.content)).toBe(true);
    expect(memory.size).toBeLessThanOrEqual(5);
  });

  it('is left alone before that', async () => {
    await using file = await fileOf(8 * MiB);
    const kept = await keepAll(readSource(createReadStream(file.path)));
    expect(Buffer.concat(kept).equals(file.content)).toBe(true);
  });

  it('is filled one chunk ahead, not more', async () => {
    await using file = await fileOf(4 * MiB);
    const stream = createReadStream(file.path);
    const reader = readSource(stream);
    expect(await reader.next()).toHaveLength(64 * KiB);
    await vi.waitFor(() => expect(stream.bytesRead).toBe(320 * KiB), { interval: 1 });
    await turns(20);
    expect([stream.bytesRead, stream.readableLength]).toEqual([320 * KiB, 0]);
    reader.cancel();
    await untilClosed(stream);
  });

  it('may be given back when nobody reads any more', async () => {
    await using file = await fileOf(MiB);
    const stream = createReadStream(file.path);
    const reader = readSource(stream);
    const chunk = (await reader.next()) ?? Buffer.alloc(0);
    reader.cancel();
    reader.giveBack?.(chunk);
    expect(await reader.next()).toBeUndefined();
    await untilClosed(stream);
  });
});

describe('a file stream that fails', () => {
  it.each([
    ['a file that is not there', '/nonexistent/file', 'ENOENT', ['error', 'close']],
    ['a directory', '/', 'EISDIR', ['open', 'ready', 'error', 'close']],
  ])('as %s tells the upload, and its listeners', async (_what, path, code, expected) => {
    const stream = createReadStream(path);
    const events = recordEvents(stream);
    const reading = readAll(stream);
    expect(isReadHere(stream)).toBe(true);
    await expect(reading).rejects.toMatchObject({ code });
    await untilClosed(stream);
    expect(events).toEqual(expected);
  });

  it('with autoClose: false tells its error, and leaves the descriptor', async () => {
    await using file = await fileOf(10);
    const fd = openSync(file.path, 'a');
    const stream = createReadStream('', { fd, autoClose: false });
    const events = recordEvents(stream);
    const reading = readAll(stream);
    expect(isReadHere(stream)).toBe(true);
    await expect(reading).rejects.toMatchObject({ code: 'EBADF', syscall: 'read' });
    expect([events, stream.destroyed, isOpen(fd)]).toEqual([['error'], false, true]);
    closeSync(fd);
  });

  it('later does so after the chunks before', async () => {
    await using file = await fileOf(2 * MiB);
    const fd = openSync(file.path, 'r');
    const stream = createReadStream('', { fd });
    const reader = readSource(stream);
    expect(await reader.next()).toHaveLength(64 * KiB);
    await vi.waitFor(() => expect(stream.bytesRead).toBe(320 * KiB), { interval: 1 });
    closeSync(fd);
    expect(await reader.next()).toHaveLength(256 * KiB);
    await expect(reader.next()).rejects.toMatchObject({ code: 'EBADF' });
    await untilClosed(stream);
  });

  it('is aborted by its signal', async () => {
    await using file = await fileOf(2 * MiB);
    const abort = new AbortController();
    const stream = createReadStream(file.path, { signal: abort.signal });
    const reader = readSource(stream);
    expect(await reader.next()).toHaveLength(64 * KiB);
    expect(isReadHere(stream)).toBe(true);
    abort.abort();
    await expect(keepAll(reader)).rejects.toMatchObject({ name: 'AbortError' });
    await untilClosed(stream);
  });
});

describe('a file stream that is left', () => {
  it.each(['at once', 'between two chunks', 'while it waits'])('%s is closed, and tells it', async (when) => {
    await using file = await fileOf(4 * MiB);
    const stream = createReadStream(file.path);
    const events = recordEvents(stream);
    const reader = readSource(stream);
    if (when !== 'at once') await reader.next();
    const waiting = when === 'between two chunks' ? undefined : reader.next();
    expect(isReadHere(stream)).toBe(true);
    reader.cancel();
    expect(await waiting).toBeUndefined();
    await untilClosed(stream);
    expect(events).toEqual(['open', 'ready', 'close']);
    expect(isReadHere(stream)).toBe(false);
  });

  it('during a read is closed when that is over, since it reads from a descriptor', async () => {
    await using pipe = await fifo();
    const stream = createReadStream(pipe.path);
    const reader = readSource(stream);
    writeSync(pipe.end, 'a');
    await reader.next();
    const { fd } = stream as ReadStream & { fd: number };
    reader.cancel();
    await turns(50);
    expect([stream.destroyed, stream.closed, isOpen(fd)]).toEqual([true, false, true]);
    writeSync(pipe.end, 'b');
    await untilClosed(stream);
    expect(stream.bytesRead).toBe(1);
    closeSync(pipe.end);
  });
});

describe('a file stream that somebody touches later', () => {
  it('gives him what it gives the upload, and he may keep it', async () => {
    await using file = await fileOf(12 * MiB);
    const stream = createReadStream(file.path);
    const reader = readSource(stream);
    const first = (await reader.next()) ?? Buffer.alloc(0);
    const start = first.length;
    const heard: Buffer[] = [];
    stream.on('data', (chunk) => heard.push(chunk as Buffer));
    const { bytes, memory } = await readAll(stream, reader);
    expect(bytes.equals(file.content.subarray(start))).toBe(true);
    expect(Buffer.concat(heard).equals(bytes)).toBe(true);
    expect(memory.size).toBeGreaterThan(10);
    expect(stream.bytesRead).toBe(file.content.length);
  });

  it('by read() gives him chunks that he may keep', async () => {
    await using file = await fileOf(12 * MiB);
    const stream = createReadStream(file.path);
    const heard: Buffer[] = [];
    const reading = readAll(stream);
    stream.on('readable', () => {
      for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) heard.push(chunk);
    });
    const { bytes } = await reading;
    expect(bytes.equals(file.content)).toBe(true);
    expect(Buffer.concat(heard).equals(bytes)).toBe(true);
  });

  it('before the upload begins is left to Node', async () => {
    await using file = await fileOf(MiB);
    const stream = createReadStream(file.path);
    const reader = readSource(stream);
    const heard: Buffer[] = [];
    stream.on('data', (chunk) => heard.push(chunk as Buffer)).pause();
    const { bytes, sizes } = await readAll(stream, reader);
    expect(bytes.equals(file.content)).toBe(true);
    expect(Buffer.concat(heard).equals(bytes)).toBe(true);
    expect(Math.max(...sizes)).toBe(64 * KiB);
  });
});

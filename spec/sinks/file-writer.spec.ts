/** The writer of a local file. */
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { FileWriter, fileSource } from '../../lib/sinks/index.js';
import { FakeFile } from '../recipes/support/fake-file.js';
import { LocalDirectory } from '../recipes/support/local-directory.js';

const text = (...parts: readonly string[]): Uint8Array[] => parts.map((part) => Buffer.from(part));

it('writes from its offset on, in order, and tells where it is', async () => {
  await using local = await LocalDirectory.make();
  await writeFile(local.at('file'), '0123456789');
  let opened = 0;
  const writer = new FileWriter(() => {
    opened += 1;
    return open(local.at('file'), 'r+');
  }, 2);
  expect(writer.position).toBe(2);
  await writer.write(text('ab', '', 'c'));
  await writer.write(text('d'));
  expect([writer.position, opened]).toEqual([6, 1]);
  await writer.sync();
  await writer.close();
  expect((await local.read('file')).toString()).toBe('01abcd6789');
});

it('writes all, however little the disk takes at a time', async () => {
  const file = new FakeFile({ shortWrites: 3 });
  const writer = new FileWriter(async () => file.handle);
  await writer.write(text('abcd', 'efg', 'h'));
  expect(Buffer.concat(file.content).toString()).toBe('abcdefgh');
  expect(writer.position).toBe(8);
});

it('lets several writers share a handle', async () => {
  await using local = await LocalDirectory.make();
  const handle: FileHandle = await open(local.at('file'), 'wx');
  const writers = [0, 3, 6].map((start) => new FileWriter(async () => handle, start));
  await Promise.all(writers.toReversed().map((writer, at) => writer.write(text(String(at).repeat(3)))));
  await handle.close();
  expect((await local.read('file')).toString()).toBe('222111000');
});

it('makes an empty file where nothing was written', async () => {
  await using local = await LocalDirectory.make();
  await new FileWriter(() => open(local.at('file'), 'wx')).close();
  expect((await local.read('file')).length).toBe(0);
});

it("rejects with Node's error", async () => {
  const missing = new FileWriter(() => open('/nowhere/file', 'wx'));
  await expect(missing.write(text('a'))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(missing.sync()).rejects.toMatchObject({ code: 'ENOENT' });
});

it.skipIf(process.platform !== 'linux')('rejects with ENOSPC on a full disk', async () => {
  const full = new FileWriter(() => open('/dev/full', 'w'));
  await expect(full.write(text('a'))).rejects.toMatchObject({ code: 'ENOSPC' });
  await full.close();
});

it.each([-1, 1.5, Number.NaN, '1'])('a source that begins at %j is refused', (start) => {
  expect(() => fileSource('a', start as number)).toThrow(expect.objectContaining({ code: 'ERR_FTP_USAGE' }));
});

it.each([-1, 1.5, Number.NaN, '1'])('a writer that begins at %j is refused', (start) => {
  const make = (): FileWriter => new FileWriter(() => open('/nowhere/file', 'wx'), start as number);
  expect(make).toThrow(expect.objectContaining({ code: 'ERR_FTP_USAGE' }));
});

it('opens the file once, also where it is closed while it is being opened', async () => {
  await using local = await LocalDirectory.make();
  const handles: FileHandle[] = [];
  const writer = new FileWriter(async () => {
    const handle = await open(local.at('file'), 'wx');
    handles.push(handle);
    return handle;
  });
  const [written, closed] = await Promise.allSettled([writer.write(text('abc')), writer.close()]);
  expect(closed.status).toBe('fulfilled');
  expect(handles.map(({ fd }) => fd)).toEqual([-1]);
  // The write was before it, or comes too late.
  expect((await local.read('file')).toString()).toBe(written.status === 'fulfilled' ? 'abc' : '');
});

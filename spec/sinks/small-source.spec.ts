/** Small local files, read whole before their upload. */
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { FileReading } from '../../lib/sinks/file-source.js';
import { readSmall, SmallSource } from '../../lib/sinks/small-source.js';
import { readSource } from '../../lib/streams/source.js';
import { LocalDirectory } from '../recipes/support/local-directory.js';

const MOST = 64 * 1024;

describe('a small file', () => {
  it.each([0, 1, MOST])('of %i bytes is read whole, with its time', async (length) => {
    await using local = await LocalDirectory.make();
    const content = Buffer.alloc(length, 'x');
    await writeFile(local.at('a'), content);
    await utimes(local.at('a'), 1, new Date(1_000_000));
    const small = await readSmall(local.at('a'), false);
    expect(Buffer.from(small?.bytes ?? []).equals(content)).toBe(true);
    expect(small?.modified).toEqual(new Date(1_000_000));
  });

  it('is none if it is large, a directory, a FIFO, a link, or not there', async () => {
    await using local = await LocalDirectory.make();
    await writeFile(local.at('large'), Buffer.alloc(MOST + 1));
    await writeFile(local.at('a'), 'a');
    await mkdir(local.at('directory'));
    await symlink('a', local.at('link'));
    execFileSync('mkfifo', [local.at('fifo')]);
    for (const name of ['large', 'directory', 'link', 'fifo', 'missing']) {
      expect(await readSmall(local.at(name), false)).toBeUndefined();
    }
    expect(await readSmall(local.at('link'), true)).toMatchObject({ bytes: Buffer.from('a') });
  });

  it.runIf(process.platform === 'linux')('is none if it does not tell its size', async () => {
    expect(await readSmall('/proc/version', false)).toBeUndefined();
  });
});

describe('the source of a small file', () => {
  it.each([
    ['', 0, []],
    ['abc', 0, ['abc']],
    ['abc', 1, ['bc']],
    ['abc', 3, []],
  ])('%j from byte %i on gives %j, as often as it is read', async (content, start, chunks) => {
    const reading: FileReading = {};
    const source = new SmallSource(Buffer.from(content), reading).from(start);
    expect([source.size, source.readsAgain]).toEqual([content.length - start, true]);
    for (const _time of [1, 2]) {
      const reader = readSource(source);
      const read: string[] = [];
      for (let chunk = await reader.next(); chunk !== undefined; chunk = await reader.next()) {
        read.push(Buffer.from(chunk).toString());
      }
      expect(read).toEqual(chunks);
      expect(reading.isRead).toBe(true);
    }
    expect([...source].join('')).toBe(content.slice(start));
  });

  it('is not read to its end when it is left before', async () => {
    const reading: FileReading = {};
    const reader = readSource(new SmallSource(Buffer.from('abc'), reading));
    await reader.next();
    reader.cancel();
    expect(await reader.next()).toBeUndefined();
    expect(reading.isRead).toBeUndefined();
  });
});

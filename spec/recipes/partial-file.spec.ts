/** The local file of a download, by itself: what is there before, while and after. */
import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/index.js';
import { PartialFile } from '../../lib/recipes/partial-file.js';
import { becomeFifo, openFilesIn } from './support/fifo.js';
import { LocalDirectory } from './support/local-directory.js';

describe('a partial file', () => {
  it('is made once, closed, and published', async () => {
    await using local = await LocalDirectory.make();
    const file = new PartialFile(local.at('it'));
    const [handle, same] = await Promise.all([file.open(), file.open()]);
    expect(handle).toBe(same);
    await handle.writeFile('content');
    await file.close();
    await file.publish();
    expect([await local.names(), (await local.read('it')).toString()]).toEqual([['it'], 'content']);
  });

  it('is empty when nothing was written to it', async () => {
    await using local = await LocalDirectory.make();
    const file = new PartialFile(local.at('it'));
    await file.close();
    await file.publish();
    expect((await local.read('it')).length).toBe(0);
  });

  it.each([
    'is not made after that',
    'is removed though it was just being made',
    'is closed and removed',
    'is removed',
  ])('that is discarded %s', async (when) => {
    await using local = await LocalDirectory.make();
    const file = new PartialFile(local.at('it'));
    if (when === 'is closed and removed') await file.open();
    else if (when === 'is removed') await file.close();
    const opening = when === 'is removed though it was just being made' ? file.open() : undefined;
    await file.discard();
    await opening;
    if (when === 'is not made after that') await expect(file.open()).rejects.toThrow('left before');
    expect(await local.names()).toEqual([]);
  });

  it.each([
    undefined,
    0o644,
  ])('that is kept is not written through what has taken its place (mode %s)', async (mode) => {
    await using local = await LocalDirectory.make();
    await writeFile(local.at('other'), 'other', { mode: 0o640 });
    await symlink('other', local.at('link'));
    becomeFifo(local.at('fifo'));
    for (const [name, kept] of [
      ['link', 5],
      ['fifo', 0],
    ] as const) {
      const file = new PartialFile(local.at('it'), { path: local.at(name), kept, mode });
      await expect(file.open()).rejects.toBeInstanceOf(FtpUsageError);
      await file.leave();
    }
    expect(openFilesIn(local.path)).toEqual([]);
    expect((await local.read('other')).toString()).toBe('other');
    expect((await stat(local.at('other'))).mode & 0o777).toBe(0o640);
  });

  it('that cannot be made leaves nothing', async () => {
    await using local = await LocalDirectory.make();
    const file = new PartialFile(local.at('missing/it'));
    await expect(file.open()).rejects.toMatchObject({ code: 'ENOENT' });
    await file.discard();
    expect(await local.names()).toEqual([]);
  });

  it('lies in the same directory, also by a link and "..", which are not taken together', async () => {
    await using local = await LocalDirectory.make();
    await mkdir(local.at('a/b'), { recursive: true });
    await symlink('a/b', local.at('link'));
    const file = new PartialFile(`${local.path}/link/../it`);
    await file.close();
    expect((await readdir(local.at('a'))).toSorted()).toEqual(['b', expect.stringMatching(/^it\..*\.part$/)]);
    await file.publish();
    expect((await readdir(local.at('a'))).toSorted()).toEqual(['b', 'it']);
  });
});

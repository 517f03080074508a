/** The local file of a download, by itself: what is there before, while and after. */
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { PartialFile } from '../../lib/recipes/partial-file.js';
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

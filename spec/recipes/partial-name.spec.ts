/** The names of partial files: which are found again, and in which directories. */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { otherPartialsOf, partialPathOf } from '../../lib/recipes/partial-name.js';
import { LocalDirectory } from './support/local-directory.js';

const disk = vi.hoisted(() => ({ failure: undefined as Error | undefined }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const readdir = (path: string): Promise<string[]> =>
    disk.failure === undefined ? real.readdir(path) : Promise.reject(disk.failure);
  return { ...real, readdir };
});

afterEach(() => {
  disk.failure = undefined;
});

const state = { path: '/a', size: 7, modified: new Date(0) };

describe('the partial files of other states', () => {
  it('are found, and those of other names are not', async () => {
    await using local = await LocalDirectory.make();
    const final = local.at('it');
    const kept = partialPathOf(final, state);
    const old = partialPathOf(final, { ...state, size: 8 });
    for (const path of [kept, old, partialPathOf(local.at('it2'), state), local.at('it.part')])
      await writeFile(path, '');
    expect((await otherPartialsOf(final, kept)).map((path) => basename(path))).toEqual([basename(old)]);
  });

  it('stay in a directory that cannot be read', async () => {
    disk.failure = Object.assign(new Error('EACCES'), { code: 'EACCES' });
    expect(await otherPartialsOf('dir/it', partialPathOf('dir/it', state))).toEqual([]);
  });

  it('cannot be in a directory that is not there', async () => {
    disk.failure = Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    await expect(otherPartialsOf('dir/it', partialPathOf('dir/it', state))).rejects.toBe(disk.failure);
  });
});

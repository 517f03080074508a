/** The two sides of a tree, by one interface: each does what the other does. */
import { lstat, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient, FtpUsageError } from '../../../lib/index.js';
import { local, remote } from '../../../lib/recipes/index.js';
import { LocalTree } from '../../../lib/recipes/tree/local-tree.js';
import { openPlace } from '../../../lib/recipes/tree/open-place.js';
import type { TreePlace } from '../../../lib/recipes/tree/tree-place.js';
import { testServer } from '../../../lib/testing/index.js';
import { LocalDirectory } from '../support/local-directory.js';

interface Stage extends AsyncDisposable {
  readonly tree: TreePlace;
}

const SIDES: readonly [string, () => Promise<Stage>][] = [
  [
    'local',
    async () => {
      const directory = await LocalDirectory.make();
      return {
        tree: openPlace(local(directory.path), 'a spec'),
        [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
      };
    },
  ],
  ...['/top', 'top', 'top/'].map((directory): [string, () => Promise<Stage>] => [
    `remote, ${directory}`,
    async () => {
      const server = await testServer({ files: { '/top/': '' } });
      const ftp = new FtpClient(server.options);
      return {
        tree: openPlace(remote(ftp, directory), 'a spec'),
        async [Symbol.asyncDispose]() {
          await ftp[Symbol.asyncDispose]();
          await server[Symbol.asyncDispose]();
        },
      };
    },
  ]),
];

describe.each(SIDES)('the %s side', (_side, open) => {
  it('makes, writes, tells, renames, reads and removes', async () => {
    await using at = await open();
    const { tree } = at;
    await tree.makeDirectory('d');
    await tree.writeSmall('d/a', Buffer.from('text'));
    expect(await tree.stat('d/a')).toMatchObject({ name: 'a', kind: 'file', size: 4 });
    expect(await tree.stat('d')).toMatchObject({ name: 'd', kind: 'directory' });
    const time = new Date('2024-02-03T04:05:06Z');
    await tree.setTime('d/a', time);
    await tree.rename('d/a', 'b');
    expect((await tree.stat('b'))?.modified).toEqual(time);
    expect(await tree.stat('d/a')).toBeUndefined();
    expect(Buffer.from((await tree.readSmall('b', 4)) ?? []).toString()).toBe('text');
    await expect(tree.readSmall('b', 3)).rejects.toThrow(FtpUsageError);
    expect(await tree.readSmall('none', 3)).toBeUndefined();
    const entries = await lastValueFrom(tree.list('').pipe(toArray()));
    expect(entries.map(({ name }) => name).toSorted()).toEqual(['b', 'd']);
    await tree.removeFile('b');
    await tree.removeDirectory('d');
    await expect(tree.removeFile('b')).rejects.toThrow();
    expect(await lastValueFrom(tree.list('').pipe(toArray()))).toEqual([]);
  });
});

describe('the local side', () => {
  it('writes nothing through a link, and nothing outside', async () => {
    await using directory = await LocalDirectory.make();
    await mkdir(directory.at('top'));
    await mkdir(directory.at('out'));
    await writeFile(directory.at('out/x'), 'precious');
    await symlink('../out', directory.at('top/link'));
    const tree = openPlace(local(directory.at('top')), 'a spec');
    const bytes = Buffer.from('new');
    const writes: readonly (() => Promise<void>)[] = [
      () => tree.writeSmall('link/y', bytes),
      () => tree.writeSmall('../out/y', bytes),
      () => tree.writeSmall('/etc/y', bytes),
      () => tree.writeSmall('a\0', bytes),
      () => tree.makeDirectory('link/d'),
      () => tree.removeFile('link/x'),
      () => tree.removeFile('../out/x'),
      () => tree.rename('link/x', 'x'),
      () => tree.rename('link', 'link/d/x'),
      () => tree.setTime('link', new Date(0)),
      () => tree.removeDirectory('..'),
    ];
    for (const write of writes) await expect(write()).rejects.toThrow(FtpUsageError);
    expect(await directory.names()).toEqual(['out', 'top']);
    expect((await directory.read('out/x')).toString()).toBe('precious');
    await tree.removeFile('link');
    expect((await lstat(directory.at('out'))).isDirectory()).toBe(true);
  });

  it('copies nothing through a link that has just taken the place of a directory', async () => {
    await using directory = await LocalDirectory.make();
    await mkdir(directory.at('d'));
    const tree = new LocalTree(local(directory.path));
    await tree.requireInside('d/a');
    await expect(tree.requireInside('d/..')).rejects.toThrow('leads to another directory');
    await rename(directory.at('d'), directory.at('other'));
    await symlink('other', directory.at('d'));
    for (const _time of [1, 2]) await expect(tree.requireInside('d/a')).rejects.toThrow('symbolic link');
    await expect(tree.requireInside('other/a')).resolves.toBeUndefined();
  });

  it('tells all files that wait for a look of its failure, and looks anew for the next', async () => {
    await using directory = await LocalDirectory.make();
    await mkdir(directory.at('other'));
    await symlink('other', directory.at('d'));
    const tree = new LocalTree(local(directory.path));
    const together = await Promise.allSettled([tree.requireInside('d/a'), tree.requireInside('d/b')]);
    expect(together).toMatchObject(Array(2).fill({ status: 'rejected', reason: { name: 'FtpUsageError' } }));
    await rename(directory.at('d'), directory.at('link'));
    await mkdir(directory.at('d'));
    await expect(tree.requireInside('d/c')).resolves.toBeUndefined();
  });

  it('does not overwrite by writeSmall', async () => {
    await using directory = await LocalDirectory.make();
    await writeFile(directory.at('a'), 'old');
    await symlink('b', directory.at('link'));
    const tree = openPlace(local(directory.path), 'a spec');
    for (const path of ['a', 'link']) {
      await expect(tree.writeSmall(path, Buffer.from('new'))).rejects.toMatchObject({ code: 'EEXIST' });
    }
    expect(await directory.names()).toEqual(['a', 'link']);
  });

  it('tells of a name that is no UTF-8, and gives the others', { skip: process.platform !== 'linux' }, async () => {
    await using directory = await LocalDirectory.make();
    await writeFile(Buffer.concat([Buffer.from(directory.at('a')), Buffer.from([0xff])]), '');
    await writeFile(directory.at('b'), '');
    const told: string[] = [];
    const tree = openPlace(local(directory.path), 'a spec');
    const entries = await lastValueFrom(
      tree.list('', { onUnreadable: (name) => void told.push(name) }).pipe(toArray()),
    );
    expect(entries.map(({ name }) => name)).toEqual(['b']);
    expect(told).toEqual(['a\udcff']);
  });
});

describe('a place', () => {
  const ftp = new FtpClient('ftp://127.0.0.1:1/');

  it.each([
    () => local(''),
    () => local('a\0'),
    () => local(undefined as never),
    () => remote(ftp, 'a\nb'),
    () => remote(ftp, 5 as never),
    () => remote('/pub' as never),
    () => remote(undefined as never),
    () => openPlace({ side: 'other' } as never, 'a spec'),
    () => openPlace(null as never, 'a spec'),
  ])('that is none is refused: %s', (make) => {
    expect(make).toThrow(FtpUsageError);
  });

  it('is a value', () => {
    expect(local('a')).toEqual({ side: 'local', directory: 'a' });
    expect(remote(ftp)).toEqual({ side: 'remote', directory: '', ftp });
    expect(Object.isFrozen(local('a'))).toBe(true);
  });

  it('has paths on a server that are no options and no homes', () => {
    expect(openPlace(remote(ftp), 'a spec').at('-R')).toBe('./-R');
    expect(openPlace(remote(ftp), 'a spec').at('')).toBe('.');
    expect(openPlace(remote(ftp, '/'), 'a spec').at('a')).toBe('/a');
  });
});

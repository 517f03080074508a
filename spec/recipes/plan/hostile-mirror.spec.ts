/**
 * `mirror$` from a server that lists forty hostile names, in each format of listings, with the rules of POSIX and of Windows: nothing
 * comes about outside of the root, each hostile name is a failed step, and the rest is there.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FtpProtocolError } from '../../../lib/index.js';
import { FtpTreeError, local, type MirrorEvent, mirror$, remote } from '../../../lib/recipes/index.js';
import { observe } from '../../support/observe.js';
import { LocalDirectory } from '../support/local-directory.js';
import { DISKS, FLAT_FORMATS, FORMATS } from '../tree/support/hostile-listings.js';
import { listingStage } from '../tree/support/listing-server.js';
import { HostileTree } from './support/hostile-tree.js';

const platform = process.platform;
const setPlatform = (value: NodeJS.Platform): void => void Object.defineProperty(process, 'platform', { value });

afterEach(() => setPlatform(platform));

const pathsOf = (events: readonly MirrorEvent[], result: string): { path: string; error: unknown }[] =>
  events.flatMap((event) =>
    event.type === 'step' && event.result === result ? [{ path: event.step.path, error: event.error }] : [],
  );

/** All below `directory`; a directory ends with a slash. */
async function treeOf(directory: string): Promise<string[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const below = found.map((each) => ({
    path: posix.join(each.parentPath, each.name).slice(directory.length + 1),
    each,
  }));
  return below.map(({ path, each }) => (each.isDirectory() ? `${path}/` : path)).toSorted();
}

const FORMAT_TREES = await Promise.all(
  [...FORMATS, ...FLAT_FORMATS].map(async (format) => ({ format, tree: await HostileTree.of(format) })),
);

/** `onError` acts behind the listings, so it is tried with three formats. */
const CASES = FORMAT_TREES.flatMap(({ format, tree }, at) =>
  DISKS.flatMap((disk) =>
    (at < 3 ? (['stop', 'continue'] as const) : (['stop'] as const)).map((onError) => ({
      ...disk,
      format,
      tree,
      onError,
    })),
  ),
);

describe('mirror$ from a server that lists hostile names', () => {
  it.each(CASES)('in $format.name, to a disk of $platform, with onError: $onError', async (each) => {
    const { format, tree, rules, onError } = each;
    setPlatform(each.platform);
    await using outside = await LocalDirectory.make();
    await using stage = await listingStage(format.verb, tree.listings, { maxSessions: 2 });
    stage.server.on('RETR', async (session) => {
      await session.reply('150 Here it comes.');
      await session.sendData('x');
      await session.reply('226 Done.');
    });
    const root = outside.at('deep/root');
    const mirror = observe(mirror$(remote(stage.ftp, '/top'), local(root), { onError }), { name: 'mirror$' });
    const error = await mirror.failed;
    expect(new Set(stage.listed)).toEqual(new Set(Object.keys(tree.listings).filter((path) => path !== '/')));
    expect(await treeOf(root)).toEqual(tree.localPaths(rules));
    expect((await treeOf(outside.path)).filter((path) => !path.startsWith('deep/root/'))).toEqual(['deep/']);
    for (const path of tree.localPaths(rules)) {
      if (!path.endsWith('/')) expect(await readFile(posix.join(root, path), 'utf8')).toBe('x');
    }
    const failed = pathsOf(mirror.values, 'failed');
    expect(failed.map(({ path }) => path).toSorted()).toEqual(tree.failures(rules));
    for (const one of failed) expect(one.error).toBeInstanceOf(FtpProtocolError);
    expect(error).toBeInstanceOf(FtpTreeError);
    expect((error as FtpTreeError).errors.map(({ path }) => path).toSorted()).toEqual(tree.failures(rules));
  });

  it('has most names as such where a format can tell them, as files and as directories', () => {
    const told = Object.fromEntries(FORMAT_TREES.map(({ format, tree }) => [format.name, tree.told]));
    expect(told).toEqual({
      ...{ MLSD: 70, 'MLSD as an answer to LIST': 70, 'ls -l': 69, 'dir of Windows': 70, EPLF: 70, NetWare: 70 },
      ...{ 'OS/2': 70, 'OS/400': 69, 'MacOS of old': 70, VMS: 27, 'data sets of z/OS': 10, 'members of z/OS': 3 },
      ...{ 'HP NonStop': 5, 'Connect:Enterprise': 35, 'names alone': 19 },
    });
  });
});

describe('mirror$ to a server that lists hostile names', () => {
  it.each(FORMAT_TREES)('in $format.name removes nothing outside of its root, and the rest', async ({
    format,
    tree,
  }) => {
    await using here = await LocalDirectory.make();
    await using stage = await listingStage(format.verb, tree.listings, { maxSessions: 2 });
    await writeFile(here.at('own'), 'x');
    const touched: string[] = [];
    for (const verb of ['DELE', 'RMD', 'MKD', 'RNFR', 'RNTO', 'STOR'] as const) {
      stage.server.on(verb, (session, path, { byDefault }) => {
        touched.push(path);
        // A directory with files is refused, and all else is removed.
        if (verb === 'DELE' || verb === 'RMD')
          return session.reply(stage.server.tree.isDirectory(path) ? '550 No.' : '250 Done.');
        return byDefault();
      });
    }
    const mirror = observe(mirror$(local(here.path), remote(stage.ftp, '/top'), { delete: true, onError: 'continue' }));
    expect(await mirror.failed).toBeInstanceOf(FtpTreeError);
    for (const path of touched) {
      expect(posix.normalize(path)).toMatch(/^\/top\/./);
      expect(win32.normalize(path)).toMatch(/^\\top\\./);
    }
    const { suffix = '', tellsNoKinds } = format;
    if (tellsNoKinds !== true)
      expect(touched).toEqual(expect.arrayContaining([`/top/D0/B${suffix}`, `/top/D0/Z${suffix}`]));
    expect(touched.filter((path) => path.startsWith('/top/Q0/'))).toEqual([]);
    expect(stage.server.tree.text('/top/own')).toBe('x');
  });
});

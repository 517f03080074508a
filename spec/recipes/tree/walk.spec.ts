/** `walk$`: all of a tree, whatever becomes of single directories. */
import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FtpClient } from '../../../lib/index.js';
import { local, remote, walk$ } from '../../../lib/recipes/index.js';
import { testServer } from '../../../lib/testing/index.js';
import { observe } from '../../support/observe.js';
import { LocalDirectory } from '../support/local-directory.js';

const FILES = { '/a.txt': '1', '/d/b.txt': '22', '/d/e/c.txt': '333', '/d/e/f/': '', '/.hidden': '', '/z/': '' };
const PATHS = ['.hidden', 'a.txt', 'd', 'd/b.txt', 'd/e', 'd/e/c.txt', 'd/e/f', 'z'];

/** A place with `FILES`, closed at the end. */
interface Stage extends AsyncDisposable {
  readonly place: ReturnType<typeof local> | ReturnType<typeof remote>;
}

async function localStage(): Promise<Stage> {
  const directory = await LocalDirectory.make();
  for (const [path, content] of Object.entries(FILES)) {
    const at = directory.at(path);
    if (path.endsWith('/')) await mkdir(at, { recursive: true });
    else {
      await mkdir(`${at}/..`.replace(/[^/]+\/\.\.$/, ''), { recursive: true });
      await writeFile(at, content);
    }
  }
  return { place: local(directory.path), [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

async function remoteStage(listing: 'mlsd' | 'unix' | 'dos', maxSessions: number): Promise<Stage> {
  const server = await testServer({ files: FILES, listing });
  const ftp = new FtpClient({ ...server.options, maxSessions });
  return {
    place: remote(ftp, '/'),
    async [Symbol.asyncDispose]() {
      await ftp[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const STAGES: readonly [string, () => Promise<Stage>][] = [
  ['local', localStage],
  ['remote, MLSD', () => remoteStage('mlsd', 1)],
  ['remote, MLSD, three sessions', () => remoteStage('mlsd', 3)],
  ['remote, LIST of Unix', () => remoteStage('unix', 2)],
  ['remote, LIST of Windows', () => remoteStage('dos', 1)],
];

describe.each(STAGES)('walk$ %s', (_name, stage) => {
  it('emits each file and directory once, and a directory before what is in it', async () => {
    await using at = await stage();
    const entries = await observe(walk$(at.place)).settled;
    expect(entries.map(({ path }) => path).toSorted()).toEqual(PATHS);
    for (const { path, depth, name } of entries) {
      expect({ depth, name }).toEqual({ depth: path.split('/').length - 1, name: path.split('/').at(-1) });
    }
    const order = entries.map(({ path }) => path);
    expect(order.indexOf('d')).toBeLessThan(order.indexOf('d/e'));
    expect(entries.find(({ path }) => path === 'd/b.txt')).toMatchObject({ kind: 'file', size: 2 });
  });
});

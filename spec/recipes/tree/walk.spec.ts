/** `walk$`: all of a tree, whatever becomes of single directories. */
import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FtpClient, FtpReplyError, FtpUsageError } from '../../../lib/index.js';
import { local, remote, type TreeEntry, walk$ } from '../../../lib/recipes/index.js';
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

const pathsOf = (entries: readonly TreeEntry[]): string[] => entries.map(({ path }) => path).toSorted();

describe.each(STAGES)('walk$ %s', (_name, stage) => {
  it('emits each file and directory once, and a directory before what is in it', async () => {
    await using at = await stage();
    const entries = await observe(walk$(at.place)).settled;
    expect(pathsOf(entries)).toEqual(PATHS);
    for (const { path, depth, name } of entries) {
      expect({ depth, name }).toEqual({ depth: path.split('/').length - 1, name: path.split('/').at(-1) });
    }
    const order = entries.map(({ path }) => path);
    expect(order.indexOf('d')).toBeLessThan(order.indexOf('d/e'));
    expect(entries.find(({ path }) => path === 'd/b.txt')).toMatchObject({ kind: 'file', size: 2 });
  });

  it.each([
    [0, ['.hidden', 'a.txt', 'd', 'z']],
    [1, ['.hidden', 'a.txt', 'd', 'd/b.txt', 'd/e', 'z']],
    [Number.POSITIVE_INFINITY, PATHS],
  ])('goes %f deep', async (depth, paths) => {
    await using at = await stage();
    expect(pathsOf(await observe(walk$(at.place, { depth })).settled)).toEqual(paths);
  });

  it('leaves out what the filter refuses, with all below it', async () => {
    await using at = await stage();
    const filter = ({ name }: TreeEntry): boolean => name !== 'e' && !name.startsWith('.');
    expect(pathsOf(await observe(walk$(at.place, { filter })).settled)).toEqual(['a.txt', 'd', 'd/b.txt', 'z']);
  });

  it('errors with what the filter throws, at once', async () => {
    await using at = await stage();
    const mine = new Error('mine');
    const filter = (): boolean => {
      throw mine;
    };
    const walk = observe(walk$(at.place, { filter }));
    expect(await walk.failed).toBe(mine);
    expect(walk.values).toEqual([]);
  });

  it('can be read by for await, and left in the middle', async () => {
    await using at = await stage();
    const seen: string[] = [];
    for await (const { path } of walk$(at.place)) {
      seen.push(path);
      if (seen.length === 3) break;
    }
    expect(seen).toHaveLength(3);
    const all: string[] = [];
    for await (const { path } of walk$(at.place)) all.push(path);
    expect(all.toSorted()).toEqual(PATHS);
  });

  it('ends with the reason of its signal', async () => {
    await using at = await stage();
    const controller = new AbortController();
    const walk = observe(walk$(at.place, { signal: controller.signal }), {
      next: () => controller.abort(new Error('enough')),
    });
    expect(await walk.failed).toMatchObject({ message: 'enough' });
    expect(walk.values).toHaveLength(1);
  });

  it('sends nothing further once it is left', async () => {
    await using at = await stage();
    const walk = observe(walk$(at.place), { next: (_entry, observation) => observation.unsubscribe() });
    expect(await walk.ended).toBe('unsubscribed');
    expect(walk.values).toHaveLength(1);
  });
});

describe('walk$', () => {
  const ftp = new FtpClient('ftp://127.0.0.1:1/');

  it.each([
    ['an unknown option', () => walk$(local('.'), { maxDepth: 3 } as object)],
    ['a depth below 0', () => walk$(local('.'), { depth: -1 })],
    ['a depth that is none', () => walk$(local('.'), { depth: Number.NaN })],
    ['no concurrency', () => walk$(local('.'), { concurrency: 0 })],
    ['a filter that is a pattern', () => walk$(local('.'), { filter: '*.txt' as never })],
    ['another choice for links', () => walk$(remote(ftp, '/'), { links: 'skip' as never })],
    ['a path in place of a place', () => walk$('/pub' as never)],
    ['nothing', () => walk$(undefined as never)],
  ])('refuses %s, with nothing sent', async (_what, walk) => {
    expect(await observe(walk()).failed).toBeInstanceOf(FtpUsageError);
  });

  it('errors with the refusal itself, where the root cannot be listed', async () => {
    await using server = await testServer({ files: { '/a': '' } });
    await using client = new FtpClient(server.options);
    expect(await observe(walk$(remote(client, '/none'))).failed).toBeInstanceOf(FtpReplyError);
    expect(await observe(walk$(remote(client, '/a'))).failed).toBeInstanceOf(FtpReplyError);
    await using directory = await LocalDirectory.make();
    expect(await observe(walk$(local(directory.at('none')))).failed).toMatchObject({ code: 'ENOENT' });
  });

  it('errors as the login does', async () => {
    await using server = await testServer({ user: 'me', password: 'right' });
    await using client = new FtpClient({ ...server.options, password: 'wrong' });
    const error = await observe(walk$(remote(client, '/'))).failed;
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ reply: { code: 530 } });
  });
});

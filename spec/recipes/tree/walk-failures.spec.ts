/** Checks a walk with a directory that fails, with links, and with a slow consumer. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { FtpConnectionError, FtpProtocolError, FtpReplyError } from '../../../lib/index.js';
import { FtpTreeError, local, remote, type TreeEntry, walk$ } from '../../../lib/recipes/index.js';
import { openPlace } from '../../../lib/recipes/tree/open-place.js';
import { readTree, type TreeEvent } from '../../../lib/recipes/tree/read-tree.js';
import { observe } from '../../support/observe.js';
import { LocalDirectory } from '../support/local-directory.js';
import { fact, listingStage } from './support/listing-server.js';

const pathsOf = (entries: readonly TreeEntry[]): string[] => entries.map(({ path }) => path).toSorted();
const everything = { concurrency: 4, links: 'show', visit: () => ({ shown: true, entered: true }) } as const;

async function failed(walk: ReturnType<typeof walk$>): Promise<{ paths: string[]; error: FtpTreeError }> {
  const observation = observe(walk);
  const error = await observation.failed;
  expect(error).toBeInstanceOf(FtpTreeError);
  return { paths: pathsOf(observation.values), error: error as FtpTreeError };
}

describe('a directory that cannot be listed', () => {
  it('costs itself alone: the rest is emitted, and then the error tells its path', async () => {
    const dirs = [fact('dir', 'bad'), fact('dir', 'good'), fact('dir', 'worse')];
    await using stage = await listingStage('MLSD', { '/': dirs, '/good': [fact('file', 'x')] });
    for (const path of ['/bad', '/worse']) stage.server.tree.makeDirectory(path);
    const { paths, error } = await failed(walk$(remote(stage.ftp, '/')));
    expect(paths).toEqual(['bad', 'good', 'good/x', 'worse']);
    expect(error).toMatchObject({ code: 'ERR_FTP_TREE', count: 2, transient: false });
    expect(error.message).toContain('"bad"');
    expect(error.errors.map(({ path }) => path).toSorted()).toEqual(['bad', 'worse']);
    for (const each of error.errors) {
      expect(each).toBeInstanceOf(FtpReplyError);
      expect(each).toMatchObject({ reply: { code: 550 } });
    }
  });

  it('is told of a local one, by its path in the tree', { skip: process.getuid?.() === 0 }, async () => {
    await using directory = await LocalDirectory.make();
    await mkdir(directory.at('closed'), { mode: 0 });
    await writeFile(directory.at('a'), '');
    const { paths, error } = await failed(walk$(local(directory.path)));
    expect(paths).toEqual(['a', 'closed']);
    expect(error.errors).toMatchObject([{ code: 'EACCES', path: 'closed' }]);
    await chmod(directory.at('closed'), 0o700);
  });

  it('is one whose connection was lost, and the walk goes on by another', async () => {
    const rows = [fact('dir', 'cut'), fact('dir', 'good')];
    await using stage = await listingStage('MLSD', { '/': rows, '/cut': [], '/good': [fact('file', 'x')] });
    stage.server.on('CWD', async (session, argument, { byDefault }) => {
      if (argument === '/cut') return session.closeControl('rst');
      return byDefault();
    });
    stage.server.features = ['MLST type*;size*;modify*;'];
    stage.server.on('MLSD', async (session, argument, { byDefault }) => {
      if (argument === '/cut' || session.state.directory === '/cut') return session.closeControl('rst');
      return byDefault();
    });
    stage.server.tree.makeDirectory('/good/x');
    const { paths, error } = await failed(walk$(remote(stage.ftp, '/')));
    expect(paths).toEqual(['cut', 'good', 'good/x']);
    expect(error.errors).toMatchObject([{ path: 'cut', transient: true }]);
    expect(error.errors[0]).toBeInstanceOf(FtpConnectionError);
    expect(error.transient).toBe(true);
  });

  it('is one with a row that was not understood, whose other entries are emitted', async () => {
    const row = '-rw-r--r--   1 ftp      ftp             1 Feb  3  2024 good';
    const dir = 'drwxr-xr-x   2 ftp      ftp          4096 Feb  3  2024 sub';
    await using stage = await listingStage('LIST', { '/': [dir, row], '/sub': [row, 'total nonsense, this', row] });
    const { paths, error } = await failed(walk$(remote(stage.ftp, '/')));
    expect(paths.filter((path) => path.startsWith('sub/')).length).toBeGreaterThan(0);
    expect(error.errors).toMatchObject([{ path: 'sub', unparsed: ['total nonsense, this'] }]);
    expect(error.errors[0]).toBeInstanceOf(FtpProtocolError);
  });

  it('is told to other recipes as an incomplete one, unlike a bad name', async () => {
    const rows = [fact('dir', 'sub'), fact('file', 'a/b'), 'no facts'];
    await using stage = await listingStage('MLSD', { '/top': rows, '/top/sub': [] });
    const events = await observe(readTree(openPlace(remote(stage.ftp, '/top'), 'a spec'), everything)).settled;
    const told = events.map((event: TreeEvent) =>
      event.type === 'entry' ? event.entry.path : [event.type, event.path, 'listing' in event && event.listing],
    );
    expect(told).toEqual(['sub', ['failed', 'a/b', false], ['failed', '', true], ['listed', 'sub', false]]);
  });

  it('is one deeper than a tree can be by itself', async () => {
    await using stage = await listingStage('MLSD', { '/': [] }, { maxCommandBytes: 4096 });
    stage.server.on('MLSD', async (session) => {
      await session.reply('150 Here it comes.');
      await session.sendData(`${fact('dir', 'd')}\r\n`);
      await session.reply('226 Done.');
    });
    stage.server.on('CWD', (session, argument) => {
      session.state.directory = argument;
      return session.reply('250 Ok.');
    });
    const { paths, error } = await failed(walk$(remote(stage.ftp, '/')));
    // Those of depth 0 to 255; the last one is not listed.
    expect(paths).toHaveLength(256);
    expect(error.errors).toMatchObject([{ message: expect.stringContaining('255') }]);
  }, 30_000);
});

describe('links', () => {
  async function linked(): Promise<LocalDirectory> {
    const directory = await LocalDirectory.make();
    await mkdir(directory.at('d/e'), { recursive: true });
    await writeFile(directory.at('d/a'), '12');
    await symlink('d', directory.at('to-d'));
    await symlink('d/a', directory.at('to-a'));
    await symlink('..', directory.at('d/e/up'));
    await symlink('nowhere', directory.at('dead'));
    await symlink('self', directory.at('self'));
    return directory;
  }

  it('are shown as links of this machine, and not entered', async () => {
    await using directory = await linked();
    const entries = await observe(walk$(local(directory.path))).settled;
    expect(pathsOf(entries)).toEqual(['d', 'd/a', 'd/e', 'd/e/up', 'dead', 'self', 'to-a', 'to-d']);
    expect(entries.find(({ path }) => path === 'to-d')).toMatchObject({ kind: 'symlink', target: 'd' });
  });

  it('are followed, and a loop is met once', async () => {
    await using directory = await linked();
    const entries = await observe(walk$(local(directory.path), { links: 'follow' })).settled;
    const below = ['to-d', 'to-d/a', 'to-d/e', 'to-d/e/up'];
    expect(pathsOf(entries)).toEqual(['d', 'd/a', 'd/e', 'd/e/up', 'dead', 'self', 'to-a', ...below]);
    const kinds = new Map(entries.map(({ path, kind }) => [path, kind]));
    expect(kinds.get('to-d')).toBe('directory');
    expect(kinds.get('d/e/up')).toBe('directory');
    expect(kinds.get('dead')).toBe('symlink');
    expect(kinds.get('self')).toBe('symlink');
    expect(entries.find(({ path }) => path === 'to-a')).toMatchObject({ kind: 'file', size: 2, target: 'd/a' });
  });

  const row = (kind: string, name: string): string =>
    `${kind}rwxr-xr-x   2 ftp      ftp            12 Feb  3  2024 ${name}`;

  it('are followed on a server, and a loop is met once', async () => {
    await using stage = await listingStage('LIST', {
      '/top': [row('d', 'd'), row('l', 'to-d -> d'), row('l', 'to-a -> d/a'), row('l', 'dead -> nowhere')],
      '/top/d': [row('-', 'a'), row('l', 'up -> ..'), row('l', 'self -> /top/d')],
      '/top/to-d': [row('-', 'a'), row('l', 'up -> ..'), row('l', 'self -> /top/d')],
      '/top/d/up': [],
      '/top/d/self': [],
      '/top/to-d/up': [],
      '/top/to-d/self': [],
    });
    stage.server.tree.write('/top/to-a', Buffer.from('12'));
    const entries = await observe(walk$(remote(stage.ftp, '/top'), { links: 'follow' })).settled;
    const kinds = Object.fromEntries(entries.map(({ path, kind }) => [path, kind]));
    expect(kinds).toEqual({
      d: 'directory',
      'd/a': 'file',
      'd/up': 'directory',
      'd/self': 'directory',
      'to-d': 'directory',
      'to-d/a': 'file',
      'to-d/up': 'directory',
      'to-d/self': 'directory',
      'to-a': 'file',
      dead: 'symlink',
    });
    expect(entries.find(({ path }) => path === 'to-a')).toMatchObject({ size: 2 });
    expect(stage.listed.filter((path) => /\/(up|self)$/.test(path))).toEqual([]);
  });

  it('that a server shows as directories are entered until their number comes again', async () => {
    const up = fact('dir', 'up', 'unique=8U1;');
    await using stage = await listingStage('MLSD', {
      '/top': [fact('dir', 'd', 'unique=8U1;')],
      '/top/d': [fact('dir', 'e', 'unique=8U2;'), up],
      '/top/d/e': [fact('file', 'x', 'unique=8U3;'), up],
    });
    const entries = await observe(walk$(remote(stage.ftp, '/top'))).settled;
    expect(pathsOf(entries)).toEqual(['d', 'd/e', 'd/e/up', 'd/e/x', 'd/up']);
  });
});

describe('a slow consumer', () => {
  it('holds the walk: no further directory is listed while a value waits', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    await using stage = await listingStage('MLSD', {
      '/': names.map((name) => fact('dir', name)),
      ...Object.fromEntries(names.map((name) => [`/${name}`, [fact('file', 'x')]])),
    });
    const iterator = walk$(remote(stage.ftp, '/'))[Symbol.asyncIterator]();
    await iterator.next();
    // The session is free for the consumer's own work, which takes its turn behind all that the walk has asked for.
    await observe(stage.ftp.size$('/')).ended;
    await observe(stage.ftp.noop$()).settled;
    expect(stage.listed).toEqual(['/']);
    for (let entry = await iterator.next(); entry.done !== true; entry = await iterator.next()) {
      await observe(stage.ftp.noop$()).settled;
    }
    expect(stage.listed).toHaveLength(6);
  });
});

describe('several sessions', () => {
  it('list several directories at a time, and no more than the concurrency', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const rows = Object.fromEntries(names.map((name) => [`/${name}`, [fact('file', 'x')]]));
    await using stage = await listingStage(
      'MLSD',
      { '/': names.map((name) => fact('dir', name)), ...rows },
      { maxSessions: 3 },
    );
    const { server } = stage;
    let running = 0;
    const together: number[] = [];
    // The first of them waits until the third has come.
    const third = server.received('MLSD', 4);
    server.on('MLSD', async (session, argument) => {
      const path = argument.startsWith('/') ? argument : session.state.directory;
      running += 1;
      together.push(running);
      if (path !== '/') await third;
      await session.reply('150 Here it comes.');
      await session.sendData(
        `${(path === '/' ? names.map((name) => fact('dir', name)) : rows[path])?.join('\r\n')}\r\n`,
      );
      running -= 1;
      await session.reply('226 Done.');
    });
    const entries = await observe(walk$(remote(stage.ftp, '/'), { concurrency: 3 })).settled;
    expect(entries).toHaveLength(12);
    expect(Math.max(...together)).toBe(3);
  });
});

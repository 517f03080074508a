/**
 * A tree of awkward names, empty files, deep directories, links and a loop: mirrored up to real servers, changed, mirrored again, and down;
 * and from one server to another. Trees are equal by their bytes, and a second run plans nothing.
 */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient } from '../../lib/index.js';
import {
  local,
  type MirrorOptions,
  mirror$,
  type Place,
  plan$,
  type RemotePlace,
  remote,
} from '../../lib/recipes/index.js';
import { endAfterEach } from '../support/endings.js';
import { Random } from '../support/random.js';
import { account } from '../support/real-servers/account.js';
import { describeServers } from '../support/real-servers/describe-servers.js';
import type { RealServer, ServerName } from '../support/real-servers/real-server.js';
import { startServer } from '../support/real-servers/start-server.js';

const endLater = endAfterEach();
const OLD = new Date('2024-05-06T07:08:09Z');
const all: MirrorOptions = { delete: true };

const files = [
  ...[
    'empty',
    'a b',
    '-l',
    "it's",
    '"quoted"',
    '.hidden',
    '#',
    '%41',
    '[x]',
    '{a,b}',
    'a;b',
    '$HOME',
    '~',
    '(1)',
    '&',
    '!',
    '=',
    ',',
  ],
  ...[
    'grüße 日本.txt',
    `${'x'.repeat(150)}.txt`,
    'type=file',
    'total 8',
    'd/e/f/g/h/i/deep',
    'd/a',
    'd.txt',
    'd/-la/x',
    'in [x]/y',
    'CAPS/z',
  ],
];

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rxftp-mirrors-'));
  endLater(() => rm(directory, { recursive: true }));
  return directory;
}

async function put(root: string, path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
  await utimes(join(root, path), OLD, OLD);
}

/** A tree on the local disk, whose bytes depend on the seed. */
async function makeTree(root: string, seed: number): Promise<void> {
  const random = new Random(seed);
  for (const path of files) await put(root, path, path === 'empty' ? '' : random.bytes(random.below(20_000)));
  await mkdir(join(root, 'nothing/in it'), { recursive: true });
}

/** Links to a file, to nothing, and back to the root: they are told and skipped. */
async function addLinks(root: string): Promise<void> {
  await symlink('a b', join(root, 'link to a file'));
  await symlink('none', join(root, 'link to nothing'));
  await symlink('..', join(root, 'd/loop'));
}

/** Some files are changed, some removed, and some are new. */
async function changeTree(root: string): Promise<void> {
  const random = new Random(77);
  await put(root, 'd/a', random.bytes(30_000));
  await put(root, 'a b', '');
  await put(root, 'new/in [x]/it', 'new');
  await rm(join(root, 'd/e'), { recursive: true });
  await rm(join(root, 'grüße 日本.txt'));
  await rm(join(root, 'd.txt'));
  await put(root, 'd.txt/now a directory', 'x');
}

/** Every file by its checksum, and every directory; links are left out. */
async function treeOf(root: string, below = ''): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) found.push(`${path}/`, ...(await treeOf(root, path)));
    else if (entry.isFile())
      found.push(
        `${path} ${createHash('sha256')
          .update(await readFile(join(root, path)))
          .digest('hex')}`,
      );
  }
  return below === '' ? found.toSorted() : found;
}

async function start(
  name: ServerName,
  tls: false | 'explicit',
  extra: readonly string[] = [],
): Promise<{ server: RealServer; place: (path: string) => RemotePlace }> {
  const server = await startServer(name, { tls, logCommands: false, extra });
  endLater(() => server.stop());
  await mkdir(join(server.root, 'tree'));
  await server.adopt();
  const { host, port, ca } = server;
  const { user, password } = account;
  const secure = ca === undefined ? {} : ({ secure: 'explicit', tls: { ca } } as const);
  const ftp = new FtpClient({ host, port, user, password, maxSessions: 3, ...secure });
  endLater(() => ftp[Symbol.asyncDispose]());
  return { server, place: (path) => remote(ftp, path) };
}

const mirrored = async (from: Place, to: Place, options = all): Promise<unknown> =>
  lastValueFrom(mirror$(from, to, options), { defaultValue: undefined });

/** The steps that a second run would do. */
async function planned(from: Place, to: Place, options = all): Promise<string[]> {
  const plan = await lastValueFrom(plan$(from, to, options));
  return plan.steps.filter((step) => step.do !== 'skip').map((step) => `${step.do} ${step.path}: ${step.because}`);
}

/** A loaded machine takes its time. */
const LIMIT_MS = 60_000;

const LINKS = [
  ['plain', false],
  ['explicit TLS', 'explicit'],
] as const;

describeServers(['vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib', 'inetutils'], (name) => {
  describe.each(LINKS.filter(([, tls]) => tls === false || name !== 'inetutils'))('%s', (_link, tls) => {
    it('has the same tree after a mirror up, another one, and one down', { timeout: LIMIT_MS }, async () => {
      const { server, place } = await start(name, tls);
      const [source, copy] = [await temporary(), await temporary()];
      await makeTree(source, 1);
      const expected = await treeOf(source);
      await addLinks(source);
      const there = place('tree');
      await mirrored(local(source), there);
      expect(await treeOf(join(server.root, 'tree'))).toEqual(expected);
      expect(await planned(local(source), there)).toEqual([]);
      await changeTree(source);
      await mirrored(local(source), there);
      const changed = await treeOf(source);
      expect(await treeOf(join(server.root, 'tree'))).toEqual(changed);
      expect(await planned(local(source), there)).toEqual([]);
      await mirrored(there, local(copy));
      expect(await treeOf(copy)).toEqual(changed);
      expect(await planned(there, local(copy))).toEqual([]);
    });
  });
});

describeServers(['vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib'], (name) => {
  it.each(['skip', 'follow'] as const)('removes nothing through links of the target (%s)', {
    timeout: LIMIT_MS,
  }, async (links) => {
    const { server, place } = await start(name, false);
    await put(server.root, 'outside/precious', 'x');
    await put(server.root, 'tree/d/old', 'x');
    await symlink('../outside', join(server.root, 'tree/link'));
    await symlink('..', join(server.root, 'tree/d/loop'));
    await server.adopt();
    const source = await temporary();
    await put(source, 'd/new', 'x');
    await mirrored(local(source), place('tree'), { ...all, links });
    await mirrored(local(source), place('tree'), { ...all, links });
    expect(await treeOf(join(server.root, 'tree'))).toEqual(await treeOf(source));
    expect(await readFile(join(server.root, 'outside/precious'), 'utf8')).toBe('x');
    expect(await readdir(join(server.root, 'tree'))).toEqual(['d']);
  });

  it('writes and removes nothing through a link of the target where the source has a directory', {
    timeout: LIMIT_MS,
  }, async () => {
    const { server, place } = await start(name, false);
    await put(server.root, 'outside/precious', 'x');
    await put(server.root, 'outside/in/excluded', 'x');
    await put(server.root, 'tree/kept/excluded', 'x');
    await symlink('../outside', join(server.root, 'tree/d'));
    await symlink('../../outside/in', join(server.root, 'tree/kept/link'));
    await server.adopt();
    const source = await temporary();
    await put(source, 'd/new', 'x');
    const outside = await treeOf(join(server.root, 'outside'));
    const obstructed = mirrored(local(source), place('tree'), { onError: 'continue' });
    await expect(obstructed).rejects.toMatchObject({ name: 'FtpTreeError', errors: [{ path: 'd' }] });
    expect(await treeOf(join(server.root, 'outside'))).toEqual(outside);
    await mirrored(local(source), place('tree'), { ...all, exclude: ['excluded'] });
    expect(await treeOf(join(server.root, 'outside'))).toEqual(outside);
    expect((await treeOf(join(server.root, 'tree'))).map((line) => line.replace(/ .*/, ''))).toEqual([
      'd/',
      'd/new',
      'kept/',
      'kept/excluded',
    ]);
  });
});

describeServers(['proftpd'], () => {
  it.each(LINKS)('mirrors from ProFTPD to pyftpdlib (%s)', { timeout: LIMIT_MS }, async (_link, tls) => {
    const [from, to] = [await start('proftpd', tls), await start('pyftpdlib', tls)];
    await makeTree(join(from.server.root, 'tree'), 2);
    await addLinks(join(from.server.root, 'tree'));
    await from.server.adopt();
    await mirrored(from.place('tree'), to.place('copy'));
    const expected = await treeOf(join(from.server.root, 'tree'));
    expect(await treeOf(join(to.server.root, 'copy'))).toEqual(expected);
    expect(await planned(from.place('tree'), to.place('copy'))).toEqual([]);
    await changeTree(join(from.server.root, 'tree'));
    await from.server.adopt();
    await mirrored(from.place('tree'), to.place('copy'));
    expect(await treeOf(join(to.server.root, 'copy'))).toEqual(await treeOf(join(from.server.root, 'tree')));
    expect(await planned(from.place('tree'), to.place('copy'))).toEqual([]);
  });
});

/** Its cache goes by the time of a file, in seconds. */
const DIGEST = ['LoadModule mod_digest.c', 'DigestEngine on', 'DigestCache off'];

describeServers(['proftpd'], () => {
  /** All files get another time, and two get other bytes of the same size. */
  async function touchTree(root: string): Promise<void> {
    for (const path of files) await utimes(join(root, path), new Date(0), new Date(0));
    for (const path of ['d/a', 'a b']) {
      const bytes = await readFile(join(root, path));
      await put(
        root,
        path,
        bytes.map((byte) => byte ^ 1),
      );
    }
  }

  it.each(['hash', 'manifest'] as const)('compares two of them by %s', { timeout: LIMIT_MS }, async (compare) => {
    const [from, to] = [await start('proftpd', false, DIGEST), await start('proftpd', false, DIGEST)];
    const [source, target] = [join(from.server.root, 'tree'), join(to.server.root, 'tree')];
    const options = { ...all, compare, keepTime: false };
    await makeTree(source, 3);
    await from.server.adopt();
    await mirrored(from.place('tree'), to.place('tree'), options);
    expect(await planned(from.place('tree'), to.place('tree'), options)).toEqual([]);
    await touchTree(source);
    await from.server.adopt();
    const steps = await planned(from.place('tree'), to.place('tree'), options);
    expect(steps.map((step) => step.replace(/:.*/, ''))).toEqual(['update a b', 'update d/a']);
    await mirrored(from.place('tree'), to.place('tree'), options);
    const expected = await treeOf(source);
    expect((await treeOf(target)).filter((line) => !line.startsWith('.rxftp-manifest.json '))).toEqual(expected);
    expect(await planned(from.place('tree'), to.place('tree'), options)).toEqual([]);
  });

  it.each(['hash', 'manifest'] as const)('compares one of them with the local disk by %s', {
    timeout: LIMIT_MS,
  }, async (compare) => {
    const { server, place } = await start('proftpd', false, DIGEST);
    const [source, target] = [join(server.root, 'tree'), await temporary()];
    const options = { ...all, compare, keepTime: false };
    await makeTree(source, 4);
    await server.adopt();
    await mirrored(place('tree'), local(target), options);
    expect(await planned(place('tree'), local(target), options)).toEqual([]);
    await touchTree(source);
    await server.adopt();
    const steps = await planned(place('tree'), local(target), options);
    expect(steps.map((step) => step.replace(/:.*/, ''))).toEqual(['update a b', 'update d/a']);
    await mirrored(place('tree'), local(target), options);
    const expected = await treeOf(source);
    expect((await treeOf(target)).filter((line) => !line.startsWith('.rxftp-manifest.json '))).toEqual(expected);
  });
});

/** Ctrl-C: exit status 130, the server sees the abort, and nothing half-written is left. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../lib/testing/index.js';
import { becomeFifo } from '../recipes/support/fifo.js';
import { endAfterEach } from '../support/endings.js';
import { installedOnce } from './support/command.js';
import { says } from './support/says.js';

const installed = installedOnce();
const endLater = endAfterEach();

const MIB = 1024 * 1024;

async function start(): Promise<TestServer> {
  const files = {
    '/big.bin': { size: 64 * MIB, read: bytesAt },
    '/old.bin': 'old',
    '/www/index.html': 'old',
    '/lines.txt': 'line\n',
  };
  const server = await testServer({ files });
  endLater(() => server[Symbol.asyncDispose]());
  return server;
}

/** A local tree with a file that takes a while. */
async function plantSite(): Promise<void> {
  await mkdir(installed().file('site'), { recursive: true });
  await writeFile(installed().file('site/large.bin'), new Uint8Array(8 * MIB));
}

function wwwOf({ files }: TestServer): Record<string, string> {
  const paths = [...files.keys()].filter((path) => path.startsWith('/www/') && !path.endsWith('/'));
  return Object.fromEntries(paths.map((path) => [path, files.get(path)?.text ?? '']));
}

function bytesAt(start: number, end: number): Uint8Array {
  return new Uint8Array(end - start);
}

describe('Ctrl-C', () => {
  it('in get leaves no file, and the server has seen ABOR', async () => {
    const server = await start();
    const args = ['get', `${server.url}big.bin`, 'got.bin', '--limit-rate', '1M', '--verbose'];
    const { child, outcome } = installed().start(args);
    await says(child.stderr, /^< 150/m);
    child.kill('SIGINT');
    const { status, stderr } = await outcome;
    expect(status).toBe(130);
    expect(stderr).toMatch(/^rxftp: Interrupted\.$/m);
    expect(server.commands).toContain('ABOR');
    expect(server.commands.at(-1)).toBe('QUIT');
    expect((await readdir(installed().directory)).filter((name) => /got|part/.test(name))).toEqual([]);
  });

  it.each([
    ['a file', 'big.src'],
    ['stdin', '-'],
    ['a FIFO without a writer', 'fifo'],
  ])('in put of %s leaves the old file alone, and no temporary one', async (_what, source) => {
    const server = await start();
    await installed().write('big.src', new Uint8Array(8 * MIB));
    becomeFifo(installed().file('fifo'));
    const args = ['put', source, `${server.url}old.bin`, '--limit-rate', '100K', '--verbose'];
    const { child, outcome } = installed().start(args);
    if (source === '-') child.stdin.write(new Uint8Array(32 * 1024));
    await says(child.stderr, /^< 150/m);
    child.kill('SIGINT');
    const { status } = await outcome;
    expect(status).toBe(130);
    expect(server.commands).toContain('ABOR');
    expect([...server.files.keys()].sort()).toEqual(['/big.bin', '/lines.txt', '/old.bin', '/www/index.html']);
    expect(server.files.get('/old.bin')?.text).toBe('old');
  });

  it('in mirror to this machine leaves no file that is not whole', async () => {
    const server = await start();
    const args = ['mirror', server.url, 'mirrored', '--limit-rate', '1M', '--verbose'];
    const { child, outcome } = installed().start(args);
    await says(child.stderr, /^> RETR \S*big\.bin[\s\S]*^< 150/m);
    child.kill('SIGINT');
    expect(await outcome).toMatchObject({ status: 130 });
    expect(server.commands).toContain('ABOR');
    const names = await readdir(installed().file('mirrored'));
    expect(names.filter((name) => !['old.bin', 'lines.txt', 'www'].includes(name))).toEqual([]);
  });

  it('in mirror to a server leaves no file that is not whole', async () => {
    const server = await start();
    await plantSite();
    const args = ['mirror', 'site', `${server.url}www`, '--limit-rate', '100K', '--verbose'];
    const { child, outcome } = installed().start(args);
    await says(child.stderr, /^> STOR[\s\S]*^< 150/m);
    child.kill('SIGINT');
    expect(await outcome).toMatchObject({ status: 130 });
    expect(server.commands).toContain('ABOR');
    expect(wwwOf(server)).toEqual({ '/www/index.html': 'old' });
  });

  it('in publish, while it uploads, leaves the old tree, and nothing beside it', async () => {
    const server = await start();
    await plantSite();
    server.fail('STOR', { stall: 'data', afterBytes: 1000 });
    const { child, outcome } = installed().start(['publish', 'site', `${server.url}www`, '--verbose']);
    await says(child.stderr, /^> STOR[\s\S]*^< 150/m);
    child.kill('SIGINT');
    const { status, stderr } = await outcome;
    expect(status).toBe(130);
    expect(stderr).toMatch(/^rxftp: Interrupted\.$/m);
    expect(server.commands).toContain('ABOR');
    expect([...server.files.keys()].sort()).toEqual(['/big.bin', '/lines.txt', '/old.bin', '/www/index.html']);
    expect(wwwOf(server)).toEqual({ '/www/index.html': 'old' });
  });

  it('in publish, between its renames, leaves the new tree, and the old one beside it', async () => {
    const server = await start();
    await mkdir(installed().file('page'), { recursive: true });
    await writeFile(installed().file('page/index.html'), 'new');
    const { child, outcome } = installed().start(['publish', 'page', `${server.url}www`]);
    let isSwapping = false;
    server.on('RNFR', ({ argument }) => {
      // The signal is there before the reply: what follows, a hundred bytes later, is after it.
      const isTarget = /^(?:\.\/|\/)?www$/.test(argument);
      if (isTarget) child.kill('SIGINT');
      isSwapping ||= isTarget;
      return undefined;
    });
    expect(await outcome).toMatchObject({ status: 130 });
    expect(isSwapping).toBe(true);
    expect(wwwOf(server)).toEqual({ '/www/index.html': 'new' });
    const beside = [...server.files.keys()].filter(
      (path) => /^\/www./.test(path) && !path.startsWith('/www/') && !path.endsWith('/'),
    );
    expect(beside).toEqual([expect.stringMatching(/^\/www\.rxftp-old-[^/]+\/index\.html$/)]);
  });

  it('before the login is no hang', async () => {
    const server = await start();
    server.on('USER', () => new Promise(() => {}));
    const { child, outcome } = installed().start(['ls', server.url, '--verbose']);
    await says(child.stderr, /^< 220/m);
    child.kill('SIGINT');
    expect(await outcome).toMatchObject({ status: 130 });
  });
});

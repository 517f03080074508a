/** `mirror` and `publish`: of a local tree to a server and back, planned, and in several runs. */
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../lib/testing/index.js';
import { endAfterEach } from '../support/endings.js';
import { installedOnce } from './support/command.js';

const installed = installedOnce();
const endLater = endAfterEach();

async function start(): Promise<TestServer> {
  const server = await testServer({ files: { '/www/old.html': 'old', '/www/keep.log': 'log' } });
  endLater(() => server[Symbol.asyncDispose]());
  return server;
}

/** A local tree, by its path. */
async function site(): Promise<string> {
  const directory = await mkdtemp(join(installed().directory, 'site-'));
  await mkdir(join(directory, 'pages'));
  await writeFile(join(directory, 'index.html'), '<h1>');
  await writeFile(join(directory, 'pages/a.html'), '<p>');
  await writeFile(join(directory, 'draft.tmp'), 'no');
  return directory;
}

interface Told {
  readonly do: string;
  readonly path: string;
  readonly result?: string;
}

function told(stdout: string): Told[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
}

describe('mirror', () => {
  it('shows with --dry-run what it then does', async () => {
    const server = await start();
    const args = ['mirror', await site(), `${server.url}www`, '--delete', '--exclude', '*.tmp', '--exclude', '*.log'];
    const dry = await installed().run([...args, '--dry-run']);
    expect(dry).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^2 to copy, 0 to update, 1 to remove, 1 directories/),
    });
    expect(dry.stdout).toMatch(/^remove {2}old\.html .*\(/m);
    expect(server.files.get('/www/old.html')?.text).toBe('old');
    const done = await installed().run([...args, '--json']);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    const steps = told(done.stdout).filter(({ do: deed }) => deed !== 'time' && deed !== 'skip');
    expect(steps.map(({ do: deed, path, result }) => `${deed} ${path} ${result}`).sort()).toEqual([
      'copy index.html done',
      'copy pages/a.html done',
      'mkdir pages done',
      'remove old.html done',
    ]);
    expect([...server.files.keys()].sort()).toEqual([
      '/www/index.html',
      '/www/keep.log',
      '/www/pages/',
      '/www/pages/a.html',
    ]);
    expect((await installed().run([...args, '--dry-run', '--json'])).stdout).toBe('');
  });

  it('writes a plan, and does it later', async () => {
    const server = await start();
    const from = await site();
    const planned = await installed().run(['mirror', from, `${server.url}www`, '--plan', 'plan.json']);
    expect(planned).toMatchObject({ status: 0 });
    expect(server.files.get('/www/index.html')).toBeUndefined();
    expect(JSON.parse(await readFile(installed().file('plan.json'), 'utf8'))).toMatchObject({ version: 1 });
    expect(await installed().run(['mirror', from, `${server.url}www`, '--apply', 'plan.json'])).toMatchObject({
      status: 0,
    });
    expect(server.files.get('/www/index.html')?.text).toBe('<h1>');
  });

  it.each([
    ['--dry-run'],
    ['--delete'],
    ['--max-delete', '0'],
    ['--include', '*.html'],
    ['--exclude', '*'],
    ['--ignore-file', '.gitignore'],
    ['--compare', 'size'],
    ['--follow-links'],
  ])('refuses %s beside the steps of a file', async (...option) => {
    const server = await start();
    const args = ['mirror', await site(), `${server.url}www`];
    await installed().run([...args, '--plan', 'limited.json']);
    const { status, stderr } = await installed().run([...args, '--apply', 'limited.json', ...option]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `rxftp: The options --apply and ${option[0]} exclude each other: the file has the steps already.\n`,
    });
    expect(server.files.get('/www/index.html')).toBeUndefined();
  });

  it('refuses what would remove too much, and a plan that is none', async () => {
    const server = await start();
    await mkdir(installed().file('empty'));
    const args = ['mirror', 'empty', `${server.url}www`, '--delete', '--max-delete', '1'];
    expect(await installed().run(args)).toMatchObject({ status: 2, stdout: '' });
    expect(server.files.get('/www/old.html')?.text).toBe('old');
    await installed().write('no-plan.json', '[');
    expect(await installed().run(['mirror', 'empty', `${server.url}www`, '--apply', 'no-plan.json'])).toMatchObject({
      status: 2,
    });
    expect(await installed().run(['mirror', 'empty', 'also'])).toMatchObject({ status: 2 });
  });
});

describe('publish', () => {
  it('puts a tree in the place of another, and keeps the old one', async () => {
    const server = await start();
    const done = await installed().run(['publish', await site(), `${server.url}www`, '--json']);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(told(done.stdout).filter(({ do: deed }) => deed === 'copy')).toHaveLength(3);
    expect(server.files.get('/www/index.html')?.text).toBe('<h1>');
    expect(server.files.get('/www/old.html')).toBeUndefined();
    expect([...server.files.keys()].filter((path) => /^\/www\.rxftp-old-[^/]+\/old\.html$/.test(path))).toHaveLength(1);
  });
});

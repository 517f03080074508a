/** A stdout whose reader has enough, and one that takes no more. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../lib/testing/index.js';
import { endAfterEach } from '../support/endings.js';
import { installedOnce } from './support/command.js';

const installed = installedOnce();
const endLater = endAfterEach();

const MIB = 1024 * 1024;

async function start(): Promise<TestServer> {
  const files = {
    '/big.bin': { size: 64 * MIB, read: (start: number, end: number) => new Uint8Array(end - start) },
    '/lines.txt': 'line\n'.repeat(MIB),
  };
  const server = await testServer({ files });
  endLater(() => server[Symbol.asyncDispose]());
  return server;
}

describe('a stderr without a reader', () => {
  it('does not stop the work', async () => {
    const server = await start();
    const args = ['get', `${server.url}lines.txt`, 'unread.txt', '--verbose'];
    const { child, outcome, status } = installed().start(args);
    child.stderr.destroy();
    await expect(outcome).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    expect(await status).toBe(0);
    expect(server.commands.at(-1)).toBe('QUIT');
    expect((await stat(installed().file('unread.txt'))).size).toBe(5 * MIB);
  });
});

describe('a closed stdout', () => {
  it('ends cat quietly, and the server has seen ABOR', async () => {
    const server = await start();
    const { child, outcome, status } = installed().start(['cat', `${server.url}big.bin`]);
    const stderr: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk.toString()));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await expect(outcome).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    expect(await status).toBe(0);
    expect(stderr).toEqual([]);
    expect(server.commands).toContain('ABOR');
  });

  it.each(['--help', 'mirror --help', 'completion bash'])('ends %s quietly', async (args) => {
    const { child, outcome, status } = installed().start(args.split(' '));
    const stderr: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk.toString()));
    child.stdout.destroy();
    await expect(outcome).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    expect([await status, stderr]).toEqual([0, []]);
  });
});

/** All that write to stdout. `URL` is that of the server. */
const WRITING: readonly string[] = [
  'ls URL',
  'ls URL --json',
  'tree URL',
  'find URL',
  'du URL',
  'cat URLbig.bin',
  'stat URL',
  'hash URLlines.txt',
  'head URLlines.txt',
  'tail URLlines.txt',
  'get URLlines.txt --json',
  'put site/a.txt URL --json',
  'mkdir URLmade --json',
  'mv URLlines.txt moved.txt --json',
  'chmod URLlines.txt 600 --json',
  'rm URLlines.txt --json',
  'mirror site URLwww -q',
  'mirror site URLwww --dry-run -q',
  'publish site URLwww -q',
  'send URL PWD',
  'doctor URL',
  'demo -q',
  'completion bash',
  'complete -- get --li',
  '--help',
  'help get',
  '--version',
];

describe.skipIf(process.platform !== 'linux')('a full disk', () => {
  it.each(WRITING)('is told by %s, with status 1', async (line) => {
    const server = await start();
    await mkdir(installed().file('site'), { recursive: true });
    await installed().write('site/a.txt', 'a');
    const full = await open('/dev/full', 'w');
    const args = line.split(' ').map((word) => word.replace('URL', server.url));
    const { directory: cwd } = installed();
    const env = installed().environment();
    const child = spawn(installed().path, args, { cwd, env, stdio: ['ignore', full.fd, 'pipe'] });
    const [told, [status]] = await Promise.all([text(child.stderr as Readable), once(child, 'close')]);
    await full.close();
    expect(status).toBe(1);
    expect(told).toMatch(
      args.includes('--json') ? /^\{"error":.*ENOSPC.*\}\n$/ : /^rxftp: ENOSPC: no space left on device, write\n$/,
    );
  });
});

describe('head', () => {
  it('aborts the transfer when it has its lines', async () => {
    const server = await start();
    const { stdout, status } = await installed().run(['head', `${server.url}lines.txt`, '-n', '3']);
    expect([status, stdout]).toEqual([0, 'line\nline\nline\n']);
    expect(server.commands).toContain('ABOR');
  });
});

/** Ctrl-C, and a stdout that nobody reads any more: the server sees the abort, and nothing half-written is left. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../lib/testing/index.js';
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
    '/lines.txt': 'line\n'.repeat(MIB),
  };
  const server = await testServer({ files });
  endLater(() => server[Symbol.asyncDispose]());
  return server;
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
  ])('in put of %s leaves the old file alone, and no temporary one', async (_what, source) => {
    const server = await start();
    await installed().write('big.src', new Uint8Array(8 * MIB));
    const args = ['put', source, `${server.url}old.bin`, '--limit-rate', '100K', '--verbose'];
    const { child, outcome } = installed().start(args);
    if (source === '-') child.stdin.write(new Uint8Array(32 * 1024));
    await says(child.stderr, /^< 150/m);
    child.kill('SIGINT');
    const { status } = await outcome;
    expect(status).toBe(130);
    expect(server.commands).toContain('ABOR');
    expect([...server.files.keys()].sort()).toEqual(['/big.bin', '/lines.txt', '/old.bin']);
    expect(server.files.get('/old.bin')?.text).toBe('old');
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

describe('a closed stdout', () => {
  it.each([['cat', 'lines.txt'] as const, ['cat', 'big.bin'] as const])('ends %s %s quietly', async (command, path) => {
    const server = await start();
    const { child, outcome, status } = installed().start([command, `${server.url}${path}`]);
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

describe.skipIf(process.platform !== 'linux')('a full disk', () => {
  it.each(['tree', 'du', 'ls', 'stat', '--help'])('is told by %s, with status 1', async (command) => {
    const server = await start();
    const args = command === '--help' ? [command] : [command, server.url];
    const full = await open('/dev/full', 'w');
    const child = spawn(installed().path, args, { env: installed().environment(), stdio: ['ignore', full.fd, 'pipe'] });
    const [told, [status]] = await Promise.all([text(child.stderr as Readable), once(child, 'close')]);
    await full.close();
    expect([status, told]).toEqual([1, 'rxftp: ENOSPC: no space left on device, write\n']);
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

/** Each subcommand, against real servers: in clear text, and under TLS. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testServer } from '../../lib/testing/index.js';
import { endAfterEach } from '../support/endings.js';
import {
  describeInterop,
  type InteropName,
  type InteropServer,
  startInterop,
} from '../support/interop/interop-server.js';
import type { Outcome } from './support/command.js';
import { installedOnce } from './support/command.js';

const installed = installedOnce();
const endLater = endAfterEach();

const LINES = Array.from({ length: 5000 }, (_each, at) => `line ${at + 1}\n`).join('');

interface Lab {
  readonly server: InteropServer;
  url(path: string): string;
  /** Runs a subcommand; its password comes by the environment, and a certificate's authority by a file. */
  rxftp(...args: readonly string[]): Promise<Outcome>;
  content(path: string): Promise<string>;
}

async function start(name: InteropName, tls: false | 'explicit'): Promise<Lab> {
  const server = await startInterop(name, { tls });
  endLater(() => server.stop());
  await mkdir(join(server.root, 'pub'));
  await writeFile(join(server.root, 'pub/lines.txt'), LINES);
  await writeFile(join(server.root, 'a b.txt'), 'blank\n');
  await server.adopt();
  if (server.ca !== undefined) await installed().write('ca.pem', server.ca);
  const trust = server.ca === undefined ? [] : ['--ca', 'ca.pem'];
  return {
    server,
    url: (path) => `${tls === false ? 'ftp' : 'ftpes'}://${server.user}@${server.host}:${server.port}/${path}`,
    rxftp: (...args) => installed().run([...args, ...trust], { RXFTP_PASSWORD: server.password }),
    content: (path) => readFile(join(server.root, path), 'utf8'),
  };
}

function works(tls: false | 'explicit'): (name: InteropName) => void {
  return (name) => {
    it('lists: ls and stat', async () => {
      const { rxftp, url } = await start(name, tls);
      const all = await rxftp('ls', url(''));
      expect(all).toMatchObject({ status: 0, stderr: '' });
      expect(all.stdout).toMatch(/^-rw-\S+ +6 B .* a b\.txt$/m);
      expect(all.stdout).toMatch(/^drwx\S+ +- .* pub\/$/m);
      const { stdout } = await rxftp('ls', url('pub'), '--json');
      expect(JSON.parse(stdout)).toMatchObject({ path: 'pub/lines.txt', kind: 'file', size: LINES.length });
      const file = await rxftp('stat', url('a%20b.txt'), '--json');
      expect(JSON.parse(file.stdout)).toMatchObject({ path: 'a b.txt', kind: 'file', size: 6 });
    });

    it('reads: cat, head and tail', async () => {
      const { rxftp, url } = await start(name, tls);
      expect(await rxftp('cat', url('pub/lines.txt'), url('a%20b.txt'))).toMatchObject({
        status: 0,
        stdout: `${LINES}blank\n`,
      });
      expect((await rxftp('head', '-n', '2', url('pub/lines.txt'))).stdout).toBe('line 1\nline 2\n');
      expect((await rxftp('head', url('pub/lines.txt'), '--bytes', '4')).stdout).toBe('line');
      expect((await rxftp('tail', url('pub/lines.txt'), '-n', '2')).stdout).toBe('line 4999\nline 5000\n');
      expect((await rxftp('tail', url('pub/lines.txt'), '-n', '4000')).stdout).toBe(
        LINES.slice(LINES.indexOf('line 1001\n')),
      );
      expect((await rxftp('tail', url('pub/lines.txt'), '-c', '5')).stdout).toBe('5000\n');
    });

    it('transfers: get and put', async () => {
      const { rxftp, url, content, server } = await start(name, tls);
      const got = await rxftp('get', url('pub/lines.txt'), 'got.txt', '--json');
      expect(JSON.parse(got.stdout)).toMatchObject({ path: 'pub/lines.txt', file: 'got.txt', bytes: LINES.length });
      expect(await readFile(installed().file('got.txt'), 'utf8')).toBe(LINES);
      await writeFile(join(server.root, 'large.bin'), Buffer.alloc(6 * 1024 * 1024, 'segment'));
      expect(await rxftp('get', url('large.bin'), '--segments', '3')).toMatchObject({ status: 0 });
      expect(await readFile(installed().file('large.bin'), 'latin1')).toBe(
        'segment'.repeat(1_000_000).slice(0, 6 * 1024 * 1024),
      );
      const put = await rxftp('put', 'got.txt', url('pub/'), '--json');
      expect(JSON.parse(put.stdout)).toMatchObject({ path: 'pub/got.txt', verified: true, verifiedBy: 'size' });
      expect(await content('pub/got.txt')).toBe(LINES);
      const env = { RXFTP_PASSWORD: 'rxftp-test' };
      const trust = tls === false ? [] : ['--ca', 'ca.pem'];
      const piped = await installed().run(['put', '-', url('piped.txt'), ...trust], { ...env, input: 'from stdin' });
      expect(piped).toMatchObject({ status: 0 });
      expect(await content('piped.txt')).toBe('from stdin');
    });

    it('walks: tree, find and du', async () => {
      const { rxftp, url } = await start(name, tls);
      expect((await rxftp('tree', url(''))).stdout).toBe('.\n├── a b.txt\n└── pub/\n    └── lines.txt\n');
      expect((await rxftp('tree', url(''), '--depth', '0', '--json')).stdout.trim().split('\n')).toHaveLength(2);
      expect((await rxftp('find', url(''), '**/*.txt', '-j', '2')).stdout.split('\n').sort()).toEqual([
        '',
        'a b.txt',
        'pub/lines.txt',
      ]);
      expect((await rxftp('find', url(''), '--type', 'directory')).stdout).toBe('pub\n');
      const { stdout } = await rxftp('du', url(''), '--json');
      expect(JSON.parse(stdout)).toEqual({ path: '', bytes: LINES.length + 6, files: 2, directories: 1 });
    });

    it('works on trees: mkdir -p and rm -r', async () => {
      const { rxftp, url, server } = await start(name, tls);
      expect(await rxftp('mkdir', '-p', url('x/y/z'))).toMatchObject({ status: 0 });
      expect((await stat(join(server.root, 'x/y/z'))).isDirectory()).toBe(true);
      expect(await rxftp('mkdir', '-p', url('x/y'))).toMatchObject({ status: 0 });
      expect(await rxftp('mkdir', url('x/y'))).toMatchObject({ status: 5 });
      expect(JSON.parse((await rxftp('rm', '-r', url('x'), '--json')).stdout)).toEqual({
        path: 'x',
        files: 0,
        directories: 3,
      });
      await expect(stat(join(server.root, 'x'))).rejects.toThrow('ENOENT');
    });

    it('changes: mkdir, mv, chmod, rm', async () => {
      const { rxftp, url, server } = await start(name, tls);
      expect(await rxftp('mkdir', url('new'))).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(await rxftp('mv', url('a%20b.txt'), 'new/c.txt')).toMatchObject({ status: 0 });
      expect(await rxftp('chmod', url('new/c.txt'), '600')).toMatchObject({ status: 0 });
      expect((await stat(join(server.root, 'new/c.txt'))).mode & 0o777).toBe(0o600);
      expect(await rxftp('rm', url('new/c.txt'))).toMatchObject({ status: 0 });
      expect(await rxftp('rm', '-d', url('new'))).toMatchObject({ status: 0 });
      await expect(stat(join(server.root, 'new'))).rejects.toThrow('ENOENT');
    });

    it('asks: send and doctor', async () => {
      const { rxftp, url } = await start(name, tls);
      expect(await rxftp('send', url('pub'), 'PWD')).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^257 "\/pub"/),
      });
      const { status, stdout } = await rxftp('doctor', url('pub'));
      expect(status).toBe(0);
      expect(stdout).toMatch(/^yes {3}pub was listed: 1 entries\.$/m);
      expect(stdout).toMatch(/^yes {3}Passive by EPSV/m);
      expect(stdout).toMatch(/^const ftp = new FtpClient\(\{$/m);
      if (tls !== false) {
        expect(stdout).toMatch(/^note {2}The server speaks TLSv1\.2/m);
        expect(stdout).toMatch(/^note {2}Its fingerprint is (?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/m);
        expect(stdout).toMatch(/^yes {3}Data connections resume the TLS session/m);
        expect(stdout).toContain("  secure: 'explicit',");
        expect(stdout).toContain("tls: { ca: readFileSync('ca.pem') },");
      }
    });
  };
}

describe('in clear text', () => describeInterop(['vsftpd'], works(false)));
describe('under TLS', () => describeInterop(['proftpd'], works('explicit')));

describe('hash', () => {
  it('is written as sha256sum --tag does', async () => {
    await using server = await testServer({ files: { '/a b.txt': 'blank\n' } });
    const { stdout, status } = await installed().run(['hash', `${server.url}a%20b.txt`, '--algorithm', 'SHA-256']);
    expect(status).toBe(0);
    const value = createHash('sha256').update('blank\n').digest('hex');
    expect(stdout).toBe(`SHA256 (a b.txt) = ${value}\n`);
  });
});

describe('demo', () => {
  it('serves until Ctrl-C', async () => {
    const { child, outcome } = installed().start(['demo']);
    const [url] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    expect((await installed().run(['cat', `${url.trim()}readme.txt`])).stdout).toMatch(/^Welcome\./);
    child.kill('SIGINT');
    expect(await outcome).toMatchObject({ status: 130, stderr: expect.stringContaining('Ctrl-C ends it.') });
  });
});

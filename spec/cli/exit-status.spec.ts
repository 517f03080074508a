/** Each exit status, with its error: one line, or one line of JSON. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../lib/testing/index.js';
import { CertificateAuthority } from '../support/certificates.js';
import { endAfterEach } from '../support/endings.js';
import { installedOnce } from './support/command.js';

const installed = installedOnce();
const endLater = endAfterEach();

async function start(options: Parameters<typeof testServer>[0] = {}): Promise<TestServer> {
  const server = await testServer({ files: { '/a.txt': 'content', '/d/': '' }, ...options });
  endLater(() => server[Symbol.asyncDispose]());
  return server;
}

interface Failure {
  readonly status: number;
  readonly says: RegExp;
}

/** Runs it with and without `--json`: both name the same error. */
async function fails(args: readonly string[], { status, says }: Failure, environment = {}): Promise<void> {
  const plain = await installed().run(args, environment);
  expect(plain).toMatchObject({ status, stdout: '' });
  expect(plain.stderr).toMatch(/^rxftp: .+\n$/);
  expect(plain.stderr).toMatch(says);
  const json = await installed().run([...args, '--json'], environment);
  expect(json).toMatchObject({ status, stdout: '' });
  const { error } = JSON.parse(json.stderr) as {
    readonly error: { readonly message: string; readonly status: number };
  };
  expect(error).toMatchObject({ status });
  expect(error.message).toMatch(says);
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { readonly port: number };
  listener.close();
  await once(listener, 'close');
  return port;
}

describe('the exit status', () => {
  it('is 0 when all is done', async () => {
    const server = await start();
    expect(await installed().run(['cat', `${server.url}a.txt`])).toEqual({ status: 0, stdout: 'content', stderr: '' });
  });

  it('is 1 for a stdin that cannot be read, such as a directory', async () => {
    const server = await start();
    const directory = await open(installed().directory);
    const { directory: cwd } = installed();
    const env = installed().environment();
    const args = ['put', '-', `${server.url}piped.txt`];
    const child = spawn(installed().path, args, { cwd, env, stdio: [directory.fd, 'ignore', 'pipe'] });
    const [told, [status]] = await Promise.all([text(child.stderr as Readable), once(child, 'close')]);
    await directory.close();
    expect([status, told]).toEqual([1, expect.stringMatching(/^rxftp: EISDIR.+\n$/)]);
    expect([...server.files.keys()].sort()).toEqual(['/a.txt', '/d/']);
  });

  it('is 1 when something fails here', async () => {
    const server = await start();
    await fails(['put', 'missing.txt', server.url], { status: 1, says: /ENOENT/ });
    await installed().write('there.txt', 'old');
    await fails(['get', `${server.url}a.txt`, 'there.txt', '--exists', 'fail'], { status: 1, says: /there\.txt/ });
    expect(await readFile(installed().file('there.txt'), 'utf8')).toBe('old');
  });

  it.each([
    [[], /a command is missing/],
    [['lss', 'ftp://h/'], /unknown command 'lss' \(Did you mean ls\?\)/],
    [['ls', 'ftp://h/', '--jsom'], /unknown option '--jsom' \(Did you mean --json\?\)/],
    [['help', 'lss'], /unknown command 'lss'/],
    [['mv', 'ftp://h/a', ''], /new path is empty/],
    [['get'], /missing required argument 'url'.*rxftp get --help/],
    [['ls', 'http://h/'], /begins with ftp:\/\//],
    [['ls', 'h/pub'], /begins with ftp:\/\//],
    [['cat', 'ftp://h/'], /names no file/],
    [['cat', 'ftp://h/a', '--limit-rate', 'fast'], /--limit-rate/],
    [['head', 'ftp://h/a', '-n', '0'], /--lines/],
    [['head', 'ftp://h/a', '-n', '1', '-c', '1'], /exclude each other/],
    [['chmod', 'ftp://h/a', '999'], /octal/],
    [['put', '-', 'ftp://h/'], /need a name/],
    [['put', '-', 'ftp://h/a', '--resume'], /stdin/],
    [['get', 'ftp://h/a', '--resume', '--exists', 'skip'], /exclude each other/],
    [['get', 'ftp://h/a', '-'], /rxftp cat/],
    [['get', 'ftp://h/a', 'ftp://me:canary@h/b'], /^(?!.*canary).*rxftp mirror copies/],
    [['put', 'ftp://me:canary@h/a', 'ftp://h/b'], /^(?!.*canary).*rxftp mirror copies/],
    [['ls', 'ftpes://h/', '--ca', 'ftp://me:canary@h/'], /^(?!.*canary).*--ca cannot be read/],
    [['find', 'ftp://h/', '--type', 'ftp://me:canary@h/'], /^(?!.*canary).*Allowed choices/],
    [['get', 'ftp://h/a', '--segments', '65'], /--segments takes a number from 1 to 64/],
    [['get', 'ftp://h/a', '--segments', '2', '--limit-rate', '1M'], /exclude each other/],
    [['mirror', 'a', 'b'], /has to be a URL/],
    [['ls', 'ftp://h/', '--insecure'], /--insecure is for TLS/],
    [['ls', 'ftpes://h/', '--ca', 'missing.pem'], /missing\.pem \(ENOENT\)/],
    [['ls', 'ftpes://h/', '--cert', 'a.pem'], /go together/],
    [['ls', 'ftpes://h/', '--pin', 'ab'], /fingerprint/i],
    [['ls', 'ftp://me@h/', '--user', 'you'], /different users/],
    [['completion', 'tcsh'], /bash, zsh, fish/],
    [['hash', 'ftp://h/a', '--algorithm', 'CRC'], /Allowed choices/],
  ] as const)('is 2 for wrong usage: %j', async (args, says) => {
    await fails(args, { status: 2, says });
  });

  it('is 3 without a connection', async () => {
    await fails(['ls', `ftp://127.0.0.1:${await freePort()}/`], { status: 3, says: /ECONNREFUSED/ });
  });

  it('is 4 for a refused login', async () => {
    const server = await start({ user: 'me', password: 'right' });
    const { host, port } = server.options;
    await fails(['ls', `ftp://me@${host}:${port}/`], { status: 4, says: /530/ }, { RXFTP_PASSWORD: 'wrong' });
  });

  it('is 5 for what is not there, refused, or not supported', async () => {
    const server = await start();
    await fails(['stat', `${server.url}missing`], { status: 5, says: /no such file/ });
    await fails(['cat', `${server.url}missing`], { status: 5, says: /550/ });
    await fails(['rm', '-r', `${server.url}missing`], { status: 5, says: /no such file/ });
    await fails(['ls', `${server.url}missing`], { status: 5, says: /550/ });
    server.on('FEAT', () => '502 No.');
    await fails(['hash', `${server.url}a.txt`], { status: 5, says: /HASH|checksum/ });
    const refused = await installed().run(['send', server.url, 'SITE NONSENSE']);
    expect(refused).toMatchObject({ status: 5, stdout: expect.stringMatching(/^50\d /) });
  });

  it('is 6 for a server that is not to be trusted, or has no TLS', async () => {
    const authority = await CertificateAuthority.create();
    const server = await start({ secure: { mode: 'explicit', ...(await authority.issue()) } });
    await fails(['ls', server.url], { status: 6, says: /certificate/i });
    expect(server.commands.filter((line) => /^(?:USER|PASS)/.test(line))).toEqual([]);
    const clear = await start();
    await fails(['ls', clear.url.replace('ftp:', 'ftpes:')], { status: 6, says: /TLS/ });
    await installed().write('authority.pem', authority.cert);
    expect(await installed().run(['ls', server.url, '--ca', 'authority.pem'])).toMatchObject({ status: 0 });
    const { tls } = server.options;
    expect(await installed().run(['ls', server.url, '--pin', tls?.fingerprint256 ?? ''])).toMatchObject({ status: 0 });
    const insecure = await installed().run(['ls', server.url, '--insecure', '--quiet']);
    expect(insecure).toMatchObject({ status: 0, stderr: expect.stringContaining('the server is not verified') });
  });

  it('is 7 for a transfer that is not whole', async () => {
    const server = await start();
    server.fail('RETR', { truncate: 3 });
    server.fail('RETR', { truncate: 3 });
    await fails(['get', `${server.url}a.txt`, 'whole.txt'], { status: 7, says: /3/ });
    expect(await readdir(installed().directory)).not.toContain('whole.txt');
  });
});

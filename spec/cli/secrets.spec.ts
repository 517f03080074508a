/** No secret is in any output, however it came in, and whatever goes wrong. */
import { rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../../lib/testing/index.js';
import { overhear, secret } from '../support/canary.js';
import { endAfterEach } from '../support/endings.js';
import type { Outcome } from './support/command.js';
import { installedOnce } from './support/command.js';

const installed = installedOnce();
const endLater = endAfterEach();

const PASSWORD = 'ca:na/ry@ 7%';

async function start(): Promise<TestServer> {
  const server = await testServer({ files: { '/a.txt': 'content' }, user: 'me', password: PASSWORD });
  endLater(() => server[Symbol.asyncDispose]());
  // A server that echoes what it gets.
  server.on('SITE', ({ argument }) => `502 SITE ${argument}: no, ${PASSWORD}`);
  return server;
}

type Way = readonly [name: string, run: (address: string, ...args: readonly string[]) => Promise<Outcome>];

const encoded = encodeURIComponent(PASSWORD);
const argsFor = (url: string, [command = '', ...rest]: readonly string[]): string[] => [command, url, ...rest];

const WAYS: readonly Way[] = [
  ['the URL', (address, ...args) => installed().run(argsFor(`ftp://me:${encoded}@${address}/a.txt`, args))],
  [
    '--user',
    (address, ...args) => installed().run([...argsFor(`ftp://${address}/a.txt`, args), '--user', `me:${PASSWORD}`]),
  ],
  [
    'the environment',
    (address, ...args) => installed().run(argsFor(`ftp://me@${address}/a.txt`, args), { RXFTP_PASSWORD: PASSWORD }),
  ],
  [
    '.netrc',
    async (address, ...args) => {
      const netrc = installed().file('.netrc');
      await writeFile(netrc, `machine 127.0.0.1 login me password "${PASSWORD}"\n`, { mode: 0o600 });
      const outcome = await installed().run(argsFor(`ftp://${address}/a.txt`, args));
      await rm(netrc);
      return outcome;
    },
  ],
];

describe.each(WAYS)('a password from %s', (_name, run) => {
  it('logs in, and is nowhere', async () => {
    secret(PASSWORD);
    const server = await start();
    const address = `127.0.0.1:${server.options.port}`;
    const wrong = `127.0.0.1:1`;
    const runs = [
      await run(address, 'cat', '--verbose'),
      await run(address, 'send', 'SITE X', '--json'),
      await run(address, 'doctor'),
      await run(address, 'cat', '--no-such-option'),
      await run(wrong, 'cat', '--json'),
    ];
    server.on('PASS', ({ argument }) => `530 The password ${argument} is wrong.`);
    runs.push(await run(address, 'cat', '--verbose'), await run(address, 'cat', '--json'));
    expect(runs.map(({ status }) => status)).toEqual([0, 5, 0, 2, 3, 4, 4]);
    for (const { stdout, stderr } of runs) overhear('the command', `${stdout}${stderr}`);
  });
});

describe('a password in wrong usage', () => {
  it.each([
    [[`ftp://me:${PASSWORD}@host/`], "unknown command 'ftp://***@host/'"],
    [['help', `ftp://me:${encoded}@host/`], "unknown command 'ftp://***@host/'"],
    [['ls', 'ftp://host/', `--usr=me:${PASSWORD}`], "unknown option '--usr'"],
    [['get', 'ftp://host/a', '--exists', `ftp://me:${PASSWORD}@host/`], "argument 'ftp://***@host/' is invalid"],
    [['ls', `http://me:${PASSWORD}@host/`], 'begins with ftp://'],
  ] as const)('is not shown: %#', async (args, says) => {
    secret(PASSWORD);
    const { status, stdout, stderr } = await installed().run(args);
    overhear('the command', `${stdout}${stderr}`);
    expect(status).toBe(2);
    expect(stderr).toContain(says);
  });
});

describe('the password of the environment', () => {
  it('is not sent for a user who was not named', async () => {
    const server = await testServer({ files: { '/a.txt': 'content' } });
    endLater(() => server[Symbol.asyncDispose]());
    const passwords: string[] = [];
    server.on('PASS', ({ argument }) => {
      passwords.push(argument);
      return '230 Fine.';
    });
    const { port } = server.options;
    await installed().run(['cat', `ftp://127.0.0.1:${port}/a.txt`], { RXFTP_PASSWORD: 'other' });
    expect(passwords).toEqual(['anonymous@']);
  });
});

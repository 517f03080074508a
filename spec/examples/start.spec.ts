/** `npm start` as a newcomer meets it: the demonstration, a visit, and every way to get it wrong. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedServer } from '../support/embedded-server.js';
import { runExample } from './run-example.js';

/** No `.netrc` of whoever runs this may log in anywhere. */
const NO_NETRC = { NETRC: join(tmpdir(), 'there-is-no-such-netrc') };
const SECRET = 'correct%20horse';

const start = (args: readonly string[] = [], environment = NO_NETRC): ReturnType<typeof runExample> =>
  runExample('start.ts', args, environment);

describe('npm start', () => {
  it('shows every step, and proves what it says', async () => {
    const { exitCode, stdout, stderr } = await start();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const headings = [...stdout.matchAll(/^\d\. .*/gm)].map(([heading]) => heading);
    expect(headings).toEqual([
      '1. Log in',
      '2. List /',
      '3. Stream logs/archive.log.gz through gunzip to disk, at 2.0 MiB/s',
      '4. Cancel a download of 24.0 MiB after 3 chunks',
      '5. Upload incoming/report.csv from a generator',
      '6. Download it again through a hash',
      '7. Quit',
    ]);
    const [, sent] = /sent +sha256 ([0-9a-f]{64})$/m.exec(stdout) ?? [];
    expect(stdout).toContain(`received  sha256 ${sent}`);
    expect(stdout).toMatch(/100 % +1\.2 MiB of 1\.2 MiB$/m);
    expect(stdout).toMatch(/-- unsubscribed after \d+\.\d KiB\n +> ABOR\n[\s\S]*> NOOP\n +< 200 /);
    expect(stdout).toContain('(logins so far: 1)');
    expect(stdout).not.toContain('a-secret');
    expect(stdout).not.toContain('\u001b');
  });

  it('leaves nothing behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rxftp-spec-'));
    try {
      const { exitCode } = await runExample('start.ts', [], { ...NO_NETRC, TMPDIR: folder });
      expect(exitCode).toBe(0);
      expect((await readdir(folder)).filter((name) => name.startsWith('rxftp-'))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says what it takes', async () => {
    const { exitCode, stdout } = await start(['--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('npm start -- ftp://user@host/dir/');
  });

  it.each([
    ['an unknown option', ['--nope'], /Unknown option '--nope'/],
    ['two URLs', ['ftp://a/', 'ftp://b/'], /Only one URL/],
    ['another protocol', ['http://a/'], /begins with ftp:, ftps: \(implicit TLS\) or ftpes:/],
    ['a server that is not there', ['ftp://127.0.0.1:1/'], /Nothing listens there.*ERR_FTP_CONNECTION/],
    ['a password that nobody can be asked for', ['ftp://me@127.0.0.1:1/'], /A password is needed for me@127\.0\.0\.1/],
  ])('explains %s', async (_what, args, message) => {
    const { exitCode, stderr } = await start(args);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});

describe('npm start with a URL', () => {
  const files = { 'dir/notes.txt': 'first line\nsecond line\n', 'dir/large.bin': Buffer.alloc(8 * 1024 * 1024) };

  it('reads, cancels, and goes on', async () => {
    await using server = await EmbeddedServer.start({ files });
    const { exitCode, stdout, stderr } = await start([`${server.url}dir/`]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('The server says it can: ');
    expect(stdout).toMatch(/^ +first line\n +second line$/m);
    expect(stdout).toMatch(/> RETR large\.bin\n[\s\S]*> ABOR\n[\s\S]*> NOOP\n/);
    expect(await readdir(server.path('/dir'))).toHaveLength(2);
  });

  it('takes the password from .netrc, and never shows it', async () => {
    await using server = await EmbeddedServer.start({ files, users: { me: SECRET } });
    const home = await mkdtemp(join(tmpdir(), 'rxftp-spec-'));
    try {
      const netrc = join(home, '.netrc');
      await writeFile(netrc, `machine ${server.host} login me password ${SECRET}\n`);
      const { exitCode, stdout, stderr } = await start([server.url.replace('//', '//me@')], { NETRC: netrc });
      expect(exitCode).toBe(0);
      expect(stdout + stderr).not.toContain(SECRET);
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it('explains a refused password without showing it', async () => {
    await using server = await EmbeddedServer.start({ files, users: { me: SECRET } });
    const { exitCode, stdout, stderr } = await start([server.url.replace('//', '//me:not-this-one@')]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('PASS *** was refused: 530 Login incorrect (check user and password)');
    expect(stdout + stderr).not.toContain('not-this-one');
  });

  it('does not let file names steer the terminal', async () => {
    await using server = await EmbeddedServer.start({ files: { '\u001b[2Jname': 'x' } });
    const { exitCode, stdout } = await start([server.url]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('\\x1b[2Jname');
    expect(stdout).not.toContain('\u001b');
  });
});

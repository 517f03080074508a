/** Each subcommand that talks to a server, with real ones: in clear text, and under TLS with an authority of one's own. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeServers } from '../support/real-servers/describe-servers.js';
import { installedOnce } from './support/command.js';
import { Lab, LINES } from './support/lab.js';

const installed = installedOnce();

const DONE = { status: 0, stdout: '', stderr: '' };

function values(stdout: string): Record<string, unknown>[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** All paths below a directory. */
async function pathsIn(directory: string): Promise<string[]> {
  return (await readdir(directory, { recursive: true })).sort();
}

/** Each row works on names of its own. */
const SUBCOMMANDS: Readonly<Record<string, (lab: Lab) => Promise<void>>> = {
  async ls(lab) {
    const shown = await lab.rxftp('ls', lab.url('seen'));
    expect(shown).toMatchObject({ status: 0, stderr: '' });
    // The MLSD of pyftpdlib tells no mode.
    expect(shown.stdout).toMatch(/^d(?:rwx\S+)? +- .* deep\/$/m);
    expect(shown.stdout).toMatch(/^-(?:rw\S+)? +8 B .* é #1\.txt$/m);
    expect(shown.stdout).toMatch(/^-(?:rw\S+)? +47\.7 KiB .* lines\.txt$/m);
  },

  async tree(lab) {
    const lines = ['seen', '├── deep/', '│   └── er/', '│       └── last.log', '├── lines.txt', '└── é #1.txt', ''];
    expect(await lab.rxftp('tree', lab.url('seen'))).toEqual({ ...DONE, stdout: lines.join('\n') });
  },

  async find(lab) {
    const { stdout, status } = await lab.rxftp('find', lab.url('seen'), '**/*.{log,txt}', '--type', 'file', '-j', '2');
    expect(status).toBe(0);
    expect(stdout.split('\n').sort()).toEqual(['', 'seen/deep/er/last.log', 'seen/lines.txt', 'seen/é #1.txt']);
  },

  async du(lab) {
    const { stdout } = await lab.rxftp('du', lab.url('seen'), '--json');
    expect(values(stdout)).toEqual([{ path: 'seen', bytes: LINES.length + 8 + 4, files: 3, directories: 2 }]);
  },

  async cat(lab) {
    const urls = ['seen/lines.txt', 'seen/é #1.txt'].map((path) => lab.url(path));
    expect(await lab.rxftp('cat', ...urls)).toEqual({ ...DONE, stdout: `${LINES}awkward\n` });
  },

  async stat(lab) {
    const { stdout } = await lab.rxftp('stat', lab.url('seen/é #1.txt'), lab.url('seen/deep'), '--json');
    const [file, directory] = values(stdout);
    expect(file).toMatchObject({ path: 'seen/é #1.txt', kind: 'file', size: 8 });
    expect(directory).toMatchObject({ path: 'seen/deep', kind: 'directory' });
    const { mtimeMs } = await stat(lab.at('seen/é #1.txt'));
    const shown = Date.parse(String(file?.modified));
    // To the minute where the server tells no more.
    expect(Math.floor(mtimeMs / 60_000)).toBe(Math.floor(shown / 60_000));
  },

  async hash(lab) {
    const { status, stdout, stderr } = await lab.rxftp('hash', lab.url('seen/lines.txt'), '--algorithm', 'SHA-256');
    if (lab.hasChecksums) {
      const value = createHash('sha256').update(LINES).digest('hex');
      expect({ status, stdout, stderr }).toEqual({ ...DONE, stdout: `SHA256 (seen/lines.txt) = ${value}\n` });
      return;
    }
    expect({ status, stdout }).toEqual({ status: 5, stdout: '' });
    expect(stderr).toMatch(/^rxftp: .*checksum.*\n$/);
  },

  async mkdir(lab) {
    expect(await lab.rxftp('mkdir', lab.url('made'))).toEqual(DONE);
    expect(await lab.rxftp('mkdir', '-p', lab.url('made'), lab.url('made/by/rxftp'))).toEqual(DONE);
    expect(await pathsIn(lab.at('made'))).toEqual(['by', 'by/rxftp']);
    expect(await lab.rxftp('mkdir', lab.url('made'))).toMatchObject({ status: 5, stdout: '' });
  },

  async head(lab) {
    const lines = await lab.rxftp('head', '-n', '2', lab.url('seen/lines.txt'));
    expect(lines).toEqual({ ...DONE, stdout: 'line 1\nline 2\n' });
    expect(await lab.rxftp('head', lab.url('seen/lines.txt'), '-c', '4')).toEqual({ ...DONE, stdout: 'line' });
  },

  async tail(lab) {
    const lines = await lab.rxftp('tail', lab.url('seen/lines.txt'), '-n', '4000');
    expect(lines).toEqual({ ...DONE, stdout: LINES.slice(LINES.indexOf('line 1001\n')) });
    expect(await lab.rxftp('tail', lab.url('seen/lines.txt'), '-c', '5')).toEqual({ ...DONE, stdout: '5000\n' });
  },

  async get(lab) {
    const args = ['got.txt', '--json', '--keep-time', '--verify', 'size'];
    const { stdout, status } = await lab.rxftp('get', lab.url('seen/lines.txt'), ...args);
    expect(status).toBe(0);
    const told = { path: 'seen/lines.txt', file: 'got.txt', bytes: LINES.length, verifiedBy: 'size' };
    expect(values(stdout)).toEqual([expect.objectContaining(told)]);
    expect(await readFile(lab.local('got.txt'), 'utf8')).toBe(LINES);
    const [original, copy] = await Promise.all([stat(lab.at('seen/lines.txt')), stat(lab.local('got.txt'))]);
    expect(Math.floor(copy.mtimeMs / 60_000)).toBe(Math.floor(original.mtimeMs / 60_000));
  },

  async 'get --segments'(lab) {
    const large = 'segment'.repeat(900_000);
    await lab.plant({ 'large.bin': large });
    expect(await lab.rxftp('get', lab.url('large.bin'), '--segments', '3')).toMatchObject({ status: 0, stdout: '' });
    expect(await readFile(lab.local('large.bin'), 'utf8')).toBe(large);
  },

  async put(lab) {
    await lab.plantLocally({ 'put.txt': LINES });
    await lab.plant({ 'in/put.txt': 'old' });
    const { stdout, status } = await lab.rxftp('put', 'put.txt', lab.url('in/'), '--json');
    expect(status).toBe(0);
    expect(values(stdout)).toEqual([
      expect.objectContaining({ path: 'in/put.txt', verified: true, verifiedBy: 'size' }),
    ]);
    expect(await lab.content('in/put.txt')).toBe(LINES);
    expect(await pathsIn(lab.at('in'))).toEqual(['put.txt']);
  },

  async 'put -'(lab) {
    await lab.plant({ 'piped/old.txt': 'old' });
    expect(await lab.rxftpReading('from stdin', 'put', '-', lab.url('piped/new.txt'))).toMatchObject({ status: 0 });
    expect(await lab.content('piped/new.txt')).toBe('from stdin');
    expect(await pathsIn(lab.at('piped'))).toEqual(['new.txt', 'old.txt']);
  },

  async mirror(lab) {
    await lab.plantLocally({ 'site/index.html': '<h1>', 'site/pages/a.html': '<p>' });
    await lab.plant({ 'www/old.html': 'old' });
    const up = await lab.rxftp('mirror', 'site', lab.url('www'), '--delete', '--json');
    expect(up).toMatchObject({ status: 0, stderr: '' });
    expect(await pathsIn(lab.at('www'))).toEqual(['index.html', 'pages', 'pages/a.html']);
    expect(await lab.content('www/pages/a.html')).toBe('<p>');
    expect(await lab.rxftp('mirror', lab.url('www'), 'back', '-j', '2')).toMatchObject({ status: 0 });
    expect(await pathsIn(lab.local('back'))).toEqual(['index.html', 'pages', 'pages/a.html']);
    expect(await readFile(lab.local('back/pages/a.html'), 'utf8')).toBe('<p>');
  },

  async publish(lab) {
    await lab.plantLocally({ 'dist/index.html': 'new', 'dist/css/a.css': 'a{}' });
    await lab.plant({ 'sites/live/index.html': 'old' });
    expect(await lab.rxftp('publish', 'dist', lab.url('sites/live'), '-q')).toMatchObject({ status: 0, stderr: '' });
    expect(await pathsIn(lab.at('sites/live'))).toEqual(['css', 'css/a.css', 'index.html']);
    expect(await lab.content('sites/live/index.html')).toBe('new');
    const [kept = '', ...others] = (await readdir(lab.at('sites'))).filter((name) => name !== 'live');
    expect([kept, others]).toEqual([expect.stringMatching(/^live\.rxftp-old-/), []]);
    expect(await lab.content(`sites/${kept}/index.html`)).toBe('old');
  },

  async rm(lab) {
    await lab.plant({ 'rm/a.txt': '', 'rm/tree/b.txt': '', 'rm/tree/deep/c.txt': '' });
    await mkdir(lab.at('rm/empty'));
    await lab.server.adopt();
    expect(await lab.rxftp('rm', lab.url('rm/a.txt'))).toEqual(DONE);
    expect(await lab.rxftp('rm', '-d', lab.url('rm/empty'))).toEqual(DONE);
    const { stdout } = await lab.rxftp('rm', '-r', lab.url('rm/tree'), '--json');
    expect(values(stdout)).toEqual([{ path: 'rm/tree', files: 2, directories: 2 }]);
    expect(await pathsIn(lab.at('rm'))).toEqual([]);
  },

  async mv(lab) {
    await lab.plant({ 'mv/a.txt': 'moved', 'mv/in/b.txt': '' });
    expect(await lab.rxftp('mv', lab.url('mv/a.txt'), 'mv/in/c.txt')).toEqual(DONE);
    expect(await pathsIn(lab.at('mv'))).toEqual(['in', 'in/b.txt', 'in/c.txt']);
    expect(await lab.content('mv/in/c.txt')).toBe('moved');
  },

  async chmod(lab) {
    await lab.plant({ 'chmod.txt': '' });
    expect(await lab.rxftp('chmod', lab.url('chmod.txt'), '0600')).toEqual(DONE);
    expect((await stat(lab.at('chmod.txt'))).mode & 0o777).toBe(0o600);
  },

  async send(lab) {
    const sent = await lab.rxftp('send', lab.url('seen/deep'), 'PWD');
    expect(sent).toMatchObject({ status: 0, stdout: expect.stringMatching(/^257 "\/seen\/deep"/), stderr: '' });
    const refused = await lab.rxftp('send', lab.url(''), 'SITE NONSENSE', '--json');
    expect(refused).toMatchObject({ status: 5, stderr: expect.stringContaining('"status":5') });
    expect(values(refused.stdout)).toEqual([{ code: expect.any(Number), lines: expect.any(Array) }]);
  },

  async doctor(lab) {
    const { stdout, status } = await lab.rxftp('doctor', lab.url('seen'), '--json');
    expect(status).toBe(0);
    const found = new Map(values(stdout).map((value) => [value.topic, value]));
    expect(found.get('login')).toMatchObject({ verdict: 'good' });
    expect(found.get('listing')).toMatchObject({ verdict: 'good', entries: 3 });
    expect(found.get('epsv')).toMatchObject({ verdict: 'good' });
    expect(String(found.get('options')?.code)).toMatch(/^const ftp = new FtpClient\(\{$/m);
    if (lab.server.secure === false) {
      expect(found.get('tls')).toMatchObject({ verdict: 'bad' });
      return;
    }
    expect(found.get('tls-versions')).toMatchObject({ versions: expect.arrayContaining(['TLSv1.2']) });
    expect(found.get('fingerprint')).toMatchObject({ fingerprint256: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}/) });
    expect(String(found.get('options')?.code)).toContain("tls: { ca: readFileSync('ca.pem') },");
  },
};

describe.each([
  ['in clear text', false],
  ['under TLS', 'explicit'],
] as const)('%s', (_how, tls) => {
  describeServers(['vsftpd', 'proftpd', 'pyftpdlib'], (name) => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await Lab.open(installed(), name, tls);
    });
    afterAll(() => lab[Symbol.asyncDispose]());

    it.each(Object.entries(SUBCOMMANDS))('%s', (_subcommand, works) => works(lab));
  });
});

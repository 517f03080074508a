/** `plan$` between a local directory and a server, and between two servers. */
import { createHash } from 'node:crypto';
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpClient } from '../../../lib/index.js';
import { local, type Plan, type PlanOptions, plan$, remote } from '../../../lib/recipes/index.js';
import { type TestServer, type TestServerOptions, testServer } from '../../../lib/testing/index.js';
import { observe } from '../../support/observe.js';
import { LocalDirectory } from '../support/local-directory.js';
import { shown } from './support/trees.js';

const modified = new Date('2024-05-06T07:08:09Z');

interface Stage extends AsyncDisposable {
  readonly server: TestServer;
  readonly ftp: FtpClient;
  readonly here: LocalDirectory;
  write(path: string, content?: string, time?: Date): Promise<void>;
  down(options?: PlanOptions, directory?: string): Promise<Plan>;
  up(options?: PlanOptions, directory?: string): Promise<Plan>;
}

async function stage(files: Readonly<Record<string, string>> = {}, options: TestServerOptions = {}): Promise<Stage> {
  const here = await LocalDirectory.make();
  const server = await testServer(options);
  server.files.set('/t/', '');
  for (const [path, bytes] of Object.entries(files)) {
    server.files.set(`/t/${path}`, path.endsWith('/') ? '' : { bytes, modified });
  }
  const ftp = new FtpClient({ ...server.options, maxSessions: 2 });
  const there = (directory: string): ReturnType<typeof remote> => remote(ftp, directory);
  return {
    ...{ server, ftp, here },
    async write(path, content = '', time = modified) {
      await mkdir(dirname(here.at(path)), { recursive: true });
      await writeFile(here.at(path), content);
      await utimes(here.at(path), time, time);
    },
    down: (given, directory = '/t') => lastValueFrom(plan$(there(directory), local(here.path), given)),
    up: (given, directory = '/t') => lastValueFrom(plan$(local(here.path), there(directory), given)),
    async [Symbol.asyncDispose]() {
      await ftp[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await here[Symbol.asyncDispose]();
    },
  };
}

describe.each(['mlsd', 'unix', 'dos'] as const)('plan$ with listings as of %s', (listing) => {
  it('compares both ways', async () => {
    await using at = await stage(
      { 'same.txt': 'abc', 'd/other.txt': 'abc', 'there.txt': '', 'empty/': '' },
      { listing },
    );
    await at.write('same.txt', 'abc');
    await at.write('d/other.txt', 'abcd');
    await at.write('here.txt');
    expect(shown(await at.down({ delete: true })).toSorted()).toEqual([
      'copy there.txt',
      'mkdir empty',
      'remove here.txt',
      'update d/other.txt',
    ]);
    expect(shown(await at.up({ delete: true })).toSorted()).toEqual([
      'copy here.txt',
      'remove empty',
      'remove there.txt',
      'update d/other.txt',
    ]);
    expect(at.server.commands.filter((line) => /^(STOR|MKD|DELE|RMD|RNFR|MFMT|APPE)/.test(line))).toEqual([]);
  });
});

describe('plan$', () => {
  it('is JSON', async () => {
    await using at = await stage({ 'a/b.txt': 'abc' });
    const plan = await at.down();
    expect(JSON.parse(JSON.stringify(plan))).toEqual({
      version: 1,
      keepTime: true,
      steps: [
        { do: 'mkdir', path: 'a', because: 'the target does not have it' },
        {
          do: 'copy',
          path: 'a/b.txt',
          bytes: 3,
          because: 'the target does not have it',
          modified: modified.toISOString(),
        },
      ],
      totals: { mkdir: 1, copy: 1, update: 0, remove: 0, time: 0, skip: 0, failed: 0, equal: 0, bytes: 3 },
    });
  });

  it('makes a target that is not there, on either side', async () => {
    await using at = await stage({ a: '' });
    await at.write('b');
    expect(shown(await at.up({}, '/new'))).toEqual(['mkdir ', 'copy b']);
    const gone = plan$(remote(at.ftp, '/t'), local(at.here.at('new')));
    expect(shown(await lastValueFrom(gone))).toEqual(['mkdir ', 'copy a']);
  });

  it('errors where the source is not there', async () => {
    await using at = await stage();
    await expect(at.down({}, '/none')).rejects.toMatchObject({ code: 'ERR_FTP_REPLY' });
    await expect(lastValueFrom(plan$(local(at.here.at('none')), remote(at.ftp, '/t')))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('plans from one server to another', async () => {
    await using at = await stage({ a: '1', b: '2' });
    await using other = await testServer({ files: { '/b': { bytes: '2', modified }, '/c': '' } });
    await using ftp = new FtpClient(other.options);
    expect(shown(await lastValueFrom(plan$(remote(at.ftp, '/t'), remote(ftp), { delete: true })))).toEqual([
      'copy a',
      'remove c',
    ]);
  });

  it('removes nothing under a name that it cannot read', { skip: process.platform !== 'linux' }, async () => {
    await using at = await stage({ 'caf\udce9': 'x', 'd\udce9/a': 'x', other: 'x' });
    const bytes = (name: string): Buffer => Buffer.concat([Buffer.from(at.here.at(name)), Buffer.from([0xe9])]);
    await writeFile(bytes('caf'), 'x');
    await mkdir(bytes('d'));
    const { steps } = await at.up({ delete: true });
    expect(steps.map(({ do: deed, path, failed }) => ({ deed, path, failed }))).toEqual(
      expect.arrayContaining([
        { deed: 'skip', path: 'caf\udce9', failed: true },
        { deed: 'skip', path: 'd\udce9', failed: true },
      ]),
    );
    expect(steps.filter((step) => step.do === 'remove').map(({ path }) => path)).toEqual(['other']);
  });

  it('tells links, and follows them when asked', async () => {
    await using at = await stage();
    await at.write('d/a', 'x');
    await symlink('a', at.here.at('d/l'));
    await symlink('..', at.here.at('d/loop'));
    await symlink('nowhere', at.here.at('broken'));
    expect(shown(await at.up())).toEqual(['skip broken', 'mkdir d', 'copy d/a', 'skip d/l', 'skip d/loop']);
    const followed = await at.up({ links: 'follow' });
    expect(shown(followed)).toEqual(['skip broken', 'mkdir d', 'copy d/a', 'copy d/l', 'skip d/loop']);
    expect(followed.links).toBe('follow');
  });

  it('does not touch what is below a directory that it cannot list', async () => {
    await using at = await stage({ 'bad/a': '', 'good/b': '' });
    await at.write('bad/x');
    await at.write('good/y');
    at.server.on('MLSD', async ({ argument }) => (argument.endsWith('bad') ? '550 No.' : undefined));
    at.server.on('CWD', async ({ argument }) => (argument.endsWith('bad') ? '550 No.' : undefined));
    const plan = await at.down({ delete: true });
    expect(shown(plan)).toEqual(['failed bad', 'copy good/b', 'remove good/y']);
    expect(plan.steps[0]).toMatchObject({
      because: expect.stringContaining('of the source: '),
      error: { code: 'ERR_FTP_REPLY' },
    });
  });

  it('takes the rules of an ignore file from the source', async () => {
    await using at = await stage({ '.deployignore': '*.log\n', 'a.log': '', b: '' });
    expect(shown(await at.down({ ignoreFile: '.deployignore' }))).toEqual(['copy .deployignore', 'copy b']);
    await expect(at.down({ ignoreFile: 'none' })).rejects.toMatchObject({
      message: expect.stringContaining('is not there'),
    });
  });

  it.each([
    [{ compare: 'time' }, /compare must be one of/],
    [{ links: 'copy' }, /links must be/],
    [{ maxDelete: -1 }, /maxDelete/],
    [{ delete: 'yes' }, /delete must be true or false/],
    [{ exclude: 'a' }, /exclude must be an array/],
    [{ ignoreFile: '../x' }, /ignoreFile/],
    [{ filter: 1 }, /no option filter/],
  ])('refuses %j', async (options, message) => {
    await using at = await stage();
    const error = at.down(options as unknown as PlanOptions);
    await expect(error).rejects.toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringMatching(message) });
    expect(at.server.commands).toEqual([]);
  });

  it('refuses two local places, and what is none', async () => {
    await expect(lastValueFrom(plan$(local('a'), local('b')))).rejects.toThrow(/needs a remote place/);
    await expect(lastValueFrom(plan$('a' as never, local('b')))).rejects.toThrow(/needs a place/);
  });

  it('sends nothing more when it is left', async () => {
    await using at = await stage({ 'a/b/c': '' });
    const observed = observe(plan$(remote(at.ftp, '/t'), local(at.here.path)), { name: 'plan$' });
    observed.unsubscribe();
    await lastValueFrom(at.ftp.noop$());
    expect(at.server.commands.filter((line) => line.startsWith('MLSD'))).toEqual([]);
  });
});

describe("compare: 'hash'", () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

  async function hashing(at: Stage): Promise<void> {
    at.server.on(
      'XSHA256',
      async ({ argument }) => `250 ${sha256(at.server.files.get(argument.replaceAll('"', ''))?.text ?? '')}`,
    );
  }

  it('copies what has other bytes, and sets times', async () => {
    await using at = await stage({ same: 'abc', differs: 'abc', longer: 'abcd' });
    await hashing(at);
    await using ftp = new FtpClient({ ...at.server.options, features: ['MLST', 'XSHA256', 'UTF8'] });
    await at.write('same', 'abc', new Date(0));
    await at.write('differs', 'abd');
    await at.write('longer', 'abc');
    const plan = await lastValueFrom(plan$(remote(ftp, '/t'), local(at.here.path), { compare: 'hash' }));
    expect(shown(plan)).toEqual(['update differs', 'update longer', 'time same']);
    expect(at.server.commands.filter((line) => line.startsWith('XSHA256'))).toHaveLength(2);
  });

  it('errors on a server that computes none', async () => {
    await using at = await stage({ a: 'abc' });
    await at.write('a', 'abc');
    await using ftp = new FtpClient({ ...at.server.options, features: ['MLST'] });
    const planned$ = plan$(remote(ftp, '/t'), local(at.here.path), { compare: 'hash' });
    await expect(lastValueFrom(planned$)).rejects.toMatchObject({ name: 'FtpUnsupportedError' });
  });
});

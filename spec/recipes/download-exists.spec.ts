/** `download$` where the local file is there already, or part of it: the option `exists`, and what is kept of the remote file. */
import { randomBytes } from 'node:crypto';
import { appendFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { type DownloadOptions, download$, type FileProgress } from '../../lib/recipes/index.js';
import { type Observation, observe } from '../support/observe.js';
import { modified, RecipeStage } from './support/recipe-stage.js';

const big = randomBytes(3_000_000);

type Stage = RecipeStage & {
  start(remote: string, name: string, options?: DownloadOptions): Observation<FileProgress>;
};

async function stage(content: Uint8Array | string = 'hello world'): Promise<Stage> {
  const at = await RecipeStage.open();
  at.server.files.set('/a.txt', { bytes: content, modified });
  return Object.assign(at, {
    start: (remote: string, name: string, options?: DownloadOptions) =>
      observe(download$(at.ftp, remote, at.local.at(name), options), { name: 'download$' }),
  });
}

describe('exists', () => {
  it.each<[DownloadOptions['exists'], string]>([
    ['skip', 'old'],
    ['overwrite', 'hello world'],
    ['newer', 'hello world'],
    ['resume', 'hello world'],
  ])('%s leaves %j under the name of an older file', async (exists, content) => {
    await using at = await stage();
    await writeFile(at.local.at('got'), 'old');
    await utimes(at.local.at('got'), new Date(0), new Date(0));
    const last = (await at.start('/a.txt', 'got', { exists }).settled).at(-1);
    expect((await at.local.read('got')).toString()).toBe(content);
    expect(last).toMatchObject({ done: true, file: at.local.at('got') });
    expect(last?.skipped).toBe(exists === 'skip' ? true : undefined);
    expect(await at.local.names()).toEqual(['got']);
  });

  it.each([
    'skip',
    'overwrite',
    'newer',
    'rename',
    'fail',
    'resume',
  ] as const)('%s downloads where nothing is', async (exists) => {
    await using at = await stage();
    expect((await at.start('/a.txt', 'got', { exists }).settled).at(-1)).toMatchObject({ done: true, bytes: 11 });
    expect((await at.local.read('got')).toString()).toBe('hello world');
    expect(await at.local.names()).toEqual(['got']);
  });

  it.each([
    ['the same time', modified],
    ['a later one', new Date('2025-01-01T00:00:00Z')],
    ['the same second', new Date(modified.getTime() + 900)],
  ])('newer skips a file of %s', async (_what, time) => {
    await using at = await stage();
    await writeFile(at.local.at('got'), 'old');
    await utimes(at.local.at('got'), time, time);
    expect((await at.start('/a.txt', 'got', { exists: 'newer' }).settled).at(-1)).toMatchObject({
      skipped: true,
      bytes: 0,
    });
    expect((await at.local.read('got')).toString()).toBe('old');
    expect(at.sent('RETR')).toEqual([]);
  });

  it('skip and fail send nothing where a file is', async () => {
    await using at = await stage();
    await writeFile(at.local.at('got'), 'old');
    await at.start('/a.txt', 'got', { exists: 'skip' }).settled;
    expect(await at.start('/a.txt', 'got', { exists: 'fail' }).failed).toMatchObject({ code: 'EEXIST' });
    expect(at.server.commands).toEqual([]);
  });

  it('rename takes the first free name', async () => {
    await using at = await stage();
    for (const name of ['got.txt', 'got (1).txt']) await writeFile(at.local.at(name), 'old');
    const last = (await at.start('/a.txt', 'got.txt', { exists: 'rename' }).settled).at(-1);
    expect(last?.file).toBe(at.local.at('got (2).txt'));
    expect(await at.local.names()).toEqual(['got (1).txt', 'got (2).txt', 'got.txt']);
    expect((await at.local.read('got.txt')).toString()).toBe('old');
  });

  it('rename gives each of several downloads a name of its own', async () => {
    await using at = await stage();
    await writeFile(at.local.at('got'), 'old');
    const downloads = [1, 2, 3, 4].map(() => at.start('/a.txt', 'got', { exists: 'rename' }));
    const files = await Promise.all(downloads.map(async ({ settled }) => (await settled).at(-1)?.file));
    const names = [1, 2, 3, 4].map((number) => `got (${number})`);
    expect(files.toSorted()).toEqual(names.map((name) => at.local.at(name)));
    expect(await at.local.names()).toEqual(['got', ...names]);
  });

  it('takes a link that leads nowhere for a file', async () => {
    await using at = await stage();
    await symlink('nowhere', at.local.at('got'));
    await symlink('nowhere', at.local.at('got (1)'));
    expect((await at.start('/a.txt', 'got', { exists: 'skip' }).settled).at(-1)).toMatchObject({ skipped: true });
    expect(await at.start('/a.txt', 'got', { exists: 'fail' }).failed).toMatchObject({ code: 'EEXIST' });
    expect(at.server.commands).toEqual([]);
    const last = (await at.start('/a.txt', 'got', { exists: 'rename' }).settled).at(-1);
    expect(last?.file).toBe(at.local.at('got (2)'));
  });

  it.each([
    ['x'.repeat(256), 'overwrite', 'ENAMETOOLONG'],
    ['x'.repeat(256), 'resume', 'ENAMETOOLONG'],
    ['x'.repeat(255), 'rename', 'ENAMETOOLONG'],
    ['got/', 'overwrite', 'ERR_FTP_USAGE'],
  ] as const)('refuses the local name %s before anything is sent (%s)', async (name, exists, code) => {
    await using at = await stage();
    if (exists === 'rename') await writeFile(at.local.at(name), 'old');
    expect(await at.start('/a.txt', name, { exists }).failed).toMatchObject({ code });
    expect(at.server.commands).toEqual([]);
  });

  it('fail replaces no file that comes meanwhile', async () => {
    await using at = await stage(big);
    const download = at.start('/a.txt', 'got', { exists: 'fail', progressIntervalMs: 0 });
    await download.nth(1);
    await writeFile(at.local.at('got'), 'mine');
    expect(await download.failed).toMatchObject({ code: 'EEXIST' });
    expect((await at.local.read('got')).toString()).toBe('mine');
    expect(await at.local.names()).toEqual(['got']);
  });

  it.each([
    [{ exists: 'always' }, /exists must be one of 'overwrite', 'skip'/],
    [{ keepTime: 1 }, /keepTime must be true or false/],
    [{ fsync: 'yes' }, /fsync must be true or false/],
    [{ exists: 'resume', end: 4 }, /leave out end/],
    [{ exists: 'resume', type: 'ascii' }, /not for the type ascii/],
    [{ exist: 'skip' }, /exists/],
  ])('%j is refused before anything is sent', async (options, message) => {
    await using at = await stage();
    const error = await at.start('/a.txt', 'got', options as DownloadOptions).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringMatching(message) });
    expect(at.server.commands).toEqual([]);
  });

  it('needs an ftp that can be asked', async () => {
    await using at = await stage();
    const retr$ = at.ftp.retr$.bind(at.ftp);
    const left = lastValueFrom(download$({ retr$ }, '/a.txt', at.local.at('got'), { keepTime: true }));
    await expect(left).rejects.toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringContaining('mdtm$') });
  });
});

describe('keepTime and fsync', () => {
  it.each([
    {},
    { fsync: true },
    { exists: 'resume' as const, fsync: true },
  ])('give the file the remote time (%j)', async (options) => {
    await using at = await stage();
    await at.start('/a.txt', 'got', { ...options, keepTime: true }).settled;
    expect((await stat(at.local.at('got'))).mtime).toEqual(modified);
    expect((await at.local.read('got')).toString()).toBe('hello world');
  });

  it('fail before anything moves where the server tells no time', async () => {
    await using at = await stage();
    at.server.fail('MDTM', { refuse: 550 });
    expect(await at.start('/a.txt', 'got', { keepTime: true }).failed).toMatchObject({ reply: { code: 550 } });
    expect(at.sent('RETR')).toEqual([]);
    expect(await at.local.names()).toEqual([]);
  });
});

describe("exists: 'resume'", () => {
  const partial = /^got\.[0-9a-f]{24}\.part$/;

  /** A download that was broken off after about a million bytes. */
  async function brokenOff(at: Stage): Promise<string> {
    at.server.fail('RETR', { cut: 'data', afterBytes: 1_000_000 });
    await at.start('/a.txt', 'got', { exists: 'resume' }).failed;
    const names = await at.local.names();
    expect(names).toEqual([expect.stringMatching(partial)]);
    return at.local.at(names[0] ?? '');
  }

  it('completes what an earlier run has left', async () => {
    await using at = await stage(big);
    const stored = (await stat(await brokenOff(at))).size;
    const values = await at.start('/a.txt', 'got', { exists: 'resume', progressIntervalMs: 0 }).settled;
    expect((await at.local.read('got')).equals(big)).toBe(true);
    expect(await at.local.names()).toEqual(['got']);
    expect(at.sent('REST')).toEqual([`REST ${stored - 4096}`]);
    expect(values.at(-1)).toMatchObject({
      bytes: big.length,
      total: big.length,
      resumedFrom: stored - 4096,
      verified: true,
    });
  });

  it('keeps what was there when it is left, too', async () => {
    await using at = await stage(big);
    const download = at.start('/a.txt', 'got', { exists: 'resume', progressIntervalMs: 0 });
    while ((download.values.at(-1)?.bytes ?? 0) < 1_000_000) await download.nth(download.values.length + 1);
    download.unsubscribe();
    await vi.waitFor(async () => expect(await at.local.names()).toHaveLength(1));
    await at.start('/a.txt', 'got', { exists: 'resume' }).settled;
    expect((await at.local.read('got')).equals(big)).toBe(true);
    expect(await at.local.names()).toEqual(['got']);
  });

  it('begins anew where the remote file has changed, and removes the old partial file', async () => {
    await using at = await stage(big);
    await brokenOff(at);
    const other = randomBytes(2_000_000);
    at.server.files.set('/a.txt', { bytes: other, modified });
    await at.start('/a.txt', 'got', { exists: 'resume' }).settled;
    expect((await at.local.read('got')).equals(other)).toBe(true);
    expect(await at.local.names()).toEqual(['got']);
    expect(at.sent('REST')).toEqual([]);
  });

  it('refuses another file of the same size and time, and begins anew after that', async () => {
    await using at = await stage(big);
    await brokenOff(at);
    const other = randomBytes(big.length);
    at.server.files.set('/a.txt', { bytes: other, modified });
    const error = await at.start('/a.txt', 'got', { exists: 'resume' }).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER', message: expect.stringContaining('was not resumed') });
    expect(await at.local.names()).toEqual([]);
    await at.start('/a.txt', 'got', { exists: 'resume' }).settled;
    expect((await at.local.read('got')).equals(other)).toBe(true);
  });

  it.each([
    ['REST', 502],
    ['RETR', 554],
  ])('begins anew on a server that refuses the offset: %s by %i', async (verb, refuse) => {
    await using at = await stage(big);
    await brokenOff(at);
    at.server.fail(verb, { refuse });
    const last = (await at.start('/a.txt', 'got', { exists: 'resume' }).settled).at(-1);
    expect((await at.local.read('got')).equals(big)).toBe(true);
    expect(last?.resumedFrom).toBeUndefined();
  });

  it.each(['SIZE', 'MDTM'])('keeps nothing on a server that refuses %s', async (verb) => {
    await using at = await stage(big);
    at.server.fail(verb, { refuse: 502 });
    at.server.fail('RETR', { cut: 'data', afterBytes: 1_000_000 });
    await at.start('/a.txt', 'got', { exists: 'resume' }).failed;
    expect(await at.local.names()).toEqual([]);
  });

  it('has nothing to add to a partial file that is whole', async () => {
    await using at = await stage(big);
    await writeFile(await brokenOff(at), big);
    await at.start('/a.txt', 'got', { exists: 'resume' }).settled;
    expect((await at.local.read('got')).equals(big)).toBe(true);
  });

  it('begins anew where the partial file is longer than the remote one', async () => {
    await using at = await stage(big);
    await writeFile(await brokenOff(at), Buffer.alloc(big.length + 1));
    await at.start('/a.txt', 'got', { exists: 'resume' }).settled;
    expect((await at.local.read('got')).equals(big)).toBe(true);
  });

  it.each([
    false,
    'size',
    'hash',
    undefined,
  ] as const)('refuses what a server sends that ignores REST, verify: %s', async (verify) => {
    const zeros = Buffer.alloc(3_000_000);
    await using at = await stage(zeros);
    await brokenOff(at);
    at.server.on('REST', () => '350 Never mind.');
    expect(await at.start('/a.txt', 'got', { exists: 'resume', verify }).failed).toMatchObject({
      code: 'ERR_FTP_TRANSFER',
    });
    expect(await at.local.names()).toEqual([]);
  });

  it.each([
    false,
    'size',
    'hash',
    undefined,
  ] as const)('is not complete when it is cut short, verify: %s', async (verify) => {
    await using at = await stage(big);
    at.server.fail('RETR', { truncate: 1_000_000 });
    expect(await at.start('/a.txt', 'got', { exists: 'resume', verify }).failed).toMatchObject({
      code: 'ERR_FTP_TRANSFER',
    });
    expect(await at.local.names()).not.toContain('got');
  });

  it('has a partial file whose name fits where a name may have 143 bytes', async () => {
    await using at = await stage(big);
    at.server.fail('RETR', { cut: 'data', afterBytes: 1_000_000 });
    await at.start('/a.txt', 'x'.repeat(143), { exists: 'resume' }).failed;
    const [name = ''] = await at.local.names();
    expect(name.length).toBeLessThanOrEqual(143);
    await at.start('/a.txt', 'x'.repeat(143), { exists: 'resume' }).settled;
    expect(at.sent('REST')).toHaveLength(1);
  });

  it('does not write through a link that has the name of the partial file', async () => {
    await using at = await stage(big);
    const path = await brokenOff(at);
    await rm(path);
    await writeFile(at.local.at('other'), '');
    await symlink(at.local.at('other'), path);
    expect(await at.start('/a.txt', 'got', { exists: 'resume' }).failed).toMatchObject({ code: 'EEXIST', path });
    expect((await at.local.read('other')).length).toBe(0);
  });

  it('leaves a partial file alone that another download writes to', async () => {
    await using at = await stage(big);
    const path = await brokenOff(at);
    const off = at.server.on('RETR', async () => {
      await appendFile(path, 'more');
      return undefined;
    });
    const error = await at.start('/a.txt', 'got', { exists: 'resume' }).failed;
    expect(error).toMatchObject({ message: expect.stringContaining('Another download') });
    expect((await at.local.read(basename(path))).subarray(-4).toString()).toBe('more');
    off();
  });

  it('compares the checksum of the whole file', async () => {
    await using at = await stage(big);
    await brokenOff(at);
    const last = (await at.start('/a.txt', 'got', { exists: 'resume', verify: 'hash' }).settled).at(-1);
    expect(last?.verifiedBy).toMatch(/^SHA-/);
    const path = await brokenOff2(at);
    const wrong = await at.local.read(path);
    wrong[0] = (wrong[0] ?? 0) ^ 1;
    await writeFile(at.local.at(path), wrong);
    const error = await at.start('/a.txt', 'again', { exists: 'resume', verify: 'hash' }).failed;
    expect(error).toMatchObject({
      code: 'ERR_FTP_TRANSFER',
      message: expect.stringContaining('where the server says'),
    });
    expect(await at.local.names()).toEqual(['got']);
  });

  it('can be left by its signal while that is asked for', async () => {
    await using at = await stage(big);
    await brokenOff(at);
    const leave = new AbortController();
    at.server.on('HASH', () => {
      leave.abort(new Error('left'));
      return undefined;
    });
    const download = at.start('/a.txt', 'got', { exists: 'resume', verify: 'hash', signal: leave.signal });
    expect(await download.failed).toMatchObject({ message: 'left' });
    expect(await at.local.names()).toEqual([expect.stringMatching(partial)]);
  });

  async function brokenOff2(at: Stage): Promise<string> {
    at.server.fail('RETR', { cut: 'data', afterBytes: 1_000_000 });
    await at.start('/a.txt', 'again', { exists: 'resume' }).failed;
    return (await at.local.names()).find((name) => name.startsWith('again')) ?? '';
  }
});

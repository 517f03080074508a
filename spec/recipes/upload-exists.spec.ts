/** `upload$` where the remote file is there already, or part of it, and under a temporary name: `exists`, `atomic`, `keepTime`. */
import { randomBytes } from 'node:crypto';
import { utimes, writeFile } from 'node:fs/promises';
import { lastValueFrom, Subject, takeUntil, tap } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { type FileProgress, type UploadOptions, upload$ } from '../../lib/recipes/index.js';
import type { UploadFtp } from '../../lib/recipes/remote-plan.js';
import { type Observation, observe } from '../support/observe.js';
import { modified, RecipeStage } from './support/recipe-stage.js';

const big = randomBytes(3_000_000);

type Stage = RecipeStage & {
  start(remote: string, options?: UploadOptions): Observation<FileProgress>;
  text(path: string): string | undefined;
};

async function stage(content: Uint8Array | string = 'hello world', old?: Uint8Array | string): Promise<Stage> {
  const at = await RecipeStage.open();
  await writeFile(at.local.at('it'), content);
  await utimes(at.local.at('it'), modified, modified);
  if (old !== undefined) at.server.files.set('/in/a.txt', { bytes: old, modified });
  else at.server.files.set('/in/other', 'other');
  return Object.assign(at, {
    start: (remote: string, options?: UploadOptions) =>
      observe(upload$(at.ftp, at.local.at('it'), remote, options), { name: 'upload$' }),
    text: (path: string) => at.server.files.get(path)?.text,
  });
}

const paths = ({ server }: Stage): readonly string[] =>
  [...server.files.keys()].filter((path) => !path.endsWith('/')).toSorted();

describe('exists', () => {
  it.each([
    'skip',
    'overwrite',
    'newer',
    'rename',
    'fail',
    'resume',
  ] as const)('%s uploads where nothing is', async (exists) => {
    await using at = await stage();
    expect((await at.start('/in/a.txt', { exists }).settled).at(-1)).toMatchObject({
      done: true,
      path: '/in/a.txt',
      bytes: 11,
    });
    expect(at.text('/in/a.txt')).toBe('hello world');
  });

  it('skip leaves a file alone, and says so', async () => {
    await using at = await stage('hello world', 'old');
    expect(await at.start('/in/a.txt', { exists: 'skip' }).settled).toEqual([
      expect.objectContaining({ skipped: true, done: true, bytes: 0, path: '/in/a.txt' }),
    ]);
    expect(at.text('/in/a.txt')).toBe('old');
    expect(at.sent('STOR')).toEqual([]);
  });

  it('fail is an error, before anything is stored', async () => {
    await using at = await stage('hello world', 'old');
    expect(await at.start('/in/a.txt', { exists: 'fail' }).failed).toMatchObject({ code: 'EEXIST' });
    expect(at.sent('STOR')).toEqual([]);
  });

  it.each([
    ['older', new Date(modified.getTime() - 5000), 'old'],
    ['as old', new Date(modified.getTime() + 500), 'old'],
    ['newer', new Date(modified.getTime() + 2000), 'hello world'],
  ])('newer, where the local file is %s', async (_what, time, content) => {
    await using at = await stage('hello world', 'old');
    await utimes(at.local.at('it'), time, time);
    await at.start('/in/a.txt', { exists: 'newer' }).settled;
    expect(at.text('/in/a.txt')).toBe(content);
  });

  it('rename takes the first free name, and tells it', async () => {
    await using at = await stage('hello world', 'old');
    at.server.files.set('/in/a (1).txt', 'old too');
    expect((await at.start('/in/a.txt', { exists: 'rename' }).settled).at(-1)?.path).toBe('/in/a (2).txt');
    expect(at.text('/in/a (2).txt')).toBe('hello world');
    expect(at.text('/in/a.txt')).toBe('old');
  });

  it.each([
    [{ exists: 'never' }, /exists must be one of/],
    [{ atomic: 1 }, /atomic must be true or false/],
    [{ keepTime: 'yes' }, /keepTime must be true or false/],
    [{ atomic: true, start: 4 }, /leave out atomic/],
    [{ exists: 'resume', start: 4 }, /leave out exists/],
    [{ exists: 'resume', type: 'A' }, /not for the type ascii/],
    [{ atomik: true }, /atomic/],
  ])('%j is refused before anything is sent', async (options, message) => {
    await using at = await stage();
    const error = await at.start('/in/a.txt', options as UploadOptions).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringMatching(message) });
    expect(at.server.commands).toEqual([]);
  });

  it.each<[UploadOptions, string]>([
    [{ exists: 'skip' }, 'lookup$'],
    [{ exists: 'resume' }, 'retr$'],
    [{ atomic: true }, 'rename$'],
    [{ keepTime: true }, 'mfmt$'],
  ])('%j needs an ftp that has %s', async (options, name) => {
    await using at = await stage();
    const stor$ = at.ftp.stor$.bind(at.ftp);
    const left = lastValueFrom(upload$({ stor$ }, at.local.at('it'), '/in/a.txt', options));
    await expect(left).rejects.toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringContaining(name) });
    expect(at.server.commands).toEqual([]);
  });
});

describe("exists: 'resume'", () => {
  it('goes on with a file whose bytes fit', async () => {
    await using at = await stage(big, big.subarray(0, 1_000_000));
    const values = await at.start('/in/a.txt', { exists: 'resume', verify: 'size', progressIntervalMs: 0 }).settled;
    expect(Buffer.from(at.server.files.get('/in/a.txt')?.bytes ?? []).equals(big)).toBe(true);
    expect(at.sent('REST').at(-1)).toBe('REST 1000000');
    expect(values.at(-1)).toMatchObject({
      bytes: big.length,
      total: big.length,
      resumedFrom: 1_000_000,
      verified: true,
    });
  });

  it.each([
    ['has other bytes', randomBytes(1_000_000)],
    ['is longer', Buffer.concat([big, Buffer.from('x')])],
    ['is empty', Buffer.alloc(0)],
  ])('begins anew where the remote file %s', async (_what, old) => {
    await using at = await stage(big, old);
    const last = (await at.start('/in/a.txt', { exists: 'resume' }).settled).at(-1);
    expect(Buffer.from(at.server.files.get('/in/a.txt')?.bytes ?? []).equals(big)).toBe(true);
    expect(last?.resumedFrom).toBeUndefined();
  });

  it.each([
    ['refuses REST', 'REST', 1],
    ['refuses REST before STOR alone', 'REST', 2],
    ['lets nobody read', 'RETR', 1],
  ])('begins anew on a server that %s', async (_what, verb, from) => {
    await using at = await stage(big, big.subarray(0, 1_000_000));
    let asked = 0;
    at.server.on(verb, () => {
      asked += 1;
      return asked >= from ? '502 No.' : undefined;
    });
    const last = (await at.start('/in/a.txt', { exists: 'resume', verify: 'size' }).settled).at(-1);
    expect(last).toMatchObject({ bytes: big.length, total: big.length, verified: true });
    expect(last?.resumedFrom).toBeUndefined();
    expect(Buffer.from(at.server.files.get('/in/a.txt')?.bytes ?? []).equals(big)).toBe(true);
  });

  it.each([false, true])('joins no two states of the local file, atomic: %s', async (atomic) => {
    await using at = await stage(big);
    at.server.fail('STOR', { cut: 'data', afterBytes: 1_000_000 });
    await at.start('/in/a.txt', { exists: 'resume', atomic }).failed;
    at.server.on('RETR', async () => {
      await writeFile(at.local.at('it'), randomBytes(big.length));
      return undefined;
    });
    const error = await at.start('/in/a.txt', { exists: 'resume', atomic }).failed;
    expect(error).toMatchObject({ message: expect.stringContaining('was changed') });
    expect(at.sent('RNTO')).toEqual([]);
  });

  it('completes the temporary file of an earlier run', async () => {
    await using at = await stage(big, 'old');
    at.server.fail('STOR', { cut: 'data', afterBytes: 1_000_000 });
    await at.start('/in/a.txt', { exists: 'resume', atomic: true }).failed;
    expect(at.text('/in/a.txt')).toBe('old');
    expect(paths(at)).toEqual(['/in/a.txt', expect.stringMatching(/^\/in\/rxftp-[0-9a-f]{12}\.part$/)]);
    const last = (await at.start('/in/a.txt', { exists: 'resume', atomic: true }).settled).at(-1);
    expect(last?.resumedFrom).toBeGreaterThan(0);
    expect(Buffer.from(at.server.files.get('/in/a.txt')?.bytes ?? []).equals(big)).toBe(true);
    expect(paths(at)).toEqual(['/in/a.txt']);
  });
});

describe('atomic', () => {
  it('stores under a temporary name, verifies it, and renames it', async () => {
    await using at = await stage('hello world', 'old');
    const last = (await at.start('/in/a.txt', { atomic: true, keepTime: true }).settled).at(-1);
    expect(last).toMatchObject({ path: '/in/a.txt', done: true, verifiedBy: 'size' });
    expect(at.text('/in/a.txt')).toBe('hello world');
    expect(at.server.files.get('/in/a.txt')?.modified).toEqual(modified);
    expect(paths(at)).toEqual(['/in/a.txt']);
    expect(at.sent('STOR')).toEqual([expect.stringMatching(/^STOR \/in\/rxftp-[0-9a-f]{12}\.part$/)]);
  });

  it.each([
    ['refuses STOR', 'STOR', { refuse: 553 }],
    ['breaks the upload off', 'STOR', { cut: 'data', afterBytes: 5 }],
    ['refuses MFMT', 'MFMT', { refuse: 550 }],
    ['refuses RNTO', 'RNTO', { refuse: 553 }],
  ] as const)('leaves the old file, and no other, where the server %s', async (_what, verb, fault) => {
    await using at = await stage('hello world', 'old');
    at.server.fail(verb, fault);
    // A server that refuses RNTO refuses the way around too.
    if (verb === 'RNTO') for (let more = 0; more < 2; more += 1) at.server.fail('RNFR', { refuse: 550 });
    await at.start('/in/a.txt', { atomic: true, keepTime: true }).failed;
    await vi.waitFor(() => expect(paths(at)).toEqual(['/in/a.txt']));
    expect(at.text('/in/a.txt')).toBe('old');
  });

  it('says how to do without it where the server lets nobody rename', async () => {
    await using at = await stage();
    at.server.fail('RNFR', { refuse: 550 });
    const error = await at.start('/in/a.txt', { atomic: true }).failed;
    expect(error).toMatchObject({
      code: 'ERR_FTP_REPLY',
      message: expect.stringContaining('atomic: false'),
    });
    expect(paths(at)).toEqual(['/in/other']);
  });

  it('moves the old file aside where the server does not rename over it', async () => {
    await using at = await stage('hello world', 'old');
    at.server.fail('RNTO', { refuse: 553 });
    await at.start('/in/a.txt', { atomic: true }).settled;
    expect(at.text('/in/a.txt')).toBe('hello world');
    expect(paths(at)).toEqual(['/in/a.txt']);
    expect(at.sent('RNTO').map((line) => line.replace(/[0-9a-f]{12}/, '*'))).toEqual([
      'RNTO /in/a.txt',
      'RNTO /in/rxftp-*.part.old',
      'RNTO /in/a.txt',
    ]);
  });

  it('removes what a killed run has put aside', async () => {
    await using at = await stage('hello world', 'old');
    at.server.on('RNTO', ({ argument }) => (at.server.files.has(argument) ? '553 It is there.' : undefined));
    at.server.fail('DELE', { refuse: 550 });
    const options: UploadOptions = { atomic: true, exists: 'resume' };
    await at.start('/in/a.txt', options).failed;
    expect(paths(at)).toEqual(['/in/a.txt', expect.stringMatching(/\.part\.old$/)]);
    await at.start('/in/a.txt', options).settled;
    expect([paths(at), at.text('/in/a.txt')]).toEqual([['/in/a.txt'], 'hello world']);
  });

  it('gives the old file its name back where the new one cannot have it', async () => {
    await using at = await stage('hello world', 'old');
    at.server.fail('RNTO', { refuse: 553 });
    at.server.fail('RNTO', { delayMs: 0 });
    at.server.fail('RNTO', { refuse: 553 });
    expect(await at.start('/in/a.txt', { atomic: true }).failed).toMatchObject({ reply: { code: 553 } });
    expect(at.text('/in/a.txt')).toBe('old');
    await vi.waitFor(() => expect(paths(at)).toEqual(['/in/a.txt']));
  });

  it('says where the old file is where it cannot get its name back', async () => {
    await using at = await stage('hello world', 'old');
    let renamed = 0;
    at.server.on('RNTO', () => {
      renamed += 1;
      return renamed === 2 ? undefined : '553 No.';
    });
    const error = (await at.start('/in/a.txt', { atomic: true }).failed) as Error;
    const [aside = ''] = paths(at);
    expect(aside).toMatch(/\.part\.old$/);
    expect(at.text(aside)).toBe('old');
    expect(error).toMatchObject({ code: 'ERR_FTP_REPLY', message: expect.stringContaining(`/in/a.txt is ${aside}`) });
  });

  it('says where the old file is where it cannot be deleted', async () => {
    await using at = await stage('hello world', 'old');
    at.server.fail('RNTO', { refuse: 553 });
    at.server.on('DELE', () => '550 No.');
    const error = (await at.start('/in/a.txt', { atomic: true }).failed) as Error;
    expect(error.message).toMatch(/The upload is \/in\/a\.txt\. The file that it was before is .*\.part\.old\./);
    expect(at.text('/in/a.txt')).toBe('hello world');
  });

  it.each(['RNTO', 'DELE'])('looks after a lost reply to %s on the way around, too', async (verb) => {
    await using at = await stage('hello world', 'old');
    at.server.fail('RNTO', { refuse: 553 });
    at.server.fail(verb, { cut: 'control' });
    expect((await at.start('/in/a.txt', { atomic: true }).settled).at(-1)?.done).toBe(true);
    expect([paths(at), at.text('/in/a.txt')]).toEqual([['/in/a.txt'], 'hello world']);
  });

  it('moves the old file aside on a server without SIZE, too', async () => {
    await using at = await stage('hello world', 'old');
    at.server.on('SIZE', () => '502 No.');
    at.server.fail('RNTO', { refuse: 553 });
    await at.start('/in/a.txt', { atomic: true }).settled;
    expect([paths(at), at.text('/in/a.txt')]).toEqual([['/in/a.txt'], 'hello world']);
  });

  it.each(['in\\', 'DISK:[IN]'])('stores beside the final name in %s, too', async (directory) => {
    await using at = await stage();
    await at.start(`${directory}a.txt`, { atomic: true }).settled;
    const [stored = ''] = at.sent('STOR');
    expect(stored.startsWith(`STOR ${directory}rxftp-`)).toBe(true);
  });

  it.each(['', '/in/', 'a\r\nDELE b', 'a\0'])('refuses the remote name %j before anything is sent', async (name) => {
    await using at = await stage();
    expect(await at.start(name, { atomic: true }).failed).toMatchObject({ code: 'ERR_FTP_USAGE' });
    expect(at.server.commands).toEqual([]);
  });

  it('looks whether a rename was done whose reply is lost', async () => {
    await using at = await stage('hello world', 'old');
    at.server.fail('RNTO', { cut: 'control' });
    const upload = at.start('/in/a.txt', { atomic: true });
    await upload.ended;
    const isDone = at.text('/in/a.txt') === 'hello world';
    expect(isDone ? upload.values.at(-1)?.done : at.text('/in/a.txt')).toBe(isDone ? true : 'old');
    await vi.waitFor(() => expect(paths(at)).toEqual(['/in/a.txt']));
  });

  it('deletes the temporary file that cannot be verified', async () => {
    await using at = await stage('hello world', 'old');
    at.server.fail('SIZE', { refuse: 451 });
    expect(await at.start('/in/a.txt', { atomic: true }).failed).toMatchObject({ reply: { code: 451 } });
    expect([paths(at), at.text('/in/a.txt')]).toEqual([['/in/a.txt'], 'old']);
  });

  it('deletes the temporary file when it is left while that is verified', async () => {
    await using at = await stage('hello world', 'old');
    const leave = new AbortController();
    at.server.on('SIZE', () => {
      leave.abort();
      return undefined;
    });
    await at.start('/in/a.txt', { atomic: true, signal: leave.signal }).failed;
    await vi.waitFor(() => expect(paths(at)).toEqual(['/in/a.txt']));
    expect(at.text('/in/a.txt')).toBe('old');
  });

  it('removes the temporary file when it is left', async () => {
    await using at = await stage(big, 'old');
    const upload = at.start('/in/a.txt', { atomic: true, progressIntervalMs: 0 });
    await upload.nth(1);
    upload.unsubscribe();
    await vi.waitFor(() => expect(paths(at)).toEqual(['/in/a.txt']));
    expect(at.text('/in/a.txt')).toBe('old');
  });

  it.each([
    0, 1, 2, 3,
  ])('removes the temporary file when it is left %d turns after the last reply to STOR', async (turns) => {
    await using at = await stage('new', 'old');
    const left = new Subject<void>();
    const ftp: UploadFtp = {
      stor$: (...args) =>
        at.ftp.stor$(...args).pipe(
          tap(async ({ done }) => {
            for (let turn = 0; turn < turns; turn += 1) await undefined;
            if (done) left.next();
          }),
        ),
      size$: (...args) => at.ftp.size$(...args),
      rename$: (...args) => at.ftp.rename$(...args),
      dele$: (...args) => at.ftp.dele$(...args),
    };
    const leaving$ = upload$(ftp, at.local.at('it'), '/in/a.txt', { atomic: true }).pipe(takeUntil(left));
    await lastValueFrom(leaving$, { defaultValue: undefined });
    await vi.waitFor(() => expect(paths(at)).toEqual(['/in/a.txt']));
  });
});

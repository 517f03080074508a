/** `apply$` and `mirror$` against a server in the process: what is done, what is refused, and what is left. */
import { stat, symlink, writeFile } from 'node:fs/promises';
import { defer, EMPTY, filter, finalize, lastValueFrom, map, type Observable, toArray } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { takeParts } from '../../../lib/client/parts.js';
import { FtpClient, type TransferProgress } from '../../../lib/index.js';
import {
  type ApplyOptions,
  apply$,
  FtpTreeError,
  local,
  type MirrorEvent,
  type MirrorOptions,
  mirror$,
  type Place,
  type Plan,
  plan$,
  remote,
  type StepEvent,
} from '../../../lib/recipes/index.js';
import { testServer } from '../../../lib/testing/index.js';
import { Latch } from '../../control/support/connected.js';
import { observe } from '../../support/observe.js';
import { type MirrorStage, mirrorStage, OLD, remoteTree } from './support/mirror-stage.js';
import { shown } from './support/trees.js';

const tree = { 'a.txt': 'one', 'd/b.bin': 'x'.repeat(2000), 'd/e/': '', 'd/f/empty': '', 'sp ace/ü.txt': 'two' };

const steps = (events: readonly MirrorEvent[]): string[] =>
  events
    .filter((event): event is StepEvent => event.type === 'step')
    .map(({ result, step }) => `${result} ${step.do} ${step.path}`);

const all = <T>(events$: Observable<T>): Promise<T[]> => lastValueFrom(events$.pipe(toArray()));

const planned = (from: Place, to: Place, options = {}): Promise<Plan> => lastValueFrom(plan$(from, to, options));

/** The error, and the steps before it. */
async function failing(events$: ReturnType<typeof apply$>): Promise<{ error: FtpTreeError; done: string[] }> {
  const observed = observe(events$, { name: 'apply$' });
  const error = await observed.failed;
  return { error: error as FtpTreeError, done: steps(observed.values) };
}

describe.each(['mlsd', 'unix', 'dos'] as const)('mirror$ with listings as of %s', (listing) => {
  it('fetches a tree, and then what has changed', async () => {
    await using at = await mirrorStage(tree, { server: { listing } });
    await all(mirror$(at.there, at.here));
    expect(await at.localTree()).toEqual(at.remoteTree());
    expect((await planned(at.there, at.here, { delete: true })).steps).toEqual([]);
    at.server.files.set('/t/a.txt', { bytes: 'changed', modified: OLD });
    at.server.files.delete('/t/d/f/empty');
    at.server.files.set('/t/d/f/', '');
    at.server.files.set('/t/new/n', 'n');
    const events = await all(mirror$(at.there, at.here, { delete: true }));
    expect(steps(events).toSorted()).toEqual([
      'done copy new/n',
      'done mkdir new',
      'done remove d/f/empty',
      'done update a.txt',
    ]);
    expect(await at.localTree()).toEqual(at.remoteTree());
  });

  it('stores a tree, and then what has changed', async () => {
    await using at = await mirrorStage({}, { server: { listing } });
    for (const [path, content] of Object.entries(tree)) await at.write(path.replace(/\/$/, '/x'), content);
    await all(mirror$(at.here, at.there));
    expect(at.remoteTree()).toEqual(await at.localTree());
    expect((await planned(at.here, at.there, { delete: true })).steps).toEqual([]);
    await at.write('a.txt', 'changed');
    at.server.files.set('/t/extra/x', 'x');
    await all(mirror$(at.here, at.there, { delete: true }));
    expect(at.remoteTree()).toEqual(await at.localTree());
  });

  it('copies a tree from one server to another', async () => {
    await using at = await mirrorStage(tree, { server: { listing } });
    await using other = await testServer({ listing });
    await using ftp = new FtpClient({ ...other.options, maxSessions: 2 });
    const there = remote(ftp, '/deep/down');
    await all(mirror$(at.there, there));
    expect(remoteTree(other, '/deep/down/')).toEqual(at.remoteTree());
    expect((await planned(at.there, there, { delete: true })).steps).toEqual([]);
    await all(mirror$(there, remote(ftp, '/copy')));
    expect(remoteTree(other, '/copy/')).toEqual(at.remoteTree());
  });
});

describe('mirror$', () => {
  it('emits the plan, steps, and progress by the paths of the tree', async () => {
    await using at = await mirrorStage({ 'd/a': 'abc' });
    const events = await all(mirror$(at.there, at.here));
    expect(events.map(({ type }) => type)).toEqual(['plan', 'step', 'progress', 'step']);
    expect(events[2]).toMatchObject({ path: 'd/a', bytes: 3, done: true });
    expect(events[3]).toMatchObject({ step: { do: 'copy', path: 'd/a' }, result: 'done' });
  });

  it.each(['down', 'up'] as const)('puts directories in the place of files, and the other way (%s)', async (way) => {
    await using at = await mirrorStage(way === 'down' ? { 'a/b': 'ab', c: 'c' } : { a: 'a', 'c/d/e': 'cde' });
    for (const [path, content] of Object.entries(
      way === 'down' ? { a: 'a', 'c/d/e': 'cde' } : { 'a/b': 'ab', c: 'c' },
    )) {
      await at.write(path, content);
    }
    const [from, to] = way === 'down' ? [at.there, at.here] : [at.here, at.there];
    const { error } = await failing(apply$(await planned(from, to), from, to));
    expect(error.errors.map(({ path }) => path)).toEqual(['a', 'c']);
    await all(mirror$(from, to, { delete: true }));
    expect(await at.localTree()).toEqual({ 'a/': '', 'a/b': 'ab', c: 'c' });
    expect(at.remoteTree()).toEqual({ 'a/': '', 'a/b': 'ab', c: 'c' });
  });

  it('keeps times on either side', async () => {
    await using at = await mirrorStage({ a: 'a' });
    await all(mirror$(at.there, at.here));
    expect((await stat(at.directory.at('a'))).mtime).toEqual(OLD);
    await at.write('b', 'b', new Date(0));
    await all(mirror$(at.here, at.there));
    expect(at.server.files.get('/t/b')?.modified).toEqual(new Date(0));
    await all(mirror$(at.here, remote(at.ftp, '/u'), { keepTime: false }));
    expect(at.server.files.get('/u/b')?.modified).not.toEqual(new Date(0));
  });

  it('does without times on a server that sets none', async () => {
    await using at = await mirrorStage();
    for (const verb of ['MFMT', 'MDTM', 'SITE']) at.server.on(verb, () => '502 No.');
    await at.write('a', 'a');
    await at.write('b', 'b');
    await all(mirror$(at.here, at.there));
    expect(at.remoteTree()).toEqual({ a: 'a', b: 'b' });
    expect((await planned(at.here, at.there)).steps).toEqual([]);
  });

  it('ends with FtpTreeError where a directory could not be listed, and does the rest', async () => {
    await using at = await mirrorStage({ 'bad/a': 'a', 'good/b': 'b' });
    await at.write('bad/old', 'old');
    at.server.on('MLSD', ({ argument }) => (argument.endsWith('bad') ? '550 No.' : undefined));
    at.server.on('CWD', ({ argument }) => (argument.endsWith('bad') ? '550 No.' : undefined));
    const observed = observe(mirror$(at.there, at.here, { delete: true }), { name: 'mirror$' });
    const error = (await observed.failed) as FtpTreeError;
    expect(error).toBeInstanceOf(FtpTreeError);
    expect(error.errors.map(({ path, name }) => `${path} ${name}`)).toEqual(['bad FtpReplyError']);
    expect(await at.localTree()).toEqual({ 'bad/': '', 'bad/old': 'old', 'good/': '', 'good/b': 'b' });
  });

  it.each([
    [{ concurrency: 0 }, /concurrency/],
    [{ onError: 'ignore' }, /onError/],
    [{ bytesPerSecond: 0 }, /bytesPerSecond/],
    [{ maxErrors: 1.5 }, /maxErrors/],
    [{ atomic: 1 }, /atomic/],
    [{ dryRun: true }, /no option dryRun/],
    [{ compare: 'x' }, /compare/],
  ])('refuses %j before anything is sent', async (options, message) => {
    await using at = await mirrorStage();
    const error = all(mirror$(at.there, at.here, options as unknown as MirrorOptions));
    await expect(error).rejects.toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringMatching(message) });
    expect(at.server.commands).toEqual([]);
  });

  it('ends with the reason of its signal', async () => {
    await using at = await mirrorStage(tree);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(all(mirror$(at.there, at.here, { signal }))).rejects.toThrow('enough');
    expect(at.server.commands).toEqual([]);
  });

  it('moves no more bytes per second than it may', async () => {
    await using at = await mirrorStage({ a: 'x'.repeat(60_000), b: 'x'.repeat(60_000) });
    const start = performance.now();
    await all(mirror$(at.there, at.here, { bytesPerSecond: 200_000 }));
    const up = performance.now();
    await all(mirror$(at.here, remote(at.ftp, '/u'), { bytesPerSecond: 200_000 }));
    // A tenth of a second may pass at once.
    expect(up - start).toBeGreaterThan(450);
    expect(performance.now() - up).toBeGreaterThan(450);
    expect(remoteTree(at.server, '/u/')).toEqual(at.remoteTree());
  });
});

describe('apply$', () => {
  it('does a plan that was kept as JSON', async () => {
    await using at = await mirrorStage(tree);
    const plan: Plan = JSON.parse(JSON.stringify(await planned(at.there, at.here)));
    await all(apply$(plan, at.there, at.here));
    expect(await at.localTree()).toEqual(at.remoteTree());
  });

  it.each(['../evil', '/evil', 'd/../../evil'])('does nothing of a plan with the path %s', async (path) => {
    await using at = await mirrorStage({ a: 'a' });
    const plan = await planned(at.there, at.here);
    const evil = { ...plan, steps: [...plan.steps, { do: 'copy', path, because: '' }] } as Plan;
    await expect(all(apply$(evil, at.there, at.here))).rejects.toMatchObject({ code: 'ERR_FTP_USAGE' });
    expect(await at.localTree()).toEqual({});
  });

  it.each<[string, 'down' | 'up', (at: MirrorStage) => Promise<unknown> | unknown]>([
    ['a file that was not there', 'down', (at) => at.write('new', 'user')],
    ['a file that was changed', 'down', (at) => at.write('changed', 'user', new Date())],
    ['a file of another size', 'down', (at) => at.write('changed', 'longer')],
    ['a file to be removed that was changed', 'down', (at) => at.write('gone', 'user')],
    ['a file that was not there', 'up', (at) => at.server.files.set('/t/new', 'user')],
    [
      'a file that was changed',
      'up',
      (at) => at.server.files.set('/t/changed', { bytes: 'old', modified: new Date() }),
    ],
    ['a file of another size', 'up', (at) => at.server.files.set('/t/changed', { bytes: 'longer', modified: OLD })],
    ['a file to be removed that was changed', 'up', (at) => at.server.files.set('/t/gone', 'user')],
  ])('refuses to touch %s (%s)', async (_what, way, change) => {
    await using at = await mirrorStage(way === 'down' ? { new: 'n', changed: 'newer' } : { changed: 'old', gone: '' });
    if (way === 'down') {
      await at.write('changed', 'old');
      await at.write('gone');
    } else {
      await at.write('new', 'n');
      await at.write('changed', 'newer');
    }
    const [from, to] = way === 'down' ? [at.there, at.here] : [at.here, at.there];
    const plan = await planned(from, to, { delete: true });
    expect(shown(plan)).toEqual(['update changed', 'copy new', 'remove gone']);
    await change(at);
    const before = way === 'down' ? await at.localTree() : at.remoteTree();
    const { error } = await failing(apply$(plan, from, to, { onError: 'continue' }));
    const after = way === 'down' ? await at.localTree() : at.remoteTree();
    expect(error.errors).toHaveLength(1);
    const [{ path, message } = { path: '', message: '' }] = error.errors;
    expect(message).toContain('changed since the plan');
    expect(after[path]).toBe(before[path]);
  });

  it('keeps a local file that came into a new directory while its copy was under way', async () => {
    await using at = await mirrorStage({ 'd/a': 'from the server' });
    at.server.on('RETR', async () => {
      await at.write('d/a', 'of the user');
      return undefined;
    });
    const plan = await planned(at.there, at.here);
    const { error } = await failing(apply$(plan, at.there, at.here));
    expect(error.errors.map(({ path, message }) => [path, message])).toEqual([
      ['d/a', expect.stringContaining('has changed since the plan')],
    ]);
    expect(await at.localTree()).toEqual({ 'd/': '', 'd/a': 'of the user' });
  });

  it.each([
    ['as many as concurrency says', undefined, 4],
    ['all that may wait, if the client has no more sessions than that', 1, 10],
  ] as const)('asks for transfers at a time: %s', async (_which, maxSessions, most) => {
    await using at = await mirrorStage();
    for (let file = 0; file < 10; file += 1) await at.write(`f${file}`);
    const plan = await planned(at.here, at.there, { keepTime: false });
    const asked = new Latch();
    let [open, found] = [0, 0];
    const stor$ = (path: string): Observable<TransferProgress> =>
      defer(async (): Promise<TransferProgress> => {
        open += 1;
        found = Math.max(found, open);
        if (open === most) asked.open();
        await asked.opened;
        return { path, bytes: 0, attempt: 1, elapsedMs: 0, bytesPerSecond: 0, done: true, verified: false };
      }).pipe(finalize(() => (open -= 1)));
    const ftp = { entries$: () => EMPTY, stor$ } as unknown as FtpClient;
    if (maxSessions !== undefined) takeParts(ftp, { maxSessions });
    await all(apply$(plan, at.here, remote(ftp, '/t'), { atomic: false }));
    expect(found).toBe(most);
  });

  it('does again what was done already, without harm', async () => {
    await using at = await mirrorStage({ 'd/e/': '' });
    await at.write('gone');
    const plan = await planned(at.there, at.here, { delete: true });
    await all(apply$(plan, at.there, at.here));
    const again = await all(apply$(plan, at.there, at.here));
    expect(steps(again)).toEqual(['skipped mkdir d', 'skipped mkdir d/e', 'skipped remove gone']);
  });

  it('stops at the first failed step, or goes on', async () => {
    await using at = await mirrorStage({ a: 'a', b: 'b', c: 'c' });
    const plan = await planned(at.there, at.here);
    at.server.on('RETR', ({ argument }) => (/[ab]$/.test(argument) ? '550 No.' : undefined));
    const stopped = await failing(apply$(plan, at.there, at.here, { concurrency: 1 }));
    expect(stopped.done).toEqual(['failed copy a']);
    expect(stopped.error.errors.map(({ path }) => path)).toEqual(['a']);
    const limited = await failing(
      apply$(plan, at.there, at.here, { concurrency: 1, onError: 'continue', maxErrors: 2 }),
    );
    expect(limited.done).toEqual(['failed copy a', 'failed copy b']);
    const whole = await failing(apply$(plan, at.there, at.here, { concurrency: 1, onError: 'continue' }));
    expect(whole.done).toEqual(['failed copy a', 'failed copy b', 'done copy c']);
    expect(await at.localTree()).toEqual({ c: 'c' });
  });

  it('puts nothing into a directory that could not be made', async () => {
    await using at = await mirrorStage();
    await at.write('d/e/a');
    await at.write('z', 'z');
    at.server.on('MKD', () => '550 No.');
    const plan = await planned(at.here, at.there);
    const { error, done } = await failing(apply$(plan, at.here, at.there, { onError: 'continue' }));
    expect(done.toSorted()).toEqual(['done copy z', 'failed mkdir d', 'skipped copy d/e/a', 'skipped mkdir d/e']);
    expect(error.errors.map(({ path }) => path)).toEqual(['d']);
  });

  it('makes all directories of a server first, and looks at none before MKD', async () => {
    await using at = await mirrorStage();
    for (const path of ['a/1', 'a/b/2', 'c/3']) await at.write(path, path);
    const plan = await planned(at.here, at.there);
    const before = at.server.commands.length;
    expect(
      steps(await all(apply$(plan, at.here, at.there)))
        .slice(0, 3)
        .toSorted(),
    ).toEqual([...['done mkdir a', 'done mkdir a/b', 'done mkdir c']]);
    const asked = at.server.commands.slice(before).filter((line) => /^(MKD|STOR|MLSD|MLST|LIST|CWD)/.test(line));
    expect(asked.slice(0, 3).toSorted()).toEqual(['MKD /t/a', 'MKD /t/a/b', 'MKD /t/c']);
    expect(asked.slice(3).every((line) => line.startsWith('STOR'))).toBe(true);
  });

  it('looks when MKD is refused: another may have made the directory, or a file stands there', async () => {
    await using at = await mirrorStage();
    for (const path of ['d/a', 'f/b']) await at.write(path, 'new');
    const plan = await planned(at.here, at.there);
    at.server.on('MKD', ({ argument }) => (at.server.files.has(argument) ? '550 It is there.' : undefined));
    at.server.files.set('/t/d/', '');
    at.server.files.set('/t/d/a', 'old');
    at.server.files.set('/t/f', 'file');
    const { error, done } = await failing(apply$(plan, at.here, at.there, { onError: 'continue' }));
    expect(done.toSorted()).toEqual(['failed copy d/a', 'failed mkdir f', 'skipped copy f/b', 'skipped mkdir d']);
    for (const each of error.errors) expect(each.message).toContain('has changed since the plan');
    expect(at.remoteTree()).toEqual({ 'd/': '', 'd/a': 'old', f: 'file' });
  });

  it('names atomic: false where the server lets nobody rename', async () => {
    await using at = await mirrorStage();
    await at.write('a', 'a');
    at.server.on('RNTO', () => '553 No.');
    const plan = await planned(at.here, at.there);
    const { error } = await failing(apply$(plan, at.here, at.there));
    expect(error.errors[0]).toMatchObject({ code: 'ERR_FTP_REPLY', message: expect.stringContaining('atomic: false') });
    expect(at.remoteTree()).toEqual({});
    await all(apply$(plan, at.here, at.there, { atomic: false }));
    expect(at.remoteTree()).toEqual({ a: 'a' });
  });

  it.each<ApplyOptions>([{}, { atomic: false }])('writes under temporary names with %j', async (options) => {
    await using at = await mirrorStage();
    await at.write('d/a', 'a');
    await all(mirror$(at.here, at.there, options));
    const stored = at.server.commands.filter((line) => line.startsWith('STOR'));
    expect(stored).toEqual([
      options.atomic === false ? 'STOR /t/d/a' : expect.stringMatching(/^STOR \/t\/d\/rxftp-[0-9a-f]{16}\.part$/),
    ]);
  });

  it('does not write through a link below the local root', async () => {
    await using at = await mirrorStage({ 'd/a': 'a' });
    await using outside = await mirrorStage();
    const plan = await planned(at.there, at.here);
    await symlink(outside.directory.path, at.directory.at('d'));
    const { error } = await failing(apply$(plan, at.there, at.here, { onError: 'continue' }));
    expect(error.errors.map(({ path }) => path)).toEqual(['d']);
    const inside = { ...plan, steps: plan.steps.slice(1) };
    const { error: second } = await failing(apply$(inside, at.there, at.here));
    expect(second.errors[0]?.message).toContain('link');
    expect(await outside.localTree()).toEqual({});
  });

  it('replaces a file whose name the target spells in another case', async () => {
    await using at = await mirrorStage({ 'index.html': 'old' }, { server: { listing: 'dos' } });
    await at.write('INDEX.html', 'new one');
    const plan = await planned(at.here, at.there);
    expect(steps(await all(apply$(plan, at.here, at.there)))).toEqual(['done update INDEX.html']);
    const { error } = await failing(apply$(plan, at.here, at.there));
    expect(error.errors[0]?.message).toContain('changed since the plan');
  });

  it('does not read through a link that was a file', async () => {
    await using at = await mirrorStage();
    await at.write('a', 'a');
    const plan = await planned(at.here, at.there);
    await using outside = await mirrorStage();
    await outside.write('secret', 's');
    at.server.files.set('/t/d/', '');
    await symlink(outside.directory.path, at.directory.at('d'));
    const through = { ...plan, steps: [{ do: 'copy', path: 'd/secret', because: '' }] } as Plan;
    expect((await failing(apply$(through, at.here, at.there))).error.errors[0]?.message).toContain('symbolic link');
    const { rm } = await import('node:fs/promises');
    await rm(at.directory.at('a'));
    await symlink(outside.directory.at('secret'), at.directory.at('a'));
    const { error } = await failing(apply$(plan, at.here, at.there));
    expect(error.errors[0]?.message).toContain('is a link now');
    expect(at.remoteTree()).toEqual({ 'd/': '' });
  });

  it.each(['down', 'up'] as const)('leaves nothing when it is left in the middle (%s)', async (way) => {
    const big = 'x'.repeat(8_000_000);
    await using at = await mirrorStage(way === 'down' ? { a: big, b: big } : {});
    if (way === 'up') for (const name of ['a', 'b']) await at.write(name, big);
    const [from, to] = way === 'down' ? [at.there, at.here] : [at.here, at.there];
    const plan = await planned(from, to);
    const observed = observe(apply$(plan, from, to), { name: 'apply$' });
    await vi.waitUntil(
      () => observed.values.length > 0 || at.server.commands.some((line) => /^(RETR|STOR)/.test(line)),
    );
    observed.unsubscribe();
    await lastValueFrom(at.ftp.noop$());
    const left = async (): Promise<string[]> =>
      way === 'down' ? await at.directory.names() : Object.keys(at.remoteTree());
    await vi.waitUntil(async () => (await left()).every((name) => !name.endsWith('.part')));
    expect((await planned(from, to)).totals.remove).toBe(0);
  });

  it('removes what a killed run has left, and no file of the user', async () => {
    await using at = await mirrorStage({ a: 'a' });
    const { temporaryName } = await import('../../../lib/recipes/plan/temporary-name.js');
    const left = temporaryName('a');
    await writeFile(at.directory.at(left), 'half');
    await writeFile(at.directory.at('rxftp-0123456789abcdef.part'), 'user');
    await all(mirror$(at.there, at.here));
    expect(await at.localTree()).toEqual({ a: 'a', 'rxftp-0123456789abcdef.part': 'user' });
  });

  it('copies the permissions when asked', async () => {
    await using at = await mirrorStage();
    at.server.files.set('/t/a', { bytes: 'a', modified: OLD, mode: 0o640 });
    await all(mirror$(at.there, at.here, { keepMode: true }));
    expect((await stat(at.directory.at('a'))).mode & 0o777).toBe(0o640);
  });

  it('gives no file its final name whose size the server tells as another one', async () => {
    await using at = await mirrorStage({ a: 'old' });
    await at.write('a', 'newer', new Date('2024-06-01T00:00:00Z'));
    at.server.on('SIZE', ({ argument }) => (argument.endsWith('.part') ? '213 4' : undefined));
    const { error } = await failing(mirror$(at.here, at.there) as ReturnType<typeof apply$>);
    expect(error.errors[0]?.name).toBe('FtpTransferError');
    expect(at.remoteTree()).toEqual({ a: 'old' });
  });

  it.each([
    ['tells that the size was verified', undefined, 'size'],
    ['does without SIZE on a server that does not know it', '502 No.', undefined],
  ] as const)('%s', async (_title, refusal, verifiedBy) => {
    await using at = await mirrorStage();
    at.server.on('SIZE', () => refusal);
    await at.write('a', 'new');
    const events = await all(mirror$(at.here, at.there));
    const last = events.findLast((event) => event.type === 'progress');
    expect(last).toMatchObject({ path: 'a', done: true, verified: verifiedBy !== undefined });
    expect(last?.verifiedBy).toBe(verifiedBy);
    expect(at.remoteTree()).toEqual({ a: 'new' });
  });

  it('refuses a file that comes shorter than SIZE and the listing say', async () => {
    await using at = await mirrorStage({ a: 'abc' });
    const plan = await planned(at.there, at.here);
    at.server.fail('RETR', { truncate: 1 });
    const { error } = await failing(apply$(plan, at.there, at.here));
    expect(error.errors[0]?.name).toBe('FtpTransferError');
    expect(await at.localTree()).toEqual({});
  });
});

describe("compare: 'manifest'", () => {
  const options: MirrorOptions = { compare: 'manifest', delete: true };

  it('copies what has other bytes, whatever the times', async () => {
    await using at = await mirrorStage();
    for (const name of ['a', 'd/b', 'd/c']) await at.write(name, name);
    await all(mirror$(at.here, at.there, options));
    expect(Object.keys(at.remoteTree())).toContain('.rxftp-manifest.json');
    // A fresh checkout.
    for (const name of ['a', 'd/b', 'd/c']) await at.write(name, name === 'a' ? 'A' : name, new Date());
    expect(shown(await planned(at.here, at.there, options))).toEqual(['update a']);
    await all(mirror$(at.here, at.there, options));
    expect(shown(await planned(at.here, at.there, options))).toEqual([]);
    at.server.files.set('/t/d/b', { bytes: 'd/X', modified: OLD });
    at.server.files.set('/t/d/c', { bytes: 'longer', modified: OLD });
    expect(shown(await planned(at.here, at.there, options))).toContain('update d/c');
    const text = at.server.files.get('/t/.rxftp-manifest.json')?.text ?? '';
    expect(JSON.parse(text)).toMatchObject({ version: 1, files: { a: { size: 1 } } });
    expect(text).not.toContain('rxftp-manifest');
  });

  it('knows done steps only', async () => {
    await using at = await mirrorStage();
    for (const name of ['a', 'b']) await at.write(name, name);
    at.server.on('RNTO', ({ argument }) => (argument.endsWith('/b') ? '553 No.' : undefined));
    await failing(apply$(await planned(at.here, at.there, options), at.here, at.there, { onError: 'continue' }));
    const { files } = JSON.parse(at.server.files.get('/t/.rxftp-manifest.json')?.text ?? '') as { files: object };
    expect(Object.keys(files)).toEqual(['a']);
  });

  it('takes a manifest that is none for an empty one', async () => {
    await using at = await mirrorStage({ a: 'a', '.rxftp-manifest.json': '{"version":1,"files":{"a":{"sha256":1}' });
    await at.write('a', 'a');
    expect(shown(await planned(at.here, at.there, options))).toEqual(['update a']);
  });
});

describe('a place that is missing', () => {
  it('is made with those above it', async () => {
    await using at = await mirrorStage({ a: 'a' });
    const steps$ = mirror$(at.there, local(at.directory.at('x/y'))).pipe(
      filter((event) => event.type === 'step'),
      map(({ step }) => `${step.do} ${step.path}`),
      toArray(),
    );
    expect(await lastValueFrom(steps$)).toEqual(['mkdir ', 'copy a']);
    expect(await at.localTree()).toEqual({ 'x/': '', 'x/y/': '', 'x/y/a': 'a' });
  });
});

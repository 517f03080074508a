/** `download$` with the option `segments`: several transfers at once into one file, or one stream where that is all there is. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, chmod, mkdir, open, readdir, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { concatMap, takeWhile } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect$, FtpClient, type FtpOptions } from '../../lib/index.js';
import { type DownloadOptions, download$, type FileProgress } from '../../lib/recipes/index.js';
import { mapLine } from '../../lib/recipes/segments/range-map.js';
import { type TestServer, testServer } from '../../lib/testing/index.js';
import { Latch } from '../control/support/connected.js';
import { type Observation, observe } from '../support/observe.js';
import { LocalDirectory } from './support/local-directory.js';

const run = promisify(execFile);
const modified = new Date('2024-05-06T07:08:09Z');
const MiB = 1024 * 1024;
const big = randomBytes(8 * MiB);
/** None of its segments comes in one turn of the event loop. */
const huge = randomBytes(24 * MiB);
const SEGMENTS = 4;

afterEach(() => vi.restoreAllMocks());

interface Stage extends AsyncDisposable {
  readonly server: TestServer;
  readonly ftp: FtpClient;
  readonly local: LocalDirectory;
  start(name: string, options?: DownloadOptions): Observation<FileProgress>;
}

async function stage(content: Uint8Array = big, options: Partial<FtpOptions> = {}): Promise<Stage> {
  const local = await LocalDirectory.make();
  const server = await testServer();
  server.files.set('/big', { bytes: content, modified });
  const ftp = new FtpClient({ ...server.options, maxSessions: SEGMENTS + 1, ...options });
  return {
    ...{ server, ftp, local },
    start: (name, more) =>
      observe(download$(ftp, '/big', local.at(name), { segments: SEGMENTS, progressIntervalMs: 0, ...more }), {
        name: 'download$',
      }),
    async [Symbol.asyncDispose]() {
      await ftp[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await local[Symbol.asyncDispose]();
    },
  };
}

const sent = ({ server }: Stage, verb: string): readonly string[] =>
  server.commands.filter((line) => line.startsWith(verb));

/** No transfer begins before so many have been asked for; but for the first, of the file's end. */
function together({ server }: Stage, transfers: number): void {
  const go = new Latch();
  let asked = 0;
  server.on('RETR', async () => {
    asked += 1;
    if (asked === transfers) go.open();
    if (asked > 1) await go.opened;
    return undefined;
  });
}

/** Waits until so many bytes have come. */
async function came(download: Observation<FileProgress>, bytes: number): Promise<void> {
  while ((download.values.at(-1)?.bytes ?? 0) < bytes) await download.nth(download.values.length + 1);
}

/** Nothing is left on the disk but `names`, and the client works. */
async function expectLeft({ local, ftp }: Stage, ...names: readonly unknown[]): Promise<void> {
  await vi.waitFor(async () => expect(await local.names()).toEqual(names), { interval: 5 });
  expect(await observe(ftp.size$('/big')).settled).toHaveLength(1);
}

const partial: unknown = expect.stringMatching(/^got\.[0-9a-f]{24}\.part$/);
const map: unknown = expect.stringMatching(/^got\.[0-9a-f]{24}\.map$/);

describe('segments', () => {
  it('make one file of several transfers', async () => {
    await using at = await stage(huge);
    together(at, SEGMENTS);
    const values = await at.start('got').settled;
    expect((await at.local.read('got')).equals(huge)).toBe(true);
    expect(await at.local.names()).toEqual(['got']);
    const last = values.at(-1);
    expect(last).toMatchObject({
      path: '/big',
      bytes: huge.length,
      total: huge.length,
      done: true,
      verifiedBy: 'size',
    });
    expect(last).toMatchObject({ file: at.local.at('got'), etaMs: 0, attempt: 1 });
    expect(last?.segments).toBeGreaterThan(1);
    expect(last?.segments).toBeLessThanOrEqual(SEGMENTS);
    expect(last?.resumedFrom).toBeUndefined();
    const counts = values.map(({ bytes }) => bytes);
    expect(counts).toEqual(counts.toSorted((one, other) => one - other));
    expect(values.every(({ total }) => total === huge.length)).toBe(true);
    expect(values.filter(({ done }) => done)).toHaveLength(1);
    expect(sent(at, 'RETR').length).toBeGreaterThan(2);
    await expectLeft(at, 'got');
  });

  it.each([
    [2 * MiB, 2],
    [2 * MiB + 1, 64],
    [3 * MiB - 1, 3],
    [5_000_001, 5],
    [8 * MiB, 64],
  ])('make a file of %i bytes by %i', async (bytes, segments) => {
    await using at = await stage(big.subarray(0, bytes));
    await at.start('got', { segments }).settled;
    expect((await at.local.read('got')).equals(big.subarray(0, bytes))).toBe(true);
    expect(await at.local.names()).toEqual(['got']);
  });

  it.each([
    ['a small file', { content: big.subarray(0, 2 * MiB - 1) }],
    ['an empty file', { content: Buffer.alloc(0) }],
    ['a client of one session', { options: { maxSessions: 1 } }],
    ['a server without SIZE', { refuse: 'SIZE' }],
    ['a server that refuses REST', { refuse: 'REST' }],
  ])('are one stream for %s, and say so', async (_what, { content = big, options = {}, refuse }: Special) => {
    await using at = await stage(content, options);
    if (refuse !== undefined) at.server.on(refuse, () => '502 No.');
    const last = (await at.start('got').settled).at(-1);
    expect((await at.local.read('got')).equals(content)).toBe(true);
    expect(last).toMatchObject({ bytes: content.length, segments: 1, done: true });
    expect(await at.local.names()).toEqual(['got']);
  });

  it.each([
    'overwrite',
    'resume',
  ] as const)('are one stream where RETR refuses the offset, exists: %s', async (exists) => {
    await using at = await stage();
    const offsets = new Set<number>();
    at.server.on('REST', ({ session, argument }) => {
      if (argument === '0') offsets.delete(session);
      else offsets.add(session);
      return undefined;
    });
    at.server.on('RETR', ({ session }) => (offsets.delete(session) ? '554 Invalid REST parameter.' : undefined));
    const last = (await at.start('got', { exists }).settled).at(-1);
    expect((await at.local.read('got')).equals(big)).toBe(true);
    expect(last).toMatchObject({ bytes: big.length, segments: 1, done: true });
    await expectLeft(at, 'got');
  });

  it.each([
    ['zeros', Buffer.alloc(5 * MiB)],
    ['other bytes', big],
  ])('are one stream where the server ignores REST (%s)', async (_what, content) => {
    await using at = await stage(content);
    at.server.on('REST', () => '350 Never mind.');
    const last = (await at.start('got', { exists: 'resume' }).settled).at(-1);
    expect((await at.local.read('got')).equals(content)).toBe(true);
    expect(last).toMatchObject({ bytes: content.length, segments: 1 });
    expect(await at.local.names()).toEqual(['got']);
  });

  it('are one stream on a session', async () => {
    await using at = await stage();
    const downloaded$ = connect$(at.server.options).pipe(
      concatMap((session) => download$(session, '/big', at.local.at('got'), { segments: 8 })),
      takeWhile(({ done }) => !done, true),
    );
    const values = await observe(downloaded$).settled;
    expect((await at.local.read('got')).equals(big)).toBe(true);
    expect(values.at(-1)).toMatchObject({ segments: 1, bytes: big.length });
    // The end of the file, and all the rest.
    expect(sent(at, 'RETR')).toHaveLength(2);
  });

  it.each([
    '530 Sorry, too many connections.',
    '421 There are too many connected users.',
  ])('go over the sessions that there are where the server says %s', async (refusal) => {
    await using at = await stage();
    at.server.on('PASS', ({ session }) => (session > 2 ? refusal : undefined));
    const last = (await at.start('got', { segments: 8 }).settled).at(-1);
    expect((await at.local.read('got')).equals(big)).toBe(true);
    expect(last?.segments).toBeLessThanOrEqual(2);
    expect(await at.local.names()).toEqual(['got']);
  });

  it.each([
    { exists: 'skip' },
    { exists: 'newer' },
    { exists: 'rename' },
    { exists: 'overwrite', keepTime: true, fsync: true },
    { exists: 'resume', keepTime: true, fsync: true },
    { verify: 'size' },
    { verify: false },
    { size: huge.length },
    { resume: true },
  ] as const)('take %j', async (options) => {
    await using at = await stage(huge);
    together(at, SEGMENTS);
    const last = (await at.start('got', options).settled).at(-1);
    expect((await at.local.read('got')).equals(huge)).toBe(true);
    expect(last).toMatchObject({ done: true, verifiedBy: 'size' });
    expect(last?.segments).toBeGreaterThan(1);
    if ('keepTime' in options) expect((await stat(at.local.at('got'))).mtime).toEqual(modified);
    expect(await at.local.names()).toEqual(['got']);
  });

  it('replace no file where they must not', async () => {
    await using at = await stage();
    await writeFile(at.local.at('got'), 'mine');
    expect(await at.start('got', { exists: 'fail' }).failed).toMatchObject({ code: 'EEXIST' });
    expect((await at.start('got', { exists: 'skip' }).settled).at(-1)).toMatchObject({ skipped: true });
    expect(at.server.commands).toEqual([]);
    const last = (await at.start('got', { exists: 'rename' }).settled).at(-1);
    expect(last?.file).toBe(at.local.at('got (1)'));
    expect((await at.local.read('got')).toString()).toBe('mine');
  });

  it('are compared with the checksum of the whole file', async () => {
    await using at = await stage();
    expect((await at.start('got', { verify: 'hash' }).settled).at(-1)?.verifiedBy).toMatch(/^SHA-/);
    at.server.on('HASH', () => `213 SHA-256 0-${big.length} ${'0'.repeat(64)} big`);
    const error = await at.start('other', { verify: 'hash', exists: 'resume' }).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TRANSFER' });
    expect(await at.local.names()).toEqual(['got']);
  });

  it.each([
    [{ segments: 0 }, /segments/],
    [{ segments: 65 }, /whole number from 1 to 64/],
    [{ segments: 1.5 }, /segments/],
    [{ segments: '4' }, /segments/],
    [{ segments: null }, /segments/],
    [{ segments: 4, end: 5 }, /leave out end/],
    [{ segments: 4, type: 'ascii' }, /not for the type ascii/],
    [{ segments: 4, type: 'A' }, /not for the type ascii/],
    [{ segment: 4 }, /segments/],
  ])('%j is refused before anything is sent', async (options, message) => {
    await using at = await stage();
    const error = await at.start('got', options as never).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringMatching(message) });
    expect(at.server.commands).toEqual([]);
  });

  it('need an ftp that can be asked', async () => {
    await using at = await stage();
    const retr$ = at.ftp.retr$.bind(at.ftp);
    const failed = observe(download$({ retr$ }, '/big', at.local.at('got'), { segments: 4 })).failed;
    expect(await failed).toMatchObject({ code: 'ERR_FTP_USAGE' });
  });
});

interface Special {
  readonly content?: Uint8Array;
  readonly options?: Partial<FtpOptions>;
  readonly refuse?: string;
}

describe('a file that changes while it is downloaded in segments', () => {
  const other = randomBytes(big.length);
  it.each<[string, Uint8Array, Date]>([
    ['its time', other, new Date('2025-01-01T00:00:00Z')],
    ['its size, which grows', Buffer.concat([big, other]), modified],
    ['its size, which shrinks', big.subarray(0, 3 * MiB), modified],
  ])('is an error: %s', async (_what, bytes, time) => {
    await using at = await stage();
    const download = at.start('got', { exists: 'resume' });
    await download.nth(1);
    at.server.files.set('/big', { bytes, modified: time });
    expect(await download.failed).toMatchObject({ code: 'ERR_FTP_TRANSFER', changed: true, transient: false });
    await expectLeft(at);
    await at.start('got', { exists: 'resume' }).settled;
    expect((await at.local.read('got')).equals(Buffer.from(bytes))).toBe(true);
    await expectLeft(at, 'got');
  });

  it.each(['shrinks', 'is removed'])('is an error where it %s before its second range', async (how) => {
    await using at = await stage();
    let asked = 0;
    at.server.on('RETR', () => {
      asked += 1;
      if (asked === 2 && how === 'shrinks') at.server.files.set('/big', { bytes: big.subarray(0, MiB), modified });
      // The offset of a later range is refused by 554.
      if (asked !== 2 || how === 'shrinks') return undefined;
      at.server.files.delete('/big');
      return '554 No such offset.';
    });
    expect(await at.start('got', { exists: 'resume' }).failed).toMatchObject({ changed: true, transient: false });
    expect(await at.local.names()).toEqual([]);
  });

  it('is told by its time alone, when all has come', async () => {
    await using at = await stage();
    let asked = 0;
    at.server.on('MDTM', () => {
      asked += 1;
      return asked === 1 ? undefined : '213 20250101000000';
    });
    const error = await at.start('got', { exists: 'resume' }).failed;
    expect(error).toMatchObject({ changed: true, transient: false, message: expect.stringContaining('was changed') });
    await expectLeft(at);
  });

  it('is an error where it has grown before the first byte', async () => {
    await using at = await stage();
    let grown = false;
    at.server.on('RETR', () => {
      if (!grown) at.server.files.set('/big', { bytes: Buffer.concat([big, other]), modified });
      grown = true;
      return undefined;
    });
    expect(await at.start('got').failed).toMatchObject({ code: 'ERR_FTP_TRANSFER' });
    await expectLeft(at);
  });
});

describe('segments that fail', () => {
  it.each([
    ['a transfer breaks off', { cut: 'data', afterBytes: MiB }, 'ERR_FTP_TRANSFER'],
    ['a connection breaks', { cut: 'control', afterBytes: MiB }, 'ERR_FTP_CONNECTION'],
  ] as const)('leave nothing where %s', async (_how, fault, code) => {
    await using at = await stage();
    await writeFile(at.local.at('got'), 'old');
    failLater(at, fault);
    expect(await at.start('got').failed).toMatchObject({ code: expect.stringMatching(`${code}|ERR_FTP_TRANSFER`) });
    await expectLeft(at, 'got');
    expect((await at.local.read('got')).toString()).toBe('old');
  });

  it('end with the error of the server, and leave nothing', async () => {
    await using at = await stage();
    at.server.on('RETR', () => '550 No such file.');
    expect(await at.start('got', { exists: 'resume' }).failed).toMatchObject({ reply: { code: 550 } });
    await expectLeft(at);
  });

  it('go on after a drop, with the option resume', async () => {
    await using at = await stage();
    failLater(at, { cut: 'data', afterBytes: MiB });
    const last = (await at.start('got', { resume: true }).settled).at(-1);
    expect(last).toMatchObject({ attempt: 2, done: true });
    expect((await at.local.read('got')).equals(big)).toBe(true);
  });

  it.each([
    ['a full disk', 'ENOSPC'],
    ['a broken disk', 'EIO'],
  ])('are aborted by %s', async (_what, code) => {
    await using at = await stage();
    await using scrap = await open(at.local.at('scrap'), 'w');
    const prototype = Object.getPrototypeOf(scrap);
    const error = Object.assign(new Error(`${code}: write`), { code });
    const { writev } = prototype;
    let writes = 0;
    vi.spyOn(prototype, 'writev').mockImplementation(function (this: unknown, ...args: unknown[]) {
      writes += 1;
      return writes > 2 ? Promise.reject(error) : Reflect.apply(writev, this, args);
    });
    expect(await at.start('got').failed).toMatchObject({ code });
    await expectLeft(at, 'scrap');
  });

  it.skipIf(process.getuid?.() !== 0)('leave nothing on a disk that is full', async (context) => {
    await using at = await stage();
    const disk = at.local.at('disk');
    await mkdir(disk);
    const mount = run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    const isMounted = await mount.then(
      () => true,
      () => false,
    );
    // Not every container lets root mount.
    context.skip(!isMounted, 'nothing can be mounted here');
    try {
      for (const exists of ['overwrite', 'resume'] as const) {
        expect(await at.start('disk/got', { exists }).failed).toMatchObject({ code: 'ENOSPC' });
        expect(await readdir(disk)).not.toContain('got');
        if (exists === 'overwrite') expect(await readdir(disk)).toEqual([]);
      }
    } finally {
      await run('umount', [disk]);
    }
  });

  it('are aborted where the map cannot be written', async () => {
    await using at = await stage();
    await using scrap = await open(at.local.at('scrap'), 'w');
    const prototype = Object.getPrototypeOf(scrap);
    const full = Object.assign(new Error('ENOSPC: append'), { code: 'ENOSPC' });
    vi.spyOn(prototype, 'appendFile').mockRejectedValue(full);
    expect(await at.start('got', { exists: 'resume' }).failed).toMatchObject({ code: 'ENOSPC' });
    vi.restoreAllMocks();
    await at.start('got', { exists: 'resume' }).settled;
    await expectLeft(at, 'got', 'scrap');
  });

  it('are refused by a missing directory and by a name that is too long', async () => {
    await using at = await stage();
    expect(await at.start('missing/got').failed).toMatchObject({ code: 'ENOENT' });
    expect(await at.start('x'.repeat(256)).failed).toMatchObject({ code: 'ENAMETOOLONG' });
    await expectLeft(at);
  });

  it.skipIf(process.getuid?.() === 0)('are refused by a directory that is read-only', async () => {
    await using at = await stage();
    await chmod(at.local.path, 0o500);
    expect(await at.start('got').failed).toMatchObject({ code: 'EACCES' });
    await chmod(at.local.path, 0o700);
    await expectLeft(at);
  });
});

/** Not of the end of the file, which comes first. */
function failLater({ server }: Stage, fault: Parameters<TestServer['fail']>[1]): void {
  let seen = 0;
  server.on('RETR', () => {
    seen += 1;
    // The fault is that of the next one.
    if (seen === 1) server.fail('RETR', fault);
    return undefined;
  });
}

describe('segments that are left', () => {
  it.each([undefined, 'resume'] as const)('abort all transfers (exists: %s)', async (exists) => {
    await using at = await stage();
    const download = at.start('got', { exists });
    await came(download, 4 * MiB);
    download.unsubscribe();
    if (exists === undefined) await expectLeft(at);
    else await expectLeft(at, map, partial);
  });

  it('error with the reason of their signal', async () => {
    await using at = await stage();
    const leave = new AbortController();
    const download = at.start('got', { signal: leave.signal });
    await download.nth(1);
    leave.abort(new Error('enough'));
    expect(await download.failed).toMatchObject({ message: 'enough' });
    await expectLeft(at);
  });

  it('can be left while the server is asked for the last time', async () => {
    await using at = await stage();
    const leave = new AbortController();
    let asked = 0;
    at.server.on('SIZE', () => {
      asked += 1;
      if (asked === 2) leave.abort(new Error('enough'));
      return undefined;
    });
    expect(await at.start('got', { signal: leave.signal }).failed).toMatchObject({ message: 'enough' });
    await expectLeft(at);
  });

  it('send nothing when they are left at once', async () => {
    await using at = await stage();
    at.start('got').unsubscribe();
    await stat(at.local.path);
    expect([at.server.commands, await at.local.names()]).toEqual([[], []]);
  });
});

describe("segments with exists: 'resume'", () => {
  /** A download that was left in the middle. */
  async function left(at: Stage): Promise<{ readonly part: string; readonly map: string }> {
    const download = at.start('got', { exists: 'resume' });
    await came(download, 4 * MiB);
    download.unsubscribe();
    await vi.waitFor(async () => expect(await at.local.names()).toEqual([map, partial]), { interval: 5 });
    const [found = '', part = ''] = await at.local.names();
    await vi.waitFor(async () => expect((await at.local.read(found)).length).toBeGreaterThan(0), { interval: 5 });
    await expectLeft(at, map, partial);
    return { part: at.local.at(part), map: at.local.at(found) };
  }

  async function completes(at: Stage, content: Uint8Array = big): Promise<FileProgress | undefined> {
    const values = await at.start('got', { exists: 'resume' }).settled;
    expect((await at.local.read('got')).equals(content)).toBe(true);
    expect(await at.local.names()).toEqual(['got']);
    return values.at(-1);
  }

  it('complete what an earlier run has left', async () => {
    await using at = await stage();
    await left(at);
    const last = await completes(at);
    expect(last?.resumedFrom).toBeGreaterThan(0);
    expect(last).toMatchObject({ bytes: big.length, total: big.length, done: true });
  });

  it('complete it by another number of them', async () => {
    await using at = await stage();
    await left(at);
    const values = await at.start('got', { exists: 'resume', segments: 2 }).settled;
    expect(values.at(-1)?.resumedFrom).toBeGreaterThan(0);
    expect((await at.local.read('got')).equals(big)).toBe(true);
  });

  it('download the end of a file alone of which all has come, to see that the server heeds REST', async () => {
    await using at = await stage();
    const paths = await left(at);
    await writeFile(paths.part, big);
    await writeFile(paths.map, mapLine(paths.map, { start: 0, end: big.length }));
    const retrieved = sent(at, 'RETR').length;
    expect(await completes(at)).toMatchObject({ resumedFrom: big.length - 64 * 1024, bytes: big.length });
    expect(sent(at, 'RETR')).toHaveLength(retrieved + 1);
  });

  it('refuse a server that has come to ignore REST, and are one stream after that', async () => {
    await using at = await stage();
    const paths = await left(at);
    await writeFile(paths.part, big);
    await writeFile(paths.map, mapLine(paths.map, { start: big.length - MiB, end: big.length }));
    at.server.on('REST', () => '350 Never mind.');
    const first = at.start('got', { exists: 'resume' });
    // The bytes before the end of the file are others than those of its beginning.
    expect(await first.failed).toMatchObject({ code: 'ERR_FTP_TRANSFER' });
    await expectLeft(at);
    expect(await completes(at)).toMatchObject({ segments: 1 });
  });

  it.each<[string, (paths: { part: string; map: string }) => Promise<unknown>]>([
    ['has no map', ({ map: path }) => rm(path)],
    ['has an empty map', ({ map: path }) => truncate(path)],
    ['has a map of something else', ({ map: path }) => writeFile(path, 'GET / HTTP/1.1\n')],
    [
      'has a map that claims more than the file',
      ({ map: path }) => writeFile(path, mapLine(path, { start: 0, end: big.length + 1 })),
    ],
    ['has a map without checksums', ({ map: path }) => writeFile(path, `0 ${2 * MiB}\n`)],
    ['has the map of another file', ({ map: path }) => writeFile(path, mapLine('/b.map', { start: 0, end: 2 * MiB }))],
    ['is shorter than its map claims', ({ part }) => truncate(part, 100)],
    ['is longer than the remote file', ({ part }) => truncate(part, big.length + 1)],
    ['is gone', ({ part }) => rm(part)],
  ])('begin anew where the partial file %s', async (_what, spoil) => {
    await using at = await stage();
    await spoil(await left(at));
    expect((await completes(at))?.resumedFrom).toBeUndefined();
  });

  it('do not count the last line of a map that was cut off', async () => {
    await using at = await stage();
    const paths = await left(at);
    const line = (end: number): string => mapLine(paths.map, { start: 0, end });
    await writeFile(paths.map, `${line(MiB)}${line(big.length).trimEnd()}`);
    const last = await completes(at);
    expect(last?.resumedFrom).toBe(MiB);
  });

  it('begin anew where the remote file has another time or size', async () => {
    const other = randomBytes(big.length);
    await using at = await stage();
    await left(at);
    at.server.files.set('/big', { bytes: other, modified: new Date('2025-01-01T00:00:00Z') });
    expect((await completes(at, other))?.resumedFrom).toBeUndefined();
  });

  it('refuse other bytes of the same size and time, and begin anew after that', async () => {
    const other = randomBytes(big.length);
    await using at = await stage();
    await left(at);
    at.server.files.set('/big', { bytes: other, modified });
    expect(await at.start('got', { exists: 'resume' }).failed).toMatchObject({ code: 'ERR_FTP_TRANSFER' });
    await expectLeft(at);
    await completes(at, other);
  });

  it('are nothing that one stream goes on with', async () => {
    await using at = await stage();
    await left(at);
    const values = await at.start('got', { exists: 'resume', segments: 1 }).settled;
    expect(values.at(-1)?.resumedFrom).toBeUndefined();
    expect((await at.local.read('got')).equals(big)).toBe(true);
    expect(await at.local.names()).toEqual(['got']);
  });

  it('go on with nothing that one stream has left', async () => {
    await using at = await stage();
    at.server.fail('RETR', { cut: 'data', afterBytes: 3 * MiB });
    await at.start('got', { exists: 'resume', segments: 1 }).failed;
    expect((await completes(at))?.resumedFrom).toBeUndefined();
  });

  it('keep nothing on a server without MDTM', async () => {
    await using at = await stage();
    at.server.on('MDTM', () => '502 No.');
    const download = at.start('got', { exists: 'resume' });
    await came(download, 4 * MiB);
    download.unsubscribe();
    await expectLeft(at);
    await completes(at);
  });

  it('leave a file alone that another download writes to', async () => {
    await using at = await stage();
    const paths = await left(at);
    const off = at.server.on('REST', async () => {
      off();
      await appendFile(paths.map, `0 ${MiB}\n`);
      return undefined;
    });
    const error = await at.start('got', { exists: 'resume' }).failed;
    expect(error).toMatchObject({ message: expect.stringContaining('Another download') });
  });

  it.each(['part', 'map'] as const)('do not write through a link in place of the %s', async (which) => {
    await using at = await stage();
    const paths = await left(at);
    await rm(paths.part);
    await rm(paths.map);
    await writeFile(at.local.at('other'), '');
    await symlink(at.local.at('other'), paths[which]);
    expect(await at.start('got', { exists: 'resume' }).failed).toMatchObject({ code: 'EEXIST', path: paths[which] });
    expect((await at.local.read('other')).length).toBe(0);
  });

  it('have names that fit where a name may have 143 bytes', async () => {
    await using at = await stage();
    const name = 'x'.repeat(143);
    const download = at.start(name, { exists: 'resume' });
    await came(download, 4 * MiB);
    download.unsubscribe();
    await vi.waitFor(async () => expect(await at.local.names()).toHaveLength(2), { interval: 5 });
    for (const each of await at.local.names()) expect(each.length).toBeLessThanOrEqual(143);
    await at.start(name, { exists: 'resume' }).settled;
    expect(await at.local.names()).toEqual([name]);
  });
});

/** `download$`: a remote file under a local name, or nothing. */
import { execFile } from 'node:child_process';
import {
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { promisify } from 'node:util';
import { filter, firstValueFrom, lastValueFrom, Subject, take } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ByteStream, TransferProgress } from '../../lib/index.js';
import { type DownloadOptions, download$ } from '../../lib/recipes/index.js';
import { byteStream } from '../../lib/streams/byte-stream.js';
import { clientOf } from '../client/support/open.js';
import { Latch } from '../control/support/connected.js';
import { type Observation, observe } from '../support/observe.js';
import { type ScriptedServer, type Session, scriptedServer } from '../support/scripted-server.js';
import { secureClient } from '../tls/support/secure-client.js';
import { LocalDirectory } from './support/local-directory.js';

const big = Buffer.alloc(24_000_000, 'abcdefg\n');
const files = { '/a': 'hello world', '/big': big, '/empty': '', '/text': 'one\r\ntwo\r\n' };

afterEach(() => vi.restoreAllMocks());

interface Stage extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly ftp: ReturnType<typeof clientOf>;
  readonly local: LocalDirectory;
  /** Starts a download to `name` in the local directory. */
  start(remote: string, name: string, options?: DownloadOptions): Observation<TransferProgress>;
}

async function stage(script: (server: ScriptedServer) => void = () => {}): Promise<Stage> {
  const local = await LocalDirectory.make();
  const server = await scriptedServer({ files });
  script(server);
  const ftp = clientOf(server);
  return {
    ...{ server, ftp, local },
    start: (remote, name, options) => observe(download$(ftp, remote, local.at(name), options), { name: 'download$' }),
    async [Symbol.asyncDispose]() {
      await ftp[Symbol.asyncDispose]();
      await server.close();
      await local[Symbol.asyncDispose]();
    },
  };
}

/** Sends the head of a file, and the rest when the spec says so. */
function sendsInTwo(go: Latch, ending = '226 Done.'): (session: Session) => Promise<void> {
  return async (session) => {
    await session.reply('150 Here it comes.');
    await session.sendData('hello ', { end: 'open' });
    await go.opened;
    await session.sendData('world');
    await session.reply(ending);
  };
}

/** Nothing is left on the disk, and the session is in step. */
async function expectNothingLeft({ local, ftp }: Stage, ...others: readonly string[]): Promise<void> {
  await vi.waitFor(async () => expect(await local.names()).toEqual([...others]), { interval: 5 });
  expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  expect(Buffer.concat(await observe(ftp.retr$('/a')).settled).toString()).toBe('hello world');
}

describe('download$', () => {
  it.each([['/a'], ['/big'], ['/empty']])('makes the local file (%s)', async (remote) => {
    await using at = await stage();
    const values = await at.start(remote, 'got').settled;
    const content = Buffer.from(files[remote as '/a']);
    expect((await at.local.read('got')).equals(content)).toBe(true);
    expect(await at.local.names()).toEqual(['got']);
    expect(values.at(-1)).toMatchObject({ path: remote, bytes: content.length, done: true, verified: true });
    expect(values.filter(({ done }) => done)).toHaveLength(1);
  });

  it('is cold: nothing happens before it is subscribed, and each subscription is a download', async () => {
    await using at = await stage();
    const source = download$(at.ftp, '/a', at.local.at('got'));
    expect([at.server.sessions.length, await at.local.names()]).toEqual([0, []]);
    await lastValueFrom(source);
    await lastValueFrom(source);
    expect(at.server.commands.filter((line) => line === 'RETR /a')).toHaveLength(2);
  });

  it('makes it over TLS, whose records lie in memory of their own', async () => {
    await using server = await scriptedServer({ tls: 'explicit', files });
    await using ftp = secureClient(server);
    await using local = await LocalDirectory.make();
    await lastValueFrom(download$(ftp, '/big', local.at('got')));
    expect((await local.read('got')).equals(big)).toBe(true);
  });

  it('makes many at a time', async () => {
    await using at = await stage();
    const names = Array.from({ length: 30 }, (_, n) => `got-${String(n).padStart(2, '0')}`);
    await Promise.all(names.map((name) => at.start('/a', name).settled));
    expect(await at.local.names()).toEqual(names);
    for (const name of names) expect((await at.local.read(name)).toString()).toBe('hello world');
  });

  it('has a temporary name until it is complete, and leaves the old file alone so long', async () => {
    const go = new Latch();
    await using at = await stage((server) => server.once('RETR', sendsInTwo(go)));
    await writeFile(at.local.at('got'), 'old');
    const download = at.start('/a', 'got', { progressIntervalMs: 0 });
    await download.nth(1);
    await vi.waitFor(async () => expect(await at.local.names()).toHaveLength(2), { interval: 5 });
    expect(await at.local.names()).toEqual(['got', expect.stringMatching(/^got\.[0-9a-f]{12}\.part$/)]);
    expect((await at.local.read('got')).toString()).toBe('old');
    go.open();
    expect((await download.settled).at(-1)).toMatchObject({ done: true, bytes: 11 });
    expect(await at.local.names()).toEqual(['got']);
    expect((await at.local.read('got')).toString()).toBe('hello world');
  });

  it.each<[DownloadOptions, string, boolean]>([
    [{}, '150 Opening (11 bytes).', true],
    [{}, '150 Opening.', false],
    [{ size: 11 }, '150 Opening.', true],
    [{ verify: 'size' }, '150 Opening.', true],
    [{ verify: false }, '150 Opening (11 bytes).', false],
  ])('says whether the size was checked (%j, %s: %s)', async (options, opening, verified) => {
    await using at = await stage((server) =>
      server.once('RETR', async (session) => {
        await session.reply(opening);
        await session.sendData('hello world');
        await session.reply('226 Done.');
      }),
    );
    expect((await at.start('/a', 'got', options).settled).at(-1)).toMatchObject({ done: true, verified });
  });

  it('gives the beginning of a file', async () => {
    await using at = await stage();
    const values = await at.start('/a', 'got', { end: 3 }).settled;
    expect((await at.local.read('got')).toString()).toBe('hel');
    expect(values.at(-1)).toMatchObject({ bytes: 3, done: true });
  });

  it.each([0, 6])('refuses start (%i), which would leave the tail of the file under its name', async (start) => {
    await using at = await stage();
    await writeFile(at.local.at('got'), 'hello ');
    const error = await at.start('/a', 'got', { start } as DownloadOptions).failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringContaining("{ flags: 'a' }") });
    expect((await at.local.read('got')).toString()).toBe('hello ');
    expect(at.server.sessions).toHaveLength(0);
  });

  it.each<[DownloadOptions, number, number | undefined]>([
    [{ size: 11 }, 11, 11],
    [{ size: 11, end: 9 }, 9, 9],
    [{ size: 11, end: 100 }, 11, 11],
    [{ end: 9 }, 9, 9],
    [{ size: 11, type: 'ascii' }, 11, undefined],
  ])('of %j has %i bytes, of a total of %s', async (options, bytes, total) => {
    await using at = await stage();
    const last = (await at.start('/a', 'got', options).settled).at(-1);
    expect([last?.bytes, last?.total]).toEqual([bytes, total]);
  });

  it.each([
    ['is as long as may be', 'x'.repeat(255), 'x'.repeat(112)],
    ['is cut between two characters', `x${'é'.repeat(100)}`, `x${'é'.repeat(55)}`],
    ['is short enough as it is', 'é'.repeat(56), 'é'.repeat(56)],
  ])('takes a local name that %s', async (_what, name, head) => {
    const go = new Latch();
    await using at = await stage((server) => server.once('RETR', sendsInTwo(go)));
    const download = at.start('/a', name, { progressIntervalMs: 0 });
    await download.nth(1);
    await vi.waitFor(async () => expect(await at.local.names()).toHaveLength(1), { interval: 5 });
    expect(await at.local.names()).toEqual([expect.stringMatching(new RegExp(`^${head}\\.[0-9a-f]{12}\\.part$`))]);
    go.open();
    await download.settled;
    expect(await at.local.names()).toEqual([name]);
  });

  it('converts line ends in the type ascii', async () => {
    await using at = await stage();
    await at.start('/text', 'got', { type: 'ascii' }).settled;
    expect((await at.local.read('got')).toString()).toBe('one\ntwo\n');
    await at.start('/text', 'got').settled;
    expect((await at.local.read('got')).toString()).toBe('one\r\ntwo\r\n');
  });

  it('takes any stream of bytes', async () => {
    await using local = await LocalDirectory.make();
    const retr$ = (): ByteStream =>
      byteStream((sink) => {
        queueMicrotask(() => {
          sink.write(Buffer.from('from elsewhere'));
          sink.complete();
        });
        return () => {};
      });
    const last = await lastValueFrom(download$({ retr$ }, '/a', local.at('got')));
    expect(last).toMatchObject({ bytes: 14, verified: false });
    expect((await local.read('got')).toString()).toBe('from elsewhere');
  });
});

describe('progress', () => {
  it('comes at most once in an interval, and once at the end', async () => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 40;
      return now;
    });
    await using at = await stage();
    const values = await at.start('/big', 'got', { progressIntervalMs: 250 }).settled;
    const times = values.filter(({ done }) => !done).map(({ elapsedMs }) => elapsedMs);
    expect(times.length).toBeGreaterThan(2);
    for (const [n, time] of times.entries()) expect(time - (times[n - 1] ?? 0)).toBeGreaterThanOrEqual(250);
    expect(values.map(({ bytes }) => bytes)).toEqual(values.map(({ bytes }) => bytes).toSorted((a, b) => a - b));
    expect(values.at(-1)).toMatchObject({ done: true, bytes: big.length });
  });

  it.each<[DownloadOptions, string, number | undefined]>([
    [{}, '150 Opening (11 bytes).', 11],
    [{ end: 4 }, '150 Opening (11 bytes).', 4],
    [{ verify: 'size' }, '150 Opening.', 11],
    [{}, '150 Opening.', undefined],
  ])('names the total where the server does (%j, %s: %s)', async (options, opening, total) => {
    await using at = await stage((server) =>
      server.once('RETR', async (session) => {
        await session.reply(opening);
        await session.sendData('hello world');
        await session.reply('226 Done.');
      }),
    );
    expect((await at.start('/a', 'got', options).settled).at(-1)?.total).toBe(total);
  });

  it('is the last one alone when that was quick', async () => {
    await using at = await stage();
    expect(await at.start('/big', 'got', { progressIntervalMs: 1e9 }).settled).toHaveLength(1);
  });
});

describe('a file that is replaced', () => {
  const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o7777).toString(8);

  it.each([
    0o600, 0o640, 0o666, 0o755, 0o400,
  ])('leaves its permissions to the new one (%o), at no time more', async (mode) => {
    const go = new Latch();
    await using at = await stage((server) => server.once('RETR', sendsInTwo(go)));
    await writeFile(at.local.at('got'), 'old');
    await chmod(at.local.at('got'), mode);
    const download = at.start('/a', 'got', { progressIntervalMs: 0 });
    await download.nth(1);
    await vi.waitFor(async () => expect(await at.local.names()).toHaveLength(2), { interval: 5 });
    const partial = at.local.at((await at.local.names())[1] ?? '');
    expect((await stat(partial)).mode & 0o777 & ~mode).toBe(0);
    go.open();
    await download.settled;
    expect(await modeOf(at.local.at('got'))).toBe(mode.toString(8));
    expect((await at.local.read('got')).toString()).toBe('hello world');
  });

  it('leaves no setuid bit, and a new file has what the umask gives', async () => {
    await using at = await stage();
    await writeFile(at.local.at('got'), 'old');
    await chmod(at.local.at('got'), 0o4755);
    await at.start('/a', 'got').settled;
    expect(await modeOf(at.local.at('got'))).toBe('755');
    await at.start('/a', 'new').settled;
    await writeFile(at.local.at('usual'), '');
    expect(await modeOf(at.local.at('new'))).toBe(await modeOf(at.local.at('usual')));
  });

  it.each(['to a file', 'to nothing'])('is replaced where it is a link %s', async (where) => {
    await using at = await stage();
    if (where === 'to a file') await writeFile(at.local.at('elsewhere'), 'old');
    await symlink('elsewhere', at.local.at('got'));
    await at.start('/a', 'got').settled;
    expect((await lstat(at.local.at('got'))).isFile()).toBe(true);
    expect((await at.local.read('got')).toString()).toBe('hello world');
  });

  it('leaves the file alone that it has led to as a link', async () => {
    await using at = await stage();
    await writeFile(at.local.at('elsewhere'), 'old');
    await symlink('elsewhere', at.local.at('got'));
    await at.start('/a', 'got').settled;
    expect((await at.local.read('elsewhere')).toString()).toBe('old');
  });

  it('leaves the permissions of the file that it has led to as a link to the new one', async () => {
    await using at = await stage();
    await writeFile(at.local.at('elsewhere'), 'old');
    await chmod(at.local.at('elsewhere'), 0o600);
    await symlink('elsewhere', at.local.at('got'));
    await at.start('/a', 'got').settled;
    expect(await modeOf(at.local.at('got'))).toBe('600');
  });
});

describe('a download that cannot be', () => {
  it('of a missing file leaves nothing, and says so', async () => {
    await using at = await stage();
    expect(await at.start('/missing', 'got').failed).toMatchObject({ code: 'ERR_FTP_REPLY', reply: { code: 550 } });
    await expectNothingLeft(at);
  });

  it("into a missing directory is Node's error, and the transfer is aborted", async () => {
    await using at = await stage();
    expect(await at.start('/big', 'missing/got').failed).toMatchObject({ code: 'ENOENT' });
    await expectNothingLeft(at);
    expect(at.server.sessions).toHaveLength(1);
    expect(at.server.journal.of('data-closed')[0]?.sent).toBeLessThan(big.length);
  });

  it("of an empty file into a missing directory is Node's error too", async () => {
    await using at = await stage();
    expect(await at.start('/empty', 'missing/got').failed).toMatchObject({ code: 'ENOENT' });
    await expectNothingLeft(at);
  });

  it.each([
    ['a directory', (path: string) => mkdir(path), 'directory'],
    ['a link to a directory', (path: string) => symlink('.', path), 'directory'],
    ['a FIFO', (path: string) => promisify(execFile)('mkfifo', [path]), 'no regular file'],
    ['a link to a device', (path: string) => symlink('/dev/null', path), 'no regular file'],
  ])('over %s leaves that alone, and is refused before anything is sent', async (_what, make, why) => {
    await using at = await stage();
    await make(at.local.at('got'));
    const before = await lstat(at.local.at('got'));
    const error = await at.start('/a', 'got').failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_USAGE', message: expect.stringContaining(why) });
    expect(at.server.sessions).toHaveLength(0);
    const { ino, mode } = await lstat(at.local.at('got'));
    expect([ino, mode, await at.local.names()]).toEqual([before.ino, before.mode, ['got']]);
  });

  it('over what has become a directory meanwhile leaves that alone', async () => {
    const go = new Latch();
    await using at = await stage((server) => server.once('RETR', sendsInTwo(go)));
    const download = at.start('/a', 'got', { progressIntervalMs: 0 });
    await download.nth(1);
    await mkdir(at.local.at('got'));
    await writeFile(at.local.at('got/inside'), 'kept');
    go.open();
    expect(await download.failed).toMatchObject({ code: expect.stringMatching(/^E(ISDIR|NOTEMPTY|EXIST)/) });
    await expectNothingLeft(at, 'got');
    expect((await at.local.read('got/inside')).toString()).toBe('kept');
  });

  it('sends nothing when it is left before its file was looked at', async () => {
    await using at = await stage();
    at.start('/a', 'got').unsubscribe();
    await stat(at.local.path);
    expect([at.server.sessions.length, await at.local.names()]).toEqual([0, []]);
  });

  it('is refused before anything is sent when its options are bad', async () => {
    await using at = await stage();
    expect(await at.start('/a', 'got', { end: -1 }).failed).toMatchObject({ code: 'ERR_FTP_USAGE' });
    expect([at.server.sessions.length, await at.local.names()]).toEqual([0, []]);
  });

  it('is refused by a client that is closed', async () => {
    await using at = await stage();
    await at.ftp[Symbol.asyncDispose]();
    expect(await at.start('/a', 'got').failed).toMatchObject({ code: 'ERR_FTP_USAGE' });
    expect(await at.local.names()).toEqual([]);
  });

  it.each([
    ['breaks off', '426 The disk failed.', 'ERR_FTP_TRANSFER'],
    ['is longer than it was said to be', '226 Done.', 'ERR_FTP_TRANSFER'],
  ])('that %s leaves nothing but the old file', async (_how, ending, code) => {
    const go = new Latch();
    await using at = await stage((server) => server.once('RETR', sendsInTwo(go, ending)));
    await writeFile(at.local.at('got'), 'old');
    const download = at.start('/a', 'got', { progressIntervalMs: 0, size: 10 });
    await download.nth(1);
    await vi.waitFor(async () => expect(await at.local.names()).toHaveLength(2), { interval: 5 });
    go.open();
    expect(await download.failed).toMatchObject({ code });
    await expectNothingLeft(at, 'got');
    expect((await at.local.read('got')).toString()).toBe('old');
  });

  it("into a directory that was taken away meanwhile is Node's error", async () => {
    const go = new Latch();
    await using at = await stage((server) => server.once('RETR', sendsInTwo(go)));
    await mkdir(at.local.at('gone'));
    const download = at.start('/a', 'gone/got', { progressIntervalMs: 0 });
    await download.nth(1);
    await vi.waitFor(async () => expect(await readdir(at.local.at('gone'))).toHaveLength(1), { interval: 5 });
    await rename(at.local.at('gone'), at.local.at('elsewhere'));
    go.open();
    expect(await download.failed).toMatchObject({ code: 'ENOENT' });
    await expectNothingLeft(at, 'elsewhere');
  });
});

describe('a download that is left', () => {
  it('before its turn does nothing', async () => {
    await using at = await stage();
    const first = observe(at.ftp.help$());
    at.start('/a', 'got').unsubscribe();
    await first.settled;
    await expectNothingLeft(at);
    expect(at.server.commands.filter((line) => line.startsWith('RETR'))).toEqual(['RETR /a']);
  });

  it('at its first bytes removes the file that is just being made', async () => {
    await using at = await stage();
    const first = await lastValueFrom(
      download$(at.ftp, '/big', at.local.at('got'), { progressIntervalMs: 0 }).pipe(take(1)),
    );
    expect(first.done).toBe(false);
    await expectNothingLeft(at);
    expect(at.server.journal.of('data-closed')[0]?.sent).toBeLessThan(big.length);
  });

  it('in the middle is aborted on the server, and removes the partial file', async () => {
    const go = new Latch();
    await using at = await stage((server) => server.once('RETR', sendsInTwo(go)));
    const download = at.start('/a', 'got', { progressIntervalMs: 0 });
    await download.nth(1);
    await vi.waitFor(async () => expect(await at.local.names()).toHaveLength(1), { interval: 5 });
    download.unsubscribe();
    go.open();
    await expectNothingLeft(at);
    expect(at.server.commands).toContain('ABOR');
  });

  it('by its signal errors with the reason, and removes the partial file', async () => {
    const abort = new AbortController();
    await using at = await stage();
    const download = at.start('/big', 'got', { signal: abort.signal, progressIntervalMs: 0 });
    await download.nth(1);
    const reason = new Error('enough');
    abort.abort(reason);
    expect(await download.failed).toBe(reason);
    await expectNothingLeft(at);
    expect(await at.start('/a', 'got', { signal: abort.signal }).failed).toBe(reason);
  });

  it('with its client errors, and removes the partial file', async () => {
    await using at = await stage();
    const download = at.start('/big', 'got', { progressIntervalMs: 0 });
    await download.nth(1);
    await at.ftp[Symbol.asyncDispose]();
    expect(await download.failed).toMatchObject({ code: 'ERR_FTP_CONNECTION', phase: 'close' });
    await vi.waitFor(async () => expect(await at.local.names()).toEqual([]), { interval: 5 });
  });

  it('while its last bytes are being written has no file', async () => {
    await using at = await stage();
    await using probe = await open(at.local.at('probe'), 'w');
    const prototype: FileHandle = Object.getPrototypeOf(probe);
    const { writev } = prototype;
    vi.spyOn(prototype, 'writev').mockImplementationOnce(async function (this: FileHandle, ...args) {
      const written = await writev.apply(this, args);
      await firstValueFrom(at.ftp.state$.pipe(filter(({ status }) => status === 'idle')));
      download.unsubscribe();
      return written;
    });
    const download = at.start('/a', 'got');
    expect(await download.ended).toBe('unsubscribed');
    await expectNothingLeft(at, 'probe');
    expect(at.server.commands).not.toContain('ABOR');
  });

  it('at its last value has its file', async () => {
    await using at = await stage();
    await firstValueFrom(download$(at.ftp, '/a', at.local.at('got')).pipe(filter(({ done }) => done)));
    expect(await at.local.names()).toEqual(['got']);
  });
});

describe('pause$', () => {
  it('holds the download, and lets it go on', async () => {
    const pause$ = new Subject<boolean>();
    await using at = await stage();
    const download = observe(download$(at.ftp, '/big', at.local.at('got'), { pause$, progressIntervalMs: 0 }), {
      next: ({ bytes }) => {
        if (bytes > 1_000_000) pause$.next(true);
      },
    });
    while ((download.values.at(-1)?.bytes ?? 0) <= 1_000_000) await download.nth(download.values.length + 1);
    const held = download.values.length;
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(download.values).toHaveLength(held);
    pause$.complete();
    await download.settled;
    expect((await at.local.read('got')).equals(big)).toBe(true);
    expect(pause$.observed).toBe(false);
  });

  it('is left with the download', async () => {
    const pause$ = new Subject<boolean>();
    await using at = await stage();
    const download = at.start('/big', 'got', { pause$, progressIntervalMs: 0 });
    await download.nth(1);
    pause$.next(true);
    download.unsubscribe();
    expect(pause$.observed).toBe(false);
    await expectNothingLeft(at);
  });
});

/** `deadlineMs` and `minRate`, with a clock that the spec turns and sockets that are real. */
import { BehaviorSubject, concat, filter, firstValueFrom, NEVER, of } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FtpTimeoutError } from '../../lib/errors.js';
import { type ClientOptions, type Connected, connected } from '../control/support/connected.js';
import { type Observation, observe } from '../support/observe.js';
import type { Handler } from '../support/scripted-server.js';
import { arrived } from './support/fetch.js';

const deadlineMs = 20_000;
const minRate = { bytesPerSecond: 10, overMs: 5_000 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

/** Begins a transfer and leaves its data to the spec. */
const open150: Handler = async (session) => {
  await session.rawData();
  await session.reply('150 Here.');
};

/** A session whose server does `script` at every transfer command; and a promise of the 150 having come. */
async function transferring(client: ClientOptions, script: Handler = open150) {
  const verbs = ['RETR', 'STOR', 'APPE', 'STOU', 'LIST', 'NLST', 'MLSD'];
  const at = await connected({ files: { '/a': 'x' } }, client, (server) => {
    for (const verb of verbs) server.once(verb, script);
  });
  const begun = new Promise((resolve) => at.ftp.reply$.pipe(filter(({ code }) => code === 150)).subscribe(resolve));
  return { at, ftp: at.ftp, begun, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() };
}

/** The error that comes `ms` from now and no sooner; the waits of the abort are timers too. */
async function errorAt(ms: number, transfer: { end: unknown; failed: Promise<unknown> }): Promise<FtpTimeoutError> {
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect(transfer.end).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  await vi.waitUntil(() => transfer.end !== undefined, { timeout: 10_000, interval: 5 });
  const error = await transfer.failed;
  expect(error).toBeInstanceOf(FtpTimeoutError);
  return error as FtpTimeoutError;
}

async function send({ server }: Connected, bytes: string | Uint8Array): Promise<void> {
  await server.sessions[0]?.sendData(bytes, { end: 'open' });
}

/** Sends `count` bytes, one each `everyMs`. */
async function dribble(at: Connected, download: Observation<Uint8Array>, count: number, everyMs: number) {
  const before = Buffer.concat(download.values).length;
  for (let byte = 1; byte <= count; byte += 1) {
    await vi.advanceTimersByTimeAsync(everyMs);
    await send(at, 'x');
    await arrived(download, before + byte);
  }
}

describe('deadlineMs', () => {
  it('ends a download that dribbles for ever, and leaves the session in step', async () => {
    await using it = await transferring({});
    const download = observe(it.ftp.retr$('/a', { deadlineMs }));
    await it.begun;
    await dribble(it.at, download, 19, 1_000);
    const error = await errorAt(1_000, download);
    expect(error).toMatchObject({ phase: 'data', afterMs: deadlineMs, command: 'RETR /a', bytes: 19 });
    expect(error.message).toBe('RETR /a was not done within its deadlineMs of 20000 ms: 19 bytes had moved.');
    expect(it.at.commands).toContain('ABOR');
    expect(await firstValueFrom(it.ftp.pwd$())).toBe('/');
  });

  it("is the client's where the transfer has none, and none where the transfer says 0", async () => {
    await using it = await transferring({ deadlineMs });
    const download = observe(it.ftp.retr$('/a', { deadlineMs: 0 }));
    await it.begun;
    await vi.advanceTimersByTimeAsync(2 * deadlineMs);
    expect(download.end).toBeUndefined();
    download.unsubscribe();
    await vi.waitUntil(() => it.at.status === 'idle', { interval: 5 });
    const upload = observe(it.ftp.stor$('/b', NEVER));
    await it.at.server.event('data-opened', { nth: 2 });
    expect(await errorAt(deadlineMs, upload)).toMatchObject({ command: 'STOR /b', bytes: 0, afterMs: deadlineMs });
  });

  it.each([
    ['list$', 'LIST'],
    ['nlst$', 'NLST'],
    ['mlsd$', 'MLSD'],
    ['entries$', 'MLSD'],
  ] as const)('bounds %s', async (name, command) => {
    await using it = await transferring({});
    const listing = observe<unknown>(it.ftp[name](undefined, { deadlineMs }));
    await it.begun;
    expect(await errorAt(deadlineMs, listing)).toMatchObject({ command, phase: 'data', afterMs: deadlineMs });
    expect(await firstValueFrom(it.ftp.pwd$())).toBe('/');
  });

  it('bounds transfer$, also while nobody takes its bytes', async () => {
    await using it = await transferring({});
    const transfer = observe(it.ftp.transfer$('RETR /a', { deadlineMs }));
    await it.begun;
    expect(await errorAt(deadlineMs, transfer)).toMatchObject({ command: 'RETR /a', afterMs: deadlineMs });
  });

  it('counts also while the consumer holds the download', async () => {
    await using it = await transferring({});
    const download = observe(it.ftp.retr$('/a', { deadlineMs, pause$: new BehaviorSubject(true) }));
    await it.begun;
    expect(await errorAt(deadlineMs, download)).toMatchObject({ bytes: 0, afterMs: deadlineMs });
  });

  it('counts from when the work begins: not while the transfer waits for its turn, but from the questions before it on', async () => {
    await using it = await transferring({ replyTimeoutMs: 100_000 });
    it.at.server.answer('HELP').answer('SIZE');
    const help = observe(it.ftp.help$());
    await it.at.server.received('HELP');
    const download = observe(it.ftp.retr$('/a', { deadlineMs, verify: 'size' }));
    await vi.advanceTimersByTimeAsync(2 * deadlineMs);
    expect(download.end).toBeUndefined();
    await it.at.server.sessions[0]?.reply('214 Help.');
    await help.settled;
    await it.at.server.received('SIZE');
    await vi.advanceTimersByTimeAsync(deadlineMs);
    expect(download.end).toBeUndefined();
    // The server has as long as after any cancel.
    expect(await errorAt(5_000, download)).toMatchObject({ command: 'RETR /a', phase: 'data', afterMs: deadlineMs });
    expect(it.at.commands.at(-1)).toBe('SIZE /a');
    expect(it.at.status).toBe('closed');
  });

  it.each([
    ['late', true],
    ['never', false],
  ])('bounds the SIZE that verifies an upload and is answered %s', async (_when, isAnswered) => {
    await using it = await transferring({ replyTimeoutMs: 100_000 }, (_session, _argument, { byDefault }) =>
      byDefault(),
    );
    it.at.server.answer('SIZE');
    const options = { deadlineMs, verify: 'size', deletePartial: true } as const;
    const upload = observe(it.ftp.stor$('/b', 'hello', options));
    await it.at.server.received('SIZE');
    await vi.advanceTimersByTimeAsync(deadlineMs);
    expect(upload.end).toBeUndefined();
    if (isAnswered) await it.at.server.sessions[0]?.reply('213 5');
    const error = isAnswered ? await upload.failed : await errorAt(5_000, upload);
    expect(error).toMatchObject({
      command: 'STOR /b',
      phase: 'data',
      afterMs: deadlineMs,
      bytes: 5,
      outcome: 'unknown',
    });
    // The upload was complete: what was stored stays.
    expect(it.at.commands.some((line) => line.startsWith('DELE'))).toBe(false);
    expect(it.at.server.tree.text('/b')).toBe('hello');
    expect(it.at.status).toBe(isAnswered ? 'idle' : 'closed');
  });

  it('does not end a transfer that was done before, and leaves no timer', async () => {
    await using it = await transferring({}, (_session, _argument, { byDefault }) => byDefault());
    expect(Buffer.concat(await observe(it.ftp.retr$('/a', { deadlineMs })).settled).toString()).toBe('x');
    expect((await observe(it.ftp.stor$('/b', 'y', { deadlineMs })).settled).at(-1)).toMatchObject({ done: true });
    await vi.advanceTimersByTimeAsync(2 * deadlineMs);
    expect(await firstValueFrom(it.ftp.pwd$())).toBe('/');
  });

  it('is no longer of interest to a subscriber who has left', async () => {
    await using it = await transferring({});
    const download = observe(it.ftp.retr$('/a', { deadlineMs }));
    await it.begun;
    download.unsubscribe();
    await vi.waitUntil(() => it.at.status === 'idle', { interval: 5 });
    await vi.advanceTimersByTimeAsync(2 * deadlineMs);
    expect(await firstValueFrom(it.ftp.pwd$())).toBe('/');
  });
});

describe('minRate', () => {
  it('ends a download that dribbles, and leaves the session in step', async () => {
    await using it = await transferring({});
    const download = observe(it.ftp.retr$('/a', { minRate }));
    await it.begun;
    await dribble(it.at, download, 50, 99);
    await dribble(it.at, download, 4, 1_000);
    const error = await errorAt(1_050, download);
    expect(error).toMatchObject({ phase: 'data', afterMs: 5_000, command: 'RETR /a', bytes: 54 });
    expect(error.message).toBe(
      'RETR /a was too slow after 54 bytes: 4 bytes moved in 5000 ms, where minRate asks for 10 bytes a second.',
    );
    expect(await firstValueFrom(it.ftp.pwd$())).toBe('/');
  });

  it('is fulfilled by the average: a burst in each window will do', async () => {
    await using it = await transferring({ minRate });
    const download = observe(it.ftp.retr$('/a'));
    await it.begun;
    for (let window = 1; window <= 4; window += 1) {
      await vi.advanceTimersByTimeAsync(4_000);
      await send(it.at, 'x'.repeat(50));
      await arrived(download, 50 * window);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(download.end).toBeUndefined();
    expect(await errorAt(5_000, download)).toMatchObject({ bytes: 200, afterMs: 5_000 });
  });

  it("is the client's where the transfer has none, and none where the transfer says false", async () => {
    await using it = await transferring({ minRate });
    const download = observe(it.ftp.retr$('/a', { minRate: false }));
    await it.begun;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(download.end).toBeUndefined();
    download.unsubscribe();
    await vi.waitUntil(() => it.at.status === 'idle', { interval: 5 });
    const listing = observe(it.ftp.list$());
    await it.at.server.event('data-opened', { nth: 2 });
    await vi.advanceTimersByTimeAsync(0);
    expect(await errorAt(5_000, listing)).toMatchObject({ command: 'LIST', afterMs: 5_000, bytes: 0 });
  });

  it('does not count the time for which the consumer holds the download', async () => {
    await using it = await transferring({ stallTimeoutMs: 1_000_000 });
    const pause$ = new BehaviorSubject(false);
    const download = observe(it.ftp.retr$('/a', { minRate, pause$ }));
    await it.begun;
    await vi.advanceTimersByTimeAsync(3_000);
    pause$.next(true);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(download.end).toBeUndefined();
    pause$.next(false);
    expect(await errorAt(2_000, download)).toMatchObject({ afterMs: 5_000, bytes: 0 });
  });

  it('does not count the time for which the source of an upload has nothing to send', async () => {
    await using it = await transferring({}, async (session) => {
      await session.reply('150 Go.');
      await session.receiveData();
    });
    const upload = observe(it.ftp.stor$('/up', concat(of('some'), NEVER), { minRate }));
    await it.begun;
    await vi.advanceTimersByTimeAsync(100_000);
    expect([upload.end, it.at.status]).toEqual([undefined, 'busy']);
    upload.unsubscribe();
    await vi.waitUntil(() => it.at.status !== 'aborting', { interval: 5 });
  });

  it('ends an upload to a server that takes nothing', async () => {
    await using it = await transferring({});
    const upload = observe(it.ftp.stor$('/up', [Buffer.alloc(64_000_000)], { minRate }));
    await it.begun;
    await it.at.server.event('data-opened');
    // What the kernel takes counts for the first window.
    await vi.advanceTimersByTimeAsync(10_000);
    await vi.waitUntil(() => upload.end !== undefined, { timeout: 10_000, interval: 5 });
    const error = await upload.failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'data', afterMs: 5_000, command: 'STOR /up' });
    expect((error as FtpTimeoutError).message).toContain('was too slow');
  });
});

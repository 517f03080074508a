/** Deadlines, with a clock that the spec turns and sockets that are real. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BehaviorSubject, concat, filter, firstValueFrom, NEVER, of } from 'rxjs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FtpTimeoutError } from '../../lib/errors.js';
import { type ClientOptions, type Connected, connected } from '../control/support/connected.js';
import { observe } from '../support/observe.js';
import type { Handler } from '../support/scripted-server.js';
import { arrived } from './support/fetch.js';

const stallTimeoutMs = 8_000;
const replyTimeoutMs = 30_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

/** A session whose server does `script` at RETR and STOR; and a promise of the 150 having come. */
async function transferring(script: Handler, client: ClientOptions = {}) {
  const at = await connected({ files: { '/a': 'x' } }, { stallTimeoutMs, replyTimeoutMs, ...client }, (server) =>
    server.once('RETR', script).once('STOR', script),
  );
  const begun = new Promise((resolve) => at.ftp.reply$.pipe(filter(({ code }) => code === 150)).subscribe(resolve));
  return { at, ftp: at.ftp, begun, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() };
}

/** Lets the abort of a stalled transfer happen, whose waits are timers too, until `over`. */
async function turnClock(over: () => boolean): Promise<void> {
  await vi.waitUntil(over, { timeout: 10_000, interval: 5 });
}

const silentAfter150: Handler = async (session) => {
  await session.rawData();
  await session.reply('150 Here.');
};

/** Nothing has left for a while: the kernel's buffers are full, since the server reads nothing. */
async function kernelFull({ values }: { readonly values: readonly unknown[] }): Promise<void> {
  for (let [seen, still] = [values.length, 0]; still < 50; await nextTurn()) {
    still = values.length === seen && seen > 1 ? still + 1 : 0;
    seen = values.length;
  }
}

/** The download has not ended just before `ms`, and fails by the clock at `ms`. */
async function failsAt(ms: number, it: { at: Connected }, download: { end: unknown; failed: Promise<unknown> }) {
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect(it.at.status).toBe('busy');
  expect(download.end).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  await turnClock(() => download.end !== undefined);
  return download.failed;
}

describe('a download on which nothing moves', () => {
  it('fails after stallTimeoutMs, and the session is in step', async () => {
    await using it = await transferring(async (session) => {
      await session.reply('150 Here.');
      await session.sendData('1234', { end: 'open' });
      await new Promise((resolve) => session.data().then((data) => data.once('close', resolve)));
      await session.reply('426 Broken off.');
    });
    const download = observe(it.ftp.retr$('/a'));
    await arrived(download, 4);
    const error = await failsAt(stallTimeoutMs, it, download);
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ phase: 'data', afterMs: stallTimeoutMs, bytes: 4, command: 'RETR /a' });
    expect(await firstValueFrom(it.ftp.pwd$())).toBe('/');
    expect(it.at.commands).toContain('ABOR');
  });

  it('counts from the last byte', async () => {
    await using it = await transferring(silentAfter150);
    const download = observe(it.ftp.retr$('/a'));
    await it.begun;
    for (let byte = 1; byte <= 4; byte += 1) {
      await vi.advanceTimersByTimeAsync(stallTimeoutMs - 1);
      await it.at.server.sessions[0]?.sendData('x', { end: 'open' });
      await download.nth(byte);
    }
    expect(download.end).toBeUndefined();
    download.unsubscribe();
  });

  it.each(['pause$', 'a paused consumer'])('may be held by %s for as long as it likes', async (how) => {
    await using it = await transferring(silentAfter150);
    const pause$ = new BehaviorSubject(false);
    const iterator = how === 'pause$' ? undefined : it.ftp.retr$('/a')[Symbol.asyncIterator]();
    const download = iterator === undefined ? observe(it.ftp.retr$('/a', { pause$ })) : undefined;
    const first = iterator?.next();
    await it.begun;
    await it.at.server.sessions[0]?.sendData('x'.repeat(500_000), { end: 'open' });
    await (first ?? download?.nth(1));
    pause$.next(true);
    await vi.advanceTimersByTimeAsync(20 * stallTimeoutMs);
    expect(it.at.status).toBe('busy');
    expect(download?.end).toBeUndefined();
    pause$.next(false);
    if (iterator !== undefined) {
      expect((await iterator.next()).done).toBe(false);
      await iterator.return?.();
    } else if (download !== undefined) {
      await arrived(download, 500_000);
      expect(await failsAt(stallTimeoutMs, it, download)).toMatchObject({ phase: 'data' });
    }
  });

  it('that was paused from the start is not timed either', async () => {
    await using it = await transferring(silentAfter150);
    const pause$ = new BehaviorSubject(true);
    const download = observe(it.ftp.retr$('/a', { pause$ }));
    await it.begun;
    await vi.advanceTimersByTimeAsync(20 * stallTimeoutMs);
    expect(download.end).toBeUndefined();
    pause$.next(false);
    expect(await failsAt(stallTimeoutMs, it, download)).toMatchObject({ phase: 'data', bytes: 0 });
  });

  it('is not timed before it has begun, though its consumer lets go by then', async () => {
    await using it = await transferring(() => undefined);
    const pause$ = new BehaviorSubject(true);
    const download = observe(it.ftp.retr$('/a', { pause$ }));
    await it.at.server.received('RETR');
    pause$.next(false);
    await vi.advanceTimersByTimeAsync(2 * stallTimeoutMs);
    await it.at.server.sessions[0]?.reply('150 Here.');
    await it.begun;
    expect(await failsAt(stallTimeoutMs, it, download)).toMatchObject({ phase: 'data', bytes: 0 });
  });

  it('is not timed while the end of the data is in and the final reply is not', async () => {
    await using it = await transferring(async (session) => {
      await session.reply('150 Here.');
      await session.sendData('1234');
    });
    const download = observe(it.ftp.retr$('/a'));
    await it.at.server.event('data-closed');
    await vi.advanceTimersByTimeAsync(replyTimeoutMs - 1);
    expect(download.end).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    const error = await download.failed;
    expect(error).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'reply', afterMs: replyTimeoutMs, bytes: 4 });
    expect(it.at.status).toBe('closed');
    expect(await it.at.connection.failed).toBe(error);
  });
});

describe('an upload on which nothing moves', () => {
  it('fails after stallTimeoutMs when the server takes nothing', async () => {
    await using it = await transferring(silentAfter150);
    function* endless(): Generator<Uint8Array> {
      for (;;) yield Buffer.alloc(1_000_000);
    }
    const upload = observe(it.ftp.stor$('/up', endless(), { progressIntervalMs: 0 }));
    await it.begun;
    await kernelFull(upload);
    const error = await failsAt(stallTimeoutMs, it, upload);
    expect(error).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'data', afterMs: stallTimeoutMs });
    expect((error as FtpTimeoutError).bytes).toBeGreaterThan(0);
  });

  it('fails also when its source is silent meanwhile, and does not count what has not left', async () => {
    await using it = await transferring(silentAfter150);
    const source = concat(of(Buffer.alloc(64_000_000)), NEVER);
    const upload = observe(it.ftp.stor$('/up', source, { progressIntervalMs: 0 }));
    await it.begun;
    await it.at.server.event('data-opened');
    await kernelFull(upload);
    const error = await failsAt(stallTimeoutMs, it, upload);
    expect(error).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'data', afterMs: stallTimeoutMs });
    expect((error as FtpTimeoutError).bytes).toBe(upload.values.at(-1)?.bytes);
    // One chunk, but counted piece by piece.
    expect((error as FtpTimeoutError).bytes).toBeGreaterThan(0);
    expect((error as FtpTimeoutError).bytes).toBeLessThan(64_000_000);
  });

  it('may wait for its source for as long as that likes', async () => {
    await using it = await transferring(async (session) => {
      await session.reply('150 Go.');
      await session.receiveData();
    });
    const upload = observe(it.ftp.stor$('/up', concat(of('some'), NEVER)));
    await it.begun;
    await vi.advanceTimersByTimeAsync(20 * stallTimeoutMs);
    expect([upload.end, it.at.status]).toEqual([undefined, 'busy']);
    upload.unsubscribe();
    await turnClock(() => it.at.status !== 'aborting');
  });

  it('is not complete when the final reply never comes', async () => {
    await using it = await transferring(async (session) => {
      await session.reply('150 Go.');
      await session.receiveData();
    });
    const upload = observe(it.ftp.stor$('/up', 'some'));
    await it.at.server.event('data-ended');
    await vi.advanceTimersByTimeAsync(2 * replyTimeoutMs);
    expect(await upload.failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'reply', bytes: 4 });
    expect(it.at.status).toBe('closed');
  });
});

describe('a transfer command without an answer', () => {
  it.each(['RETR', 'STOR'])('%s is given up after replyTimeoutMs', async (verb) => {
    await using it = await transferring(() => undefined);
    const running = observe<unknown>(verb === 'RETR' ? it.ftp.retr$('/a') : it.ftp.stor$('/a', 'x'));
    await it.at.server.received(verb);
    await vi.advanceTimersByTimeAsync(replyTimeoutMs - 1);
    expect(running.end).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(await running.failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'reply', command: `${verb} /a` });
    expect(it.at.status).toBe('closed');
  });
});

describe('a reply that drips', () => {
  it.each(['EPSV', 'REST', 'TYPE'])('to %s meets the deadline for the whole of it', async (verb) => {
    await using at = await connected({ files: { '/a': 'x' } }, { replyTimeoutMs }, (server) => server.answer(verb));
    const download = observe(at.ftp.retr$('/a', { start: 1 }));
    await at.server.received(verb);
    for (const byte of '350 slow') {
      await at.server.sessions[0]?.replyRaw(byte);
      await vi.advanceTimersByTimeAsync(replyTimeoutMs / 10);
    }
    expect(download.end).toBeUndefined();
    await vi.advanceTimersByTimeAsync(replyTimeoutMs / 5);
    expect(await download.failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'reply', afterMs: replyTimeoutMs });
    expect(at.status).toBe('closed');
  });
});

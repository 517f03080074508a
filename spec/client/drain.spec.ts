/** `close$({ drain: true })`: what was asked for before is let finish, and then comes QUIT. */
import { lastValueFrom, NEVER } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect$, FtpConnectionError, FtpTimeoutError, FtpUsageError, paced } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { latch } from './support/latch.js';
import { afterLogin, clientOf, clientOfTwoSessions, optionsFor, sessionOf } from './support/open.js';
import { aWhile, pass } from './support/waits.js';

const drain = true;
const reason = new Error('we go home');
const big = Buffer.alloc(8_000_000, 'x');

afterEach(() => vi.useRealTimers());

/** HELP is answered when the returned latch opens. */
function slowHelp(server: ScriptedServer): ReturnType<typeof latch> {
  const answered = latch();
  server.on('HELP', async (session) => {
    await answered.opened;
    await session.reply('214 Help.');
  });
  return answered;
}

describe('draining a client', () => {
  it('lets finish what runs and what waits, then says QUIT, and completes', async () => {
    await using server = await scriptedServer({ files: { '/big': big, '/a': 'of a' } });
    const ftp = clientOf(server);
    const running = observe(ftp.retr$('/big'));
    await running.nth(1);
    const waiting = [observe(ftp.size$('/a')), observe(ftp.dele$('/a')), observe(ftp.stor$('/new', 'new'))];
    const closing = observe(ftp.close$({ drain }));
    expect(Buffer.concat(await running.settled).equals(big)).toBe(true);
    expect(await waiting[0]?.settled).toEqual([4]);
    for (const { settled } of waiting) await settled;
    expect(await closing.settled).toEqual([undefined]);
    expect(server.tree.file('/a')).toBeUndefined();
    expect(server.commands.filter((line) => line === 'QUIT')).toHaveLength(1);
    expect(server.commands.at(-1)).toBe('QUIT');
    await server.event('control-closed');
  });

  it('lets finish an upload that has not asked its source yet: a download of the same client', async () => {
    await using server = await scriptedServer({ files: { '/big': big } });
    const ftp = clientOf(server, { maxSessions: 2 });
    const copy = observe(ftp.stor$('/copy', ftp.retr$('/big')));
    const closing = observe(ftp.close$({ drain }));
    expect((await copy.settled).at(-1)).toMatchObject({ bytes: big.length });
    await closing.settled;
    expect(server.tree.file('/copy')?.bytes.equals(big)).toBe(true);
  });

  it('lets finish what waits for a login, also for a second one', async () => {
    const greeted = latch();
    await using server = await scriptedServer({
      greeting: async (session) => {
        await greeted.opened;
        await session.reply('220 Hello.');
      },
    });
    const ftp = clientOf(server, { maxSessions: 2 });
    const waiting = [observe(ftp.pwd$()), observe(ftp.help$())];
    await server.event('connected');
    const closing = observe(ftp.close$({ drain }));
    greeted.open();
    for (const { settled } of waiting) await settled;
    await closing.settled;
    const quits = server.commands.filter((line) => line === 'QUIT');
    expect(quits).toHaveLength(server.sessions.length);
  });

  it('refuses at once what is asked for later, and sends nothing for it', async () => {
    await using server = await scriptedServer();
    const ftp = clientOf(server);
    const answered = slowHelp(server);
    const running = observe(ftp.help$());
    await server.received('HELP');
    const closing = observe(ftp.close$({ drain }));
    for (const later$ of [ftp.noop$(), ftp.retr$('/a'), ftp.stor$('/a', 'x'), ftp.abor$(), ftp.transfer$('RETR /a')]) {
      const later = observe<unknown>(later$);
      expect(later.error).toBeInstanceOf(FtpUsageError);
      expect(String(later.error)).toContain('closed');
    }
    expect(running.end).toBeUndefined();
    answered.open();
    expect(await running.settled).toMatchObject([{ code: 214 }]);
    await closing.settled;
    expect(afterLogin(server)).toEqual(['HELP']);
  });

  it('refuses what the end of the last operation asks for', async () => {
    await using server = await scriptedServer();
    const ftp = clientOf(server);
    const answered = slowHelp(server);
    const next: unknown[] = [];
    const running = observe(ftp.help$());
    running.ended.catch(() => {});
    const chained = observe(ftp.noop$());
    void chained.ended.then(() => next.push(observe(ftp.pwd$()).error));
    await server.received('HELP');
    const closing = observe(ftp.close$({ drain }));
    answered.open();
    await closing.settled;
    expect(next[0]).toBeInstanceOf(FtpUsageError);
    expect(afterLogin(server)).toEqual(['HELP', 'NOOP']);
  });

  it('says QUIT on every session when the last operation of all has ended', async () => {
    await using server = await scriptedServer({ files: { '/a': 'of a' } });
    const ftp = await clientOfTwoSessions(server);
    const answered = latch();
    server.on('SITE', async (session) => {
      await answered.opened;
      await session.reply('200 Done.');
    });
    const running = observe(ftp.site$('SLOW'));
    await server.received('SITE');
    const other = observe(ftp.retr$('/a'));
    const closing = observe(ftp.close$({ drain }));
    await other.settled;
    expect(server.commands).not.toContain('QUIT');
    answered.open();
    await running.settled;
    expect(await closing.settled).toEqual([undefined]);
    expect(server.commands.filter((line) => line === 'QUIT')).toHaveLength(2);
    await server.event('control-closed', { nth: 2 });
  });

  it('completes also after operations that fail, and after those whose subscribers leave', async () => {
    await using server = await scriptedServer({ files: { '/big': big } });
    const ftp = clientOf(server);
    const leaving = observe(ftp.retr$('/big'));
    await leaving.nth(1);
    const failing = observe(ftp.dele$('/missing'));
    const closing = observe(ftp.close$({ drain }));
    leaving.unsubscribe();
    expect(await failing.failed).toMatchObject({ code: 'ERR_FTP_REPLY' });
    expect(await closing.settled).toEqual([undefined]);
    // The transfer that was left is in step before QUIT.
    expect(afterLogin(server).slice(0, 4)).toEqual(['TYPE I', 'EPSV', 'RETR /big', 'ABOR']);
    expect(server.commands.at(-1)).toBe('QUIT');
  });

  it('completes when the connection is lost', async () => {
    await using server = await scriptedServer();
    server.once('HELP', (session) => session.closeControl('rst'));
    const ftp = clientOf(server);
    const running = observe(ftp.help$());
    await server.received('HELP');
    const closing = observe(ftp.close$({ drain }));
    expect(await running.failed).toBeInstanceOf(FtpConnectionError);
    expect(await closing.settled).toEqual([undefined]);
  });

  it('opens nothing for a client that was never used', async () => {
    await using server = await scriptedServer();
    expect(await lastValueFrom(clientOf(server).close$({ drain }))).toBeUndefined();
    expect(server.sessions).toHaveLength(0);
  });

  it('is cold, can be repeated, and goes on when it is unsubscribed', async () => {
    await using server = await scriptedServer();
    const ftp = clientOf(server);
    const close$ = ftp.close$({ drain });
    const answered = slowHelp(server);
    const running = observe(ftp.help$());
    await server.received('HELP');
    observe(close$).unsubscribe();
    const again = [observe(close$), observe(close$)];
    expect(observe(ftp.noop$()).error).toBeInstanceOf(FtpUsageError);
    answered.open();
    await running.settled;
    for (const { settled } of again) expect(await settled).toEqual([undefined]);
    expect(await observe(close$).settled).toEqual([undefined]);
    expect(server.commands.filter((line) => line === 'QUIT')).toHaveLength(1);
  });

  it.each([
    { drain: false },
    { drain: undefined },
    {},
  ])('is not asked for by %o: what runs ends at once', async (options) => {
    await using server = await scriptedServer();
    server.answer('HELP');
    const ftp = clientOf(server, { abortTimeoutMs: 50 });
    const running = observe(ftp.help$());
    await server.received('HELP');
    const closing = observe(ftp.close$(options));
    expect(running.error).toMatchObject({ code: 'ERR_FTP_CONNECTION', phase: 'close' });
    await closing.settled;
  });

  it('shows a busy client until its end, then what closed it', async () => {
    await using server = await scriptedServer();
    const ftp = clientOf(server);
    const states = observe(ftp.state$);
    const answered = slowHelp(server);
    const running = observe(ftp.help$());
    await server.received('HELP');
    const closing = observe(ftp.close$({ drain }));
    expect(states.values.at(-1)).toEqual({ status: 'busy' });
    answered.open();
    await running.settled;
    await closing.settled;
    await states.settled;
    expect(states.values.at(-1)).toMatchObject({ status: 'closed', cause: { code: 'ERR_FTP_CONNECTION' } });
  });
});

describe('a drain that is to end at once', () => {
  /** A client that drains, with one operation that has no end by itself and one that waits for it. */
  async function draining(more: Parameters<typeof clientOf>[1] = {}) {
    const server = await scriptedServer();
    server.answer('HELP');
    const ftp = clientOf(server, { abortTimeoutMs: 50, ...more });
    const operations = [observe(ftp.help$()), observe(ftp.pwd$())];
    await server.received('HELP');
    const closing = observe(ftp.close$({ drain }));
    return { server, ftp, operations, closing };
  }

  it('is ended by close$ without drain', async () => {
    const { server, ftp, operations, closing } = await draining();
    const second = observe(ftp.close$());
    for (const { error } of operations) expect(error).toMatchObject({ code: 'ERR_FTP_CONNECTION', phase: 'close' });
    expect(await second.settled).toEqual([undefined]);
    expect(await closing.settled).toEqual([undefined]);
    await server.close();
  });

  it('is ended by the end of an await using block', async () => {
    const { server, ftp, operations, closing } = await draining();
    await ftp[Symbol.asyncDispose]();
    for (const { error } of operations) expect(error).toBeInstanceOf(FtpConnectionError);
    await closing.settled;
    await server.close();
  });

  it("is ended by the client's signal, whose reason is the error", async () => {
    const aborting = new AbortController();
    const { server, ftp, operations, closing } = await draining({ signal: aborting.signal });
    aborting.abort(reason);
    for (const { error } of operations) expect(error).toBe(reason);
    expect(await closing.settled).toEqual([undefined]);
    expect(await observe(ftp.noop$()).failed).toBe(reason);
    await server.close();
  });

  it('is not ended by options that close$ does not have', async () => {
    const { server, ftp, operations, closing } = await draining();
    expect(await observe(ftp.close$({ drian: true } as object)).failed).toMatchObject({ code: 'ERR_FTP_USAGE' });
    expect(operations.map(({ end }) => end)).toEqual([undefined, undefined]);
    await ftp[Symbol.asyncDispose]();
    await closing.settled;
    await server.close();
  });
});

describe('a drain that waits for a transfer whose user holds it', () => {
  const stallTimeoutMs = 8_000;

  async function untilEnded(over: () => boolean): Promise<void> {
    await vi.waitUntil(over, { timeout: 10_000, interval: 5 });
  }

  it('is over when the stall limit has ended a download that nobody takes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using server = await scriptedServer({ files: { '/big': big } });
    const ftp = clientOf(server, { stallTimeoutMs });
    const held = observe(ftp.retr$('/big').pipe(paced(() => NEVER)));
    await server.received('RETR');
    await aWhile();
    await pass(10 * stallTimeoutMs);
    expect(held.end).toBeUndefined();
    const closing = observe(ftp.close$({ drain }));
    await pass(stallTimeoutMs - 1);
    expect(held.end).toBeUndefined();
    await pass(1);
    await untilEnded(() => closing.end !== undefined);
    const error = await held.failed;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(String(error)).toContain('while close$ waited for it to end');
    expect(String(error)).not.toContain('maxSessions');
    expect(await closing.settled).toEqual([undefined]);
    expect(server.commands.at(-1)).toBe('QUIT');
  });

  it('is over likewise when that transfer begins later, on a session that was opened in the meantime', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using server = await scriptedServer({ files: { '/big': big } });
    const ftp = clientOf(server, { stallTimeoutMs });
    const held = observe(ftp.retr$('/big').pipe(paced(() => NEVER)));
    const closing = observe(ftp.close$({ drain }));
    await server.received('RETR');
    await aWhile();
    await pass(stallTimeoutMs);
    await untilEnded(() => closing.end !== undefined);
    expect(await held.failed).toBeInstanceOf(FtpTimeoutError);
  });

  it('hands on the rest of a listing from memory, whose consumer is slow', async () => {
    await using server = await scriptedServer({ files: { '/a': 'a', '/b': 'b', '/c': 'c' } });
    const ftp = clientOf(server);
    const names: string[] = [];
    let closing: ReturnType<typeof observe<void>> | undefined;
    for await (const { name } of ftp.entries$('/')) {
      closing ??= observe(ftp.close$({ drain }));
      await closing.settled;
      names.push(name);
    }
    expect(names.toSorted()).toEqual(['a', 'b', 'c']);
    expect(server.commands.at(-1)).toBe('QUIT');
  });
});

describe('draining a session of connect$', () => {
  /** A session with a download under way, and a SIZE that waits behind it. */
  async function busySession(server: ScriptedServer) {
    const opened = observe(connect$(optionsFor(server)));
    const ftp = await opened.nth(1);
    const running = observe(ftp.retr$('/big'));
    await running.nth(1);
    return { opened, ftp, running, waiting: observe(ftp.size$('/big')) };
  }

  it('lets finish what runs and waits, says QUIT, and completes connect$', async () => {
    await using server = await scriptedServer({ files: { '/big': big } });
    const { opened, ftp, running, waiting } = await busySession(server);
    const closing = observe(ftp.close$({ drain }));
    expect(observe(ftp.noop$()).error).toBeInstanceOf(FtpUsageError);
    expect(Buffer.concat(await running.settled).equals(big)).toBe(true);
    expect(await waiting.settled).toEqual([big.length]);
    expect(await closing.settled).toEqual([undefined]);
    await opened.settled;
    expect(server.commands.at(-1)).toBe('QUIT');
    expect(await observe(ftp.close$()).settled).toEqual([undefined]);
  });

  it('ends what runs at once when it is closed without drain, and completes connect$', async () => {
    await using server = await scriptedServer({ files: { '/big': big } });
    const { opened, ftp, running, waiting } = await busySession(server);
    const drained = observe(ftp.close$({ drain }));
    const closing = observe(ftp.close$());
    for (const { failed } of [running, waiting]) expect(await failed).toBeInstanceOf(FtpConnectionError);
    expect(await closing.settled).toEqual([undefined]);
    expect(await drained.settled).toEqual([undefined]);
    await opened.settled;
    expect(await observe(ftp.noop$()).failed).toBeInstanceOf(FtpUsageError);
    expect(server.commands.at(-1)).toBe('QUIT');
  });

  it('ends at once when connect$ is unsubscribed', async () => {
    await using server = await scriptedServer();
    server.answer('HELP');
    const open = await sessionOf(server, { abortTimeoutMs: 50 });
    const running = observe(open.ftp.help$());
    await server.received('HELP');
    const closing = observe(open.ftp.close$({ drain }));
    await open.close();
    expect(running.error).toBeInstanceOf(FtpConnectionError);
    expect(await closing.settled).toEqual([undefined]);
  });

  it('ends at once when its signal aborts, whose reason is the error', async () => {
    await using server = await scriptedServer();
    server.answer('HELP');
    const aborting = new AbortController();
    const opened = observe(connect$({ ...optionsFor(server, { abortTimeoutMs: 50 }), signal: aborting.signal }));
    const ftp = await opened.nth(1);
    const running = observe(ftp.help$());
    await server.received('HELP');
    const closing = observe(ftp.close$({ drain }));
    aborting.abort(reason);
    expect([running.error, opened.error]).toEqual([reason, reason]);
    expect(await closing.settled).toEqual([undefined]);
    await server.event('control-closed');
  });

  it('errors connect$ when the connection is lost meanwhile', async () => {
    await using server = await scriptedServer();
    server.once('HELP', (session) => session.closeControl('rst'));
    const opened = observe(connect$(optionsFor(server)));
    const ftp = await opened.nth(1);
    const running = observe(ftp.help$());
    const closing = observe(ftp.close$({ drain }));
    expect(await running.failed).toBeInstanceOf(FtpConnectionError);
    expect(await opened.failed).toBeInstanceOf(FtpConnectionError);
    expect(await closing.settled).toEqual([undefined]);
  });

  it.each([{ drain: 'yes' }, { graceful: true }, null])('closes nothing for bad options: %o', async (options) => {
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    expect(await observe(open.ftp.close$(options as object)).failed).toBeInstanceOf(FtpUsageError);
    await observe(open.ftp.noop$()).settled;
    expect(server.commands).not.toContain('QUIT');
  });

  it('is over when the stall limit has ended an upload whose source gives nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using server = await scriptedServer();
    const opened = observe(connect$(optionsFor(server, { stallTimeoutMs: 8_000 })));
    const ftp = await opened.nth(1);
    const held = observe(ftp.stor$('/new', NEVER));
    await server.received('STOR');
    await aWhile();
    const closing = observe(ftp.close$({ drain }));
    await pass(8_000);
    await vi.waitUntil(() => closing.end !== undefined, { timeout: 10_000, interval: 5 });
    expect(await held.failed).toBeInstanceOf(FtpTimeoutError);
    await opened.settled;
  });
});

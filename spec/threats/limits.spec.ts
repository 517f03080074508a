/** Nothing that a server sends without end fills the memory (T-11). */
import { lastValueFrom, reduce, take, timeout } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError, FtpTimeoutError, lines, listing } from '../../lib/index.js';
import { clientOf } from '../client/support/open.js';
import { observe } from '../support/observe.js';
import { pollPhase } from '../support/scripted/poll-phase.js';
import { type Handler, type ScriptedServer, scriptedServer } from '../support/scripted-server.js';

const MEBIBYTE = 1024 * 1024;

/** Floods the control connection until it is gone; `sent` says how much got out. */
function floods(server: ScriptedServer, verb: string, bytes: Buffer): { sent: number } {
  const flood = { sent: 0 };
  server.on(verb, async (session) => {
    while (!session.closed && flood.sent < 256 * MEBIBYTE) {
      await session.replyRaw(bytes, 'whole');
      flood.sent += bytes.length;
      await pollPhase();
    }
  });
  return flood;
}

/** A data connection that never ends. */
function endlessData(text: string): Handler {
  function* chunks(): Generator<Uint8Array> {
    const chunk = Buffer.from(text.repeat(Math.ceil((64 * 1024) / text.length)));
    for (;;) yield chunk;
  }
  return async (session) => {
    await session.reply('150 Here it comes.');
    await session.sendData('', { chunks: chunks() });
    await session.reply('426 Cut.');
  };
}

describe('endless replies (GHSA-rpmf-866q-6p89, bpo-16038)', () => {
  it.each([
    ['lines', Buffer.from(`257-${'x'.repeat(60)}\r\n`.repeat(1000))],
    ['a line', Buffer.alloc(64 * 1024, 'x')],
    ['line ends', Buffer.from('\r\n'.repeat(32 * 1024))],
    ['NULs', Buffer.alloc(64 * 1024)],
    ['preliminary replies', Buffer.from('150 Wait.\r\n'.repeat(1000))],
  ])('of %s are given up at a bound', async (_what, bytes) => {
    await using server = await scriptedServer();
    const flood = floods(server, 'PWD', bytes);
    await using ftp = clientOf(server);
    expect(await observe(ftp.pwd$()).failed).toBeInstanceOf(FtpProtocolError);
    await server.event('control-closed');
    expect(flood.sent).toBeLessThan(16 * MEBIBYTE);
  });

  it('are bounded by maxReplyBytes and maxLineBytes', async () => {
    await using server = await scriptedServer();
    server.answer('HELP', `214-${'x'.repeat(90)}\r\n${'214-x\r\n'.repeat(20)}214 End`);
    await using short = clientOf(server, { maxLineBytes: 80 });
    expect(String(await observe(short.help$()).failed)).toContain('80');
    await using small = clientOf(server, { maxReplyBytes: 150 });
    expect(await observe(small.help$()).failed).toBeInstanceOf(FtpProtocolError);
    await using ample = clientOf(server);
    expect(await observe(ample.help$()).ended).toBe('complete');
  });

  it('in FEAT name no more features than a server has', async () => {
    await using server = await scriptedServer();
    server.features = Array.from({ length: 2_000 }, (_, index) => `F${index}`);
    await using ftp = clientOf(server);
    expect(await observe(ftp.noop$()).failed).toBeInstanceOf(FtpProtocolError);
  });
});

describe('endless data (GHSA-rp42-5vxx-qpwr)', () => {
  it('of a listing is given entry by entry; who has enough aborts it', async () => {
    await using server = await scriptedServer();
    server.on('LIST', endlessData('-rw-r--r--   1 ftp      ftp             5 Feb  3  2024 a.txt\r\n'));
    await using ftp = clientOf(server);
    const count$ = ftp.list$().pipe(
      listing(),
      take(50_000),
      reduce((count) => count + 1, 0),
    );
    expect(await lastValueFrom(count$)).toBe(50_000);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it.each(['LIST', 'MLSD', 'NLST'])('in one line of %s is given up at a bound', async (verb) => {
    await using server = await scriptedServer();
    server.on(verb, endlessData('x'));
    await using ftp = clientOf(server);
    const listings = { LIST: ftp.list$(), MLSD: ftp.mlsd$(), NLST: ftp.nlst$() };
    const listed = listings[verb as keyof typeof listings];
    expect(await observe<unknown>(listed).failed).toBeInstanceOf(FtpProtocolError);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('in one line of a text is given up at the bound of lines()', async () => {
    await using server = await scriptedServer();
    server.on('RETR', endlessData('x'));
    await using ftp = clientOf(server);
    const text$ = ftp.retr$('/a').pipe(lines({ maxLineBytes: MEBIBYTE }));
    expect(await observe(text$).failed).toBeInstanceOf(FtpProtocolError);
  });

  it('that dribbles in for ever ends at a deadline: by a signal, or by timeout', async () => {
    await using server = await scriptedServer();
    server.on('RETR', async (session) => {
      await session.reply('150 Here it comes, slowly.');
      const socket = await session.data();
      while (!socket.destroyed) {
        socket.write('x');
        await pollPhase();
      }
      await session.reply('426 Cut.');
    });
    await using ftp = clientOf(server, { stallTimeoutMs: 60_000 });
    const signal = AbortSignal.timeout(100);
    expect(await observe(ftp.retr$('/a', { signal })).failed).toMatchObject({ name: 'TimeoutError' });
    const deadline$ = ftp.retr$('/a').pipe(
      reduce((sum, chunk) => sum + chunk.length, 0),
      timeout(100),
    );
    expect(await observe(deadline$).failed).toMatchObject({ name: 'TimeoutError' });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('that stands still is a FtpTimeoutError with the byte count', async () => {
    await using server = await scriptedServer();
    server.on('RETR', async (session) => {
      await session.reply('150 Here it comes.');
      await session.sendData('hello', { end: 'open' });
      await server.event('data-closed');
      await session.reply('426 Cut.');
    });
    await using ftp = clientOf(server, { stallTimeoutMs: 100 });
    const error = await observe(ftp.retr$('/a')).failed;
    expect(error).toBeInstanceOf(FtpTimeoutError);
    expect(error).toMatchObject({ phase: 'data', bytes: 5, afterMs: 100 });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });
});

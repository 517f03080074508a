/** A server that sends a little now and then, for ever: what ends such a download, as SECURITY.md advises, and what does not. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { takeUntil, timeout, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { clientOf } from '../client/support/open.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';

/** Sends a byte each turn of the event loop until the client has gone. */
async function dribblingServer(): Promise<ScriptedServer> {
  const server = await scriptedServer();
  server.on('RETR', async (session) => {
    await session.reply('150 Here it comes.');
    const socket = await session.link?.socket();
    while (socket?.writable === true) {
      socket.write('x');
      await nextTurn();
    }
    await session.reply('426 Cut.');
  });
  return server;
}

describe('a download that dribbles', () => {
  it('is ended by AbortSignal.timeout with an error, however often a chunk comes', async () => {
    await using server = await dribblingServer();
    await using ftp = clientOf(server);
    // The login, and code that runs for the first time, are not to use up the time.
    await observe(ftp.pwd$()).settled;
    const download = observe(ftp.retr$('/a', { signal: AbortSignal.timeout(500) }));
    expect(await download.failed).toMatchObject({ name: 'TimeoutError' });
    expect(download.values.length).toBeGreaterThan(1);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it.each([
    ['deadlineMs', { deadlineMs: 500 }],
    ['minRate', { minRate: { bytesPerSecond: 1e9, overMs: 500 } }],
  ])('is ended by %s with an error, and the session goes on', async (_name, limit) => {
    await using server = await dribblingServer();
    await using ftp = clientOf(server);
    const download = observe(ftp.retr$('/a', limit));
    expect(await download.failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'data', afterMs: 500 });
    expect(download.values.length).toBeGreaterThan(1);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(1);
  });

  it("is not ended by RxJS's timeout, which begins anew with each chunk", async () => {
    await using server = await dribblingServer();
    await using ftp = clientOf(server);
    const download = observe(ftp.retr$('/a').pipe(timeout({ each: 1_000 })));
    await download.nth(100);
    expect(download.end).toBeUndefined();
    download.unsubscribe();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('is ended by takeUntil too, but as if it were whole', async () => {
    await using server = await dribblingServer();
    await using ftp = clientOf(server);
    expect((await observe(ftp.retr$('/a').pipe(takeUntil(timer(50)))).settled).length).toBeGreaterThan(1);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });
});

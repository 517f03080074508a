import { afterEach, describe, expect, it, vi } from 'vitest';
import { FtpTimeoutError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { afterLogin, clientOf, sessionOf } from './support/open.js';

/** The timers of this library, not those of node's sockets. */
function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
}

afterEach(() => vi.useRealTimers());

describe('keepAliveMs', () => {
  it('says NOOP on a session that was idle for so long, again and again', async () => {
    fakeTimers();
    await using server = await scriptedServer();
    await using open = await sessionOf(server, { keepAliveMs: 1_000 });
    vi.advanceTimersByTime(999);
    expect(afterLogin(server)).toEqual([]);
    for (const nth of [1, 2]) {
      const idle = observe(open.ftp.state$, { name: 'state$' });
      vi.advanceTimersByTime(1_000);
      await server.received('NOOP', nth);
      // busy, then idle again.
      await idle.nth(3);
      idle.unsubscribe();
    }
    expect(afterLogin(server)).toEqual(['NOOP', 'NOOP']);
    await open.close();
  });

  it('begins anew with every operation, and ends with the session', async () => {
    fakeTimers();
    await using server = await scriptedServer();
    const ftp = clientOf(server, { keepAliveMs: 1_000 });
    await observe(ftp.pwd$()).settled;
    vi.advanceTimersByTime(900);
    await observe(ftp.pwd$()).settled;
    vi.advanceTimersByTime(900);
    expect(afterLogin(server)).toEqual(['PWD', 'PWD']);
    vi.advanceTimersByTime(100);
    await server.received('NOOP');
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is off by default', async () => {
    fakeTimers();
    await using server = await scriptedServer();
    await using open = await sessionOf(server);
    vi.advanceTimersByTime(3_600_000);
    expect(vi.getTimerCount()).toBe(0);
    expect(await observe(open.ftp.pwd$()).settled).toEqual(['/']);
    expect(afterLogin(server)).toEqual(['PWD']);
  });

  it('finds out that a connection is dead', async () => {
    fakeTimers();
    await using server = await scriptedServer();
    server.on('NOOP', () => undefined);
    const open = await sessionOf(server, { keepAliveMs: 1_000, replyTimeoutMs: 5_000 });
    const states = observe(open.ftp.state$);
    vi.advanceTimersByTime(1_000);
    await server.received('NOOP');
    vi.advanceTimersByTime(5_000);
    await states.settled;
    expect(states.values.at(-1)?.cause).toBeInstanceOf(FtpTimeoutError);
    await server.event('control-closed');
  });

  it('lets an operation wait for its NOOP', async () => {
    fakeTimers();
    await using server = await scriptedServer();
    await using open = await sessionOf(server, { keepAliveMs: 1_000 });
    server.on('NOOP', async (session) => {
      pwd = observe(open.ftp.pwd$());
      await session.reply('200 Ok.');
    });
    let pwd: ReturnType<typeof observe<string>> | undefined;
    vi.advanceTimersByTime(1_000);
    await server.received('PWD');
    expect(await pwd?.settled).toEqual(['/']);
    expect(afterLogin(server)).toEqual(['NOOP', 'PWD']);
  });
});

/** `idleTimeoutMs`, and `keepAliveMs` beside it, on the sessions of a client. */
import { describe, expect, it, vi } from 'vitest';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { surprisesOf } from '../support/surprises.js';
import { latch } from './support/latch.js';
import { afterLogin, clientOf, clientOfTwoSessions } from './support/open.js';
import { aWhile, fakeTimers, pass } from './support/waits.js';

const greeting = '220 ProFTPD Server';

describe('idleTimeoutMs', () => {
  it('ends each session that was idle for so long by QUIT, the last one too', async () => {
    await using server = await scriptedServer({ greeting });
    fakeTimers();
    const ftp = await clientOfTwoSessions(server, { idleTimeoutMs: 1_000 });
    const states = observe(ftp.state$, { name: 'state$' });
    const events = observe(ftp.events$, { name: 'events$' });
    await pass(999);
    expect(server.commands).not.toContain('QUIT');
    await pass(1);
    expect(server.commands.filter((line) => line === 'QUIT')).toHaveLength(2);
    await server.event('control-closed', { where: ({ session }) => session === 2 });
    await aWhile();
    expect(vi.getTimerCount()).toBe(0);
    expect(states.values).toEqual([{ status: 'idle' }]);
    const ended = events.values.map(({ type, session }) => ({ type, session }));
    expect(ended).toEqual([
      { type: 'closed', session: 1 },
      { type: 'closed', session: 2 },
    ]);
    expect(events.values[0]).toMatchObject({ cause: { code: 'ERR_FTP_CONNECTION', phase: 'close' } });
    // The next operation opens one again.
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(3);
    await observe(ftp.close$()).settled;
    await states.ended;
    await events.ended;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('begins anew with every operation, and ends nothing that is at work', async () => {
    await using server = await scriptedServer({ greeting });
    fakeTimers();
    await using ftp = clientOf(server, { idleTimeoutMs: 1_000 });
    await observe(ftp.pwd$()).settled;
    await pass(900);
    await observe(ftp.pwd$()).settled;
    await pass(900);
    const { opened, open } = latch();
    server.on('HELP', async (_session, _argument, command) => {
      await opened;
      await command.byDefault();
    });
    const running = observe(ftp.help$());
    await server.received('HELP');
    await pass(5_000);
    expect(server.commands).not.toContain('QUIT');
    open();
    await running.settled;
  });

  it('lets an operation that comes with the QUIT have another session', async () => {
    await using server = await scriptedServer({ greeting });
    fakeTimers();
    await using ftp = clientOf(server, { idleTimeoutMs: 1_000 });
    await observe(ftp.pwd$()).settled;
    vi.advanceTimersByTime(1_000);
    const next = observe(ftp.pwd$());
    await server.event('control-closed');
    expect(await next.settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(2);
  });

  it('counts through the NOOPs of keepAliveMs', async () => {
    await using server = await scriptedServer({ greeting });
    fakeTimers();
    await using ftp = clientOf(server, { idleTimeoutMs: 1_000, keepAliveMs: 400 });
    await observe(ftp.pwd$()).settled;
    for (const noops of [1, 2]) {
      await pass(400);
      expect(afterLogin(server).filter((line) => line === 'NOOP')).toHaveLength(noops);
    }
    await pass(200);
    expect(server.commands.at(-1)).toBe('QUIT');
  });

  it('is never by default', async () => {
    await using server = await scriptedServer({ greeting });
    fakeTimers();
    await using ftp = clientOf(server);
    await observe(ftp.pwd$()).settled;
    await pass(24 * 3_600_000);
    expect(afterLogin(server)).toEqual(['PWD']);
    expect(server.commands).not.toContain('QUIT');
  });
});

describe('keepAliveMs', () => {
  it('is for every idle session of a client', async () => {
    await using server = await scriptedServer({ greeting });
    fakeTimers();
    const ftp = await clientOfTwoSessions(server, { keepAliveMs: 1_000 });
    const events = observe(surprisesOf(ftp.events$), { name: 'events$' });
    for (const noops of [2, 4]) {
      await pass(1_000);
      const told = server.journal.of('command').filter(({ text }) => text === 'NOOP');
      expect(told.map(({ session }) => session).sort()).toEqual([1, 2, 1, 2].slice(0, noops).sort());
    }
    await observe(ftp.close$()).settled;
    await events.ended;
    expect(events.values).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

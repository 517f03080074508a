import { filter, firstValueFrom, lastValueFrom, takeUntil } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collectBytes, FtpConnectionError } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { pollPhase } from '../support/scripted/poll-phase.js';
import { type Handler, type Session, scriptedServer } from '../support/scripted-server.js';
import { latch } from './support/latch.js';
import { afterLogin, clientOf } from './support/open.js';

/** Answers a verb when the spec says so. */
function gate(): { readonly open: () => void; readonly handler: Handler } {
  const { opened, open } = latch();
  const handler: Handler = async (_session, _argument, command) => {
    await opened;
    await command.byDefault();
  };
  return { open, handler };
}

describe('the sessions of a client', () => {
  it('are opened by the first subscription, not before', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const pwd$ = ftp.pwd$();
    expect(server.sessions).toHaveLength(0);
    expect(await lastValueFrom(pwd$)).toBe('/');
    expect(server.commands).toEqual(['USER anonymous', 'PASS anonymous@', 'FEAT', 'OPTS UTF8 ON', 'PWD']);
  });

  it('are reused, and run operations in the order of subscription', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const all = ['a', 'b', 'c'].map((topic) => observe(ftp.help$(topic)));
    await Promise.all(all.map(({ settled }) => settled));
    await observe(ftp.noop$()).settled;
    expect(afterLogin(server)).toEqual(['HELP a', 'HELP b', 'HELP c', 'NOOP']);
    expect(server.sessions).toHaveLength(1);
  });

  it('run each subscription anew: every operation is cold', async () => {
    await using server = await scriptedServer({ files: { '/a': 'abc' } });
    await using ftp = clientOf(server);
    const size$ = ftp.size$('/a');
    expect([await lastValueFrom(size$), await lastValueFrom(size$)]).toEqual([3, 3]);
    expect(server.commands.filter((line) => line === 'SIZE /a')).toHaveLength(2);
  });

  it('are at most maxSessions, and work side by side', async () => {
    await using server = await scriptedServer();
    const slow = gate();
    server.on('HELP', slow.handler);
    await using ftp = clientOf(server, { maxSessions: 2 });
    const running = ['a', 'b', 'c'].map((topic) => observe(ftp.help$(topic)));
    await server.received('HELP', 2);
    expect(afterLogin(server)).toEqual(['HELP a', 'HELP b']);
    slow.open();
    await Promise.all(running.map(({ settled }) => settled));
    expect(server.sessions).toHaveLength(2);
    expect(server.commands.filter((line) => line.startsWith('HELP'))).toHaveLength(3);
  });

  it('are not opened in advance: one after the other needs one', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { maxSessions: 3 });
    for (let round = 0; round < 3; round += 1) await observe(ftp.noop$()).settled;
    expect(server.sessions).toHaveLength(1);
  });

  it.each([
    '220 Ready',
    '220 ProFTPD Server',
  ])('are not opened for whoever leaves with the value, and goes on at once (%s)', async (greeting) => {
    await using server = await scriptedServer({ greeting, files: { '/a': 'abc' } });
    await using ftp = clientOf(server, { maxSessions: 3 });
    for (let round = 0; round < 3; round += 1) {
      expect(await firstValueFrom(ftp.size$('/a'))).toBe(3);
      expect(await firstValueFrom(ftp.pwd$())).toBe('/');
    }
    expect(server.sessions).toHaveLength(1);
  });

  it('are not opened for whoever leaves in the turn in which he came', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const states = observe(ftp.state$);
    observe(ftp.noop$()).unsubscribe();
    await new Promise((resolve) => setImmediate(resolve));
    expect(states.values).toEqual([{ status: 'idle' }]);
    states.unsubscribe();
  });

  it('send nothing for an operation that was given up while it waited', async () => {
    await using server = await scriptedServer({ files: { '/a': 'a' } });
    const slow = gate();
    server.on('HELP', slow.handler);
    await using ftp = clientOf(server);
    const first = observe(ftp.help$('first'));
    await server.received('HELP');
    const second = observe(ftp.dele$('/a'));
    const third = observe(ftp.noop$());
    second.unsubscribe();
    slow.open();
    await Promise.all([first.settled, third.settled]);
    expect(afterLogin(server)).toEqual(['HELP first', 'NOOP']);
    expect(server.tree.text('/a')).toBe('a');
  });

  it('send nothing for an operation that is given up when the client is told that it works', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const busy$ = ftp.state$.pipe(filter(({ status }) => status === 'busy'));
    const left = observe(ftp.pwd$().pipe(takeUntil(busy$)));
    expect(await left.settled).toEqual([]);
    await observe(ftp.noop$()).settled;
    expect(afterLogin(server)).toEqual(['NOOP']);
  });

  it('read the reply of a command that was given up, so that the next one gets its own', async () => {
    await using server = await scriptedServer();
    const slow = gate();
    server.on('PWD', slow.handler);
    await using ftp = clientOf(server);
    const left = observe(ftp.pwd$());
    await server.received('PWD');
    left.unsubscribe();
    const next = observe(ftp.noop$());
    slow.open();
    expect((await next.settled)[0]?.text).toBe('NOOP ok.');
    expect(left.values).toEqual([]);
  });

  it('are given up while they open, when nobody waits any more', async () => {
    await using server = await scriptedServer({ greeting: false });
    await using ftp = clientOf(server);
    const only = observe(ftp.noop$());
    await server.event('connected');
    only.unsubscribe();
    await server.event('control-closed');
    expect(server.commands).toEqual([]);
  });

  it('are opened again for whoever comes right after an attempt was given up', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const states = observe(ftp.state$);
    const left = observe(ftp.noop$());
    await states.nth(2);
    left.unsubscribe();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    states.unsubscribe();
  });

  it('are kept while they open, when somebody else waits', async () => {
    const greet = latch();
    const greeting = async (session: Session): Promise<void> => {
      await greet.opened;
      await session.reply('220 Ready');
    };
    await using server = await scriptedServer({ greeting });
    await using ftp = clientOf(server);
    const first = observe(ftp.noop$());
    const second = observe(ftp.pwd$());
    await server.event('connected');
    first.unsubscribe();
    greet.open();
    expect(await second.settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(1);
    expect(afterLogin(server)).toEqual(['PWD']);
  });

  it('are replaced for the next operation when one was lost while idle', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    void server.sessions[0]?.closeControl('rst');
    await server.event('control-closed');
    // The reset is in the client's socket already; it is read in the next turns of the event loop.
    for (let turn = 0; turn < 3; turn += 1) await pollPhase();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(2);
  });

  it('fail the operation they are lost under, and only that', async () => {
    await using server = await scriptedServer();
    server.once('DELE', (session) => session.closeControl());
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    const lost = observe(ftp.dele$('/a'));
    const next = observe(ftp.pwd$());
    const error = await lost.failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'control', phase: 'command', command: 'DELE /a' });
    expect(await next.settled).toEqual(['/']);
    // What may have been done is not done again.
    expect(server.commands.filter((line) => line === 'DELE /a')).toHaveLength(1);
  });

  it('are replaced after a 421 too', async () => {
    await using server = await scriptedServer();
    server.once('NOOP', async (session) => {
      await session.reply('421 Timeout.');
      await session.closeControl();
    });
    await using ftp = clientOf(server);
    expect(await observe(ftp.noop$()).failed).toMatchObject({ code: 'ERR_FTP_CONNECTION', reply: { code: 421 } });
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
  });

  it('serve commands while another session transfers', async () => {
    const bytes = Buffer.alloc(3_000_000, 'x');
    await using server = await scriptedServer({ files: { '/big': bytes } });
    await using ftp = clientOf(server, { maxSessions: 2 });
    const iterator = ftp.retr$('/big')[Symbol.asyncIterator]();
    const first = await iterator.next();
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(server.events.filter(({ kind }) => kind === 'data-closed')).toEqual([]);
    let count = first.done === true ? 0 : first.value.length;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) count += next.value.length;
    expect(count).toBe(bytes.length);
    expect(await lastValueFrom(ftp.retr$('/big').pipe(collectBytes()))).toHaveLength(bytes.length);
  });
});

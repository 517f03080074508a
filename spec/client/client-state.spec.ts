import { first, firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpClient } from '../../lib/index.js';
import { secret } from '../support/canary.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { latch } from './support/latch.js';
import { afterLogin, clientOf } from './support/open.js';

const files = { '/dir/sub/a': 'a', '/b': 'b' };

/** What each session was told after its login. */
function bySession(server: Awaited<ReturnType<typeof scriptedServer>>): Record<number, string[]> {
  const heard: Record<number, string[]> = {};
  for (const event of server.journal.of('command')) {
    if (/^(USER|PASS|FEAT|OPTS UTF8|QUIT)/.test(event.text)) continue;
    heard[event.session] = [...(heard[event.session] ?? []), event.text];
  }
  return heard;
}

/** Two operations that only end together, so that each needs a session. */
async function onTwoSessions(server: Awaited<ReturnType<typeof scriptedServer>>, ftp: ReturnType<typeof clientOf>) {
  const both = latch();
  server.on('HELP', async (session) => {
    await both.opened;
    await session.reply('214 Help.');
  });
  const running = [observe(ftp.help$()), observe(ftp.help$())];
  await server.received('HELP', 2);
  both.open();
  for (const { settled } of running) await settled;
}

describe("a client's state", () => {
  it('is brought to a session after a reconnect: directory, OPTS, and the type of transfers', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    await observe(ftp.cwd$('dir')).settled;
    await observe(ftp.cwd$('sub')).settled;
    await observe(ftp.type$('A')).settled;
    await observe(ftp.opts$('MLST', 'type;size;')).settled;
    server.once('SITE', (session) => session.closeControl());
    await observe(ftp.send$('SITE LOSE')).failed;
    expect(await observe(ftp.pwd$()).settled).toEqual(['/dir/sub']);
    expect(bySession(server)[2]).toEqual(['OPTS MLST type;size;', 'CWD /dir/sub', 'PWD']);
    await observe(ftp.retr$('a')).settled;
    expect(bySession(server)[2]?.slice(3)).toEqual(['TYPE A', expect.stringContaining('EPSV'), 'RETR a']);
  });

  it('is brought to every session, before it works', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server, { maxSessions: 2 });
    await observe(ftp.cwd$('/dir')).settled;
    await onTwoSessions(server, ftp);
    expect(bySession(server)).toEqual({ 1: ['CWD /dir', 'HELP'], 2: ['CWD /dir', 'HELP'] });
    await observe(ftp.cwd$('sub')).settled;
    await onTwoSessions(server, ftp);
    const [first, second] = [bySession(server)[1] ?? [], bySession(server)[2] ?? []];
    expect([...first, ...second].filter((line) => line === 'PWD')).toHaveLength(1);
    expect(first.slice(2)).toContain(first.includes('CWD sub') ? 'CWD sub' : 'CWD /dir/sub');
    expect(second.slice(2)).toContain(second.includes('CWD sub') ? 'CWD sub' : 'CWD /dir/sub');
  });

  it('is that of the last change: what was set back is not set again', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    await observe(ftp.cwd$('/dir')).settled;
    await observe(ftp.cwd$('/')).settled;
    server.once('SITE', (session) => session.closeControl());
    await observe(ftp.send$('SITE LOSE')).failed;
    await observe(ftp.syst$()).settled;
    expect(bySession(server)[2]).toEqual(['CWD /', 'SYST']);
  });

  it('fails the operation when a session cannot be brought there', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    await observe(ftp.cwd$('/dir')).settled;
    server.once('SITE', (session) => session.closeControl());
    await observe(ftp.send$('SITE LOSE')).failed;
    server.tree.remove('/dir');
    expect(await observe(ftp.syst$()).failed).toMatchObject({ command: 'CWD /dir', reply: { code: 550 } });
    expect(afterLogin(server)).not.toContain('SYST');
  });

  it.each([
    ['cwd$', (ftp: FtpClient) => ftp.cwd$('/')],
    ['send$', (ftp: FtpClient) => ftp.send$('CWD /')],
    ['exchange$', (ftp: FtpClient) => ftp.exchange$('CWD /', { expect: 250 })],
  ])('is left, where its directory is gone, by %s with a path from /', async (_name, leave) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    await observe(ftp.opts$('MLST', 'size;')).settled;
    await observe(ftp.cwd$('/dir/sub')).settled;
    server.tree.remove('/dir/sub');
    server.once('SITE', (session) => session.closeControl());
    await observe(ftp.send$('SITE LOSE')).failed;
    for (const operation of [ftp.cwd$('sub'), ftp.cwd$('..'), ftp.pwd$(), ftp.send$('CWD sub'), ftp.retr$('/b')]) {
      const error = await observe<unknown>(operation).failed;
      expect(error).toMatchObject({ command: 'CWD /dir/sub', reply: { code: 550 } });
      expect(String(error)).toContain('cwd$ with a path from /');
    }
    expect(await observe(ftp.cwd$('/missing')).failed).toMatchObject({ command: 'CWD /missing' });
    expect(await observe(ftp.pwd$()).failed).toMatchObject({ command: 'CWD /dir/sub' });
    expect((await observe(leave(ftp)).settled)[0]?.code).toBe(250);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    expect(bySession(server)[2]?.slice(-2)).toEqual(['CWD /', 'PWD']);
    expect(bySession(server)[2]).toContain('OPTS MLST size;');
  });

  it.each([
    ['CWD /dir', '/dir'],
    ['XCWD dir/sub', '/dir/sub'],
    ['CWD sub/..', '/dir'],
    ['cdup', '/'],
    ['XCUP', '/'],
  ])('is changed by %s of the user’s own too', async (line, path) => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    if (line === 'CWD sub/..') await observe(ftp.cwd$('/dir')).settled;
    const reply = line === 'CWD /dir' ? ftp.exchange$(line, { expect: 2 }) : ftp.send$(line);
    await observe(reply).settled;
    server.once('SITE', (session) => session.closeControl());
    await observe(ftp.send$('SITE LOSE')).failed;
    expect(await observe(ftp.pwd$()).settled).toEqual([path]);
    expect(bySession(server)[2]).toEqual([`CWD ${path}`, 'PWD']);
  });

  it('does not change by what was refused', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server);
    await observe(ftp.cwd$('/missing')).failed;
    await observe(ftp.type$('X')).failed;
    await observe(ftp.opts$('NONE')).failed;
    await observe(ftp.send$('CWD /missing')).settled;
    await observe(ftp.exchange$('CWD /missing', { expect: 550 })).settled;
    server.once('SITE', (session) => session.closeControl());
    await observe(ftp.send$('SITE LOSE')).failed;
    await observe(ftp.syst$()).settled;
    expect(bySession(server)[2]).toEqual(['SYST']);
  });

  it('has a start directory that every session goes to at login', async () => {
    await using server = await scriptedServer({ files });
    await using ftp = clientOf(server, { directory: 'dir', maxSessions: 2 });
    await onTwoSessions(server, ftp);
    expect(bySession(server)).toEqual({ 1: ['CWD dir', 'HELP'], 2: ['CWD dir', 'HELP'] });
    await using lost = clientOf(server, { directory: 'missing' });
    expect(await observe(lost.noop$()).failed).toMatchObject({ command: 'CWD missing' });
  });

  it('is told by state$: idle, connecting, busy, idle, closed', async () => {
    await using server = await scriptedServer();
    const ftp = clientOf(server);
    const states = observe(ftp.state$);
    expect(states.values.map(({ status }) => status)).toEqual(['idle']);
    await observe(ftp.noop$()).settled;
    await observe(ftp.close$()).settled;
    expect(states.values.map(({ status }) => status)).toEqual(['idle', 'connecting', 'busy', 'idle', 'closed']);
    await states.settled;
  });

  it('is aborting while nothing goes on but what was cancelled', async () => {
    await using server = await scriptedServer({ files: { '/big': Buffer.alloc(8_000_000) } });
    await using ftp = clientOf(server);
    const states = observe(ftp.state$);
    const running = observe(ftp.retr$('/big'));
    await running.nth(1);
    running.unsubscribe();
    await observe(ftp.noop$()).settled;
    const shown = states.values.map(({ status }) => status);
    expect(shown).toEqual(['idle', 'connecting', 'busy', 'aborting', 'busy', 'idle']);
  });

  it('is busy while one of its sessions works and another aborts', async () => {
    await using server = await scriptedServer();
    const answers = { a: latch(), b: latch() };
    server.on('HELP', async (_session, topic, command) => {
      await answers[topic as 'a' | 'b'].opened;
      await command.byDefault();
    });
    await using ftp = clientOf(server, { maxSessions: 2 });
    const states = observe(ftp.state$);
    const [kept, left] = [observe(ftp.help$('a')), observe(ftp.help$('b'))];
    await server.received('HELP', 2);
    left.unsubscribe();
    answers.a.open();
    await kept.settled;
    await observe(ftp.state$.pipe(first(({ status }) => status === 'aborting'))).settled;
    answers.b.open();
    await observe(ftp.state$.pipe(first(({ status }) => status === 'idle'))).settled;
    const shown = states.values.map(({ status }) => status);
    expect(shown).toEqual(['idle', 'connecting', 'busy', 'aborting', 'idle']);
  });

  it('says nothing of aborting when somebody leaves with the last value', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server);
    const states = observe(ftp.state$);
    expect(await firstValueFrom(ftp.pwd$())).toBe('/');
    await observe(ftp.noop$()).settled;
    expect(states.values.map(({ status }) => status)).not.toContain('aborting');
  });

  it('is idle again after a connection that could not be made', async () => {
    await using server = await scriptedServer({ greeting: '530 Go away.' });
    await using ftp = clientOf(server);
    const states = observe(ftp.state$);
    await observe(ftp.noop$()).failed;
    expect(states.values.map(({ status }) => status)).toEqual(['idle', 'connecting', 'idle']);
    await observe(ftp.close$()).settled;
  });
});

describe('reply$ and command$ of a client', () => {
  it('tell of all its sessions from the greeting on, with secrets masked', async () => {
    const password = secret('live-stream-pw');
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { user: 'ann', password, maxSessions: 2 });
    const replies = observe(ftp.reply$);
    const commands = observe(ftp.command$);
    await onTwoSessions(server, ftp);
    await observe(ftp.close$()).settled;
    const told = (await commands.settled).filter((line) => line === 'PASS ***');
    expect(told).toHaveLength(2);
    expect(commands.values.filter((line) => line === 'QUIT')).toHaveLength(2);
    expect(commands.values).toHaveLength(server.commands.length);
    const codes = (await replies.settled).map(({ code }) => code);
    expect(codes.filter((code) => code === 220)).toHaveLength(2);
    expect(codes.filter((code) => code === 221)).toHaveLength(2);
    expect(JSON.stringify([commands.values, replies.values])).not.toContain(password);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { FtpClient, FtpConnectionError, FtpError, type Reply } from '../../lib/index.js';
import { type Observation, observe } from '../support/observe.js';
import { pollPhase } from '../support/scripted/poll-phase.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { dropNext, refusedPort, WAYS_TO_FAIL, type WayToFail } from './support/failing-logins.js';
import { latch } from './support/latch.js';
import { afterLogin, clientOf } from './support/open.js';
import { answerOf, aWhile, fakeTimers, pass, passQuiet } from './support/waits.js';

async function failingServer({ options, prepare }: WayToFail): Promise<ScriptedServer> {
  const server = await scriptedServer(options);
  prepare?.(server);
  return server;
}

function threeOf(ftp: FtpClient): readonly Observation<Reply>[] {
  return [1, 2, 3].map((n) => observe(ftp.help$(String(n))));
}

describe('a client whose every connection fails before an operation was answered', () => {
  it.each(WAYS_TO_FAIL)('logs in once, and all that waits errors: $name', async (way) => {
    await using server = await failingServer(way);
    await using ftp = clientOf(server);
    const all = threeOf(ftp);
    for (const { failed } of all) {
      const error = await failed;
      expect(error).toBeInstanceOf(FtpError);
      if (way.says421 === true) expect(error).toMatchObject({ reply: { code: 421, text: 'too many' } });
      if (way.says421 === true) expect(String(error)).toContain('421 too many');
    }
    await aWhile();
    expect(server.sessions).toHaveLength(1);
  });

  it.each(WAYS_TO_FAIL)('logs in once for an operation that is alone: $name', async (way) => {
    await using server = await failingServer(way);
    await using ftp = clientOf(server);
    expect(await observe(ftp.help$()).failed).toBeInstanceOf(FtpError);
    await aWhile();
    expect(server.sessions).toHaveLength(1);
  });

  it.each(WAYS_TO_FAIL)('waits longer and longer before later operations: $name', async (way) => {
    await using server = await failingServer(way);
    fakeTimers();
    const ftp = clientOf(server);
    await observe(ftp.help$()).failed;
    for (const [round, delayMs] of [250, 500, 1_000, 2_000].entries()) {
      const later = observe(ftp.help$());
      await aWhile();
      vi.advanceTimersByTime(delayMs - 1);
      await aWhile();
      expect(server.sessions).toHaveLength(1 + round);
      vi.advanceTimersByTime(1);
      expect(await later.failed).toBeInstanceOf(FtpError);
      expect(server.sessions).toHaveLength(2 + round);
    }
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is told that the login was good, where it was', async () => {
    await using server = await scriptedServer();
    server.on('FEAT', (session) => session.replyRaw('211 none\r\n421 too many\r\n'));
    await using ftp = clientOf(server);
    const error = await observe(ftp.pwd$()).failed;
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'control', reply: { code: 421 } });
    expect(String(error)).toMatch(/^FtpConnectionError: The login was accepted, but the session was lost/);
  });

  it('tries a port that refuses once', async () => {
    const { options, tries } = await refusedPort();
    await using ftp = new FtpClient(options);
    for (const { failed } of threeOf(ftp)) expect(await failed).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await aWhile();
    expect(tries()).toBe(1);
  });
});

describe('a server that ends the session behind its refusal of FEAT', () => {
  it('is met again without FEAT, which it has not', async () => {
    await using server = await scriptedServer();
    server.on('FEAT', (session) => session.replyRaw('500 unknown\r\n421 too many\r\n'));
    vi.spyOn(Math, 'random').mockReturnValue(0);
    await using ftp = clientOf(server);
    expect(await observe(ftp.pwd$()).failed).toMatchObject({ reply: { code: 421 } });
    expect(server.sessions).toHaveLength(1);
    expect(await observe(ftp.pwd$()).settled).toEqual(['/']);
    await using trying = clientOf(server, { retry: true });
    expect(await observe(trying.pwd$()).settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(4);
  });
});

describe('an operation that its session was lost for before it was sent', () => {
  /** The session ends while the client waits for one reply too many to the login. */
  const endsInQuiet = async (ends: number): Promise<ScriptedServer> => {
    const server = await scriptedServer({ greeting: '220 A server of which nothing is known' });
    let left = ends;
    server.on('OPTS', async (session, _argument, command) => {
      await command.byDefault();
      if (left <= 0) return;
      left -= 1;
      for (let turn = 0; turn < 10; turn += 1) await pollPhase();
      await session.closeControl('rst');
    });
    return server;
  };

  it('waits for the next session with the others, in their order', async () => {
    await using server = await endsInQuiet(1);
    fakeTimers(0);
    await using ftp = clientOf(server, { retry: true });
    const all = [observe(ftp.dele$('/missing')), observe(ftp.noop$()), observe(ftp.help$('1'))];
    await server.event('control-closed');
    for (let round = 0; round < 6; round += 1) await passQuiet();
    expect(await all[0]?.failed).toMatchObject({ reply: { code: 550 } });
    for (const { settled } of all.slice(1)) await settled;
    expect(afterLogin(server)).toEqual(['DELE /missing', 'NOOP', 'HELP 1']);
    expect(server.sessions).toHaveLength(2);
  });

  it('errors with the others where no other try is left, and was not sent', async () => {
    await using server = await endsInQuiet(1);
    fakeTimers();
    await using ftp = clientOf(server);
    const both = [observe(ftp.dele$('/missing')), observe(ftp.noop$())];
    await server.event('control-closed');
    await aWhile();
    for (const { failed } of both) expect(String(await failed)).toContain('lost before it answered an operation');
    expect(afterLogin(server)).toEqual([]);
    expect(server.sessions).toHaveLength(1);
  });

  it('may be left then', async () => {
    await using server = await endsInQuiet(1);
    fakeTimers();
    await using ftp = clientOf(server, { retry: true });
    const [first, second] = [observe(ftp.noop$()), observe(ftp.pwd$())];
    await server.event('control-closed');
    await aWhile();
    first.unsubscribe();
    await pass(250);
    expect(await answerOf(second)).toEqual(['/']);
    expect(afterLogin(server)).toEqual(['PWD']);
  });
});

describe('the wait before the next login', () => {
  it('is a random time up to its bound', async () => {
    await using server = await scriptedServer();
    dropNext(server, 1);
    fakeTimers(0.1);
    await using ftp = clientOf(server);
    await observe(ftp.pwd$()).failed;
    const later = observe(ftp.pwd$());
    await aWhile();
    vi.advanceTimersByTime(49);
    await aWhile();
    expect(server.sessions).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(await later.settled).toEqual(['/']);
  });

  it('is not asked of a client whose session has answered', async () => {
    await using server = await scriptedServer();
    fakeTimers(1);
    await using ftp = clientOf(server);
    for (let round = 1; round < 4; round += 1) {
      await observe(ftp.noop$()).settled;
      void server.sessions.at(-1)?.closeControl('rst');
      await server.event('control-closed', { nth: round });
      for (let turn = 0; turn < 3; turn += 1) await pollPhase();
    }
    expect(server.sessions).toHaveLength(3);
  });

  it('begins small again after a session has answered', async () => {
    await using server = await scriptedServer();
    dropNext(server, 3);
    fakeTimers();
    await using ftp = clientOf(server);
    for (const _round of [1, 2, 3]) {
      const failing = observe(ftp.pwd$());
      await aWhile();
      vi.advanceTimersByTime(1_000);
      await failing.failed;
    }
    const good = observe(ftp.pwd$());
    await aWhile();
    vi.advanceTimersByTime(1_000);
    await good.settled;
    dropNext(server, 1);
    void server.sessions.at(-1)?.closeControl('rst');
    await server.event('control-closed', { nth: 4 });
    await aWhile();
    await observe(ftp.pwd$()).failed;
    const later = observe(ftp.pwd$());
    await aWhile();
    vi.advanceTimersByTime(250);
    expect(await later.settled).toEqual(['/']);
  });

  it('leaves no timer when the operation is given up, or the client closed', async () => {
    await using server = await scriptedServer();
    dropNext(server, 1);
    fakeTimers();
    const ftp = clientOf(server);
    await observe(ftp.pwd$()).failed;
    const states = observe(ftp.state$);
    const left = observe(ftp.pwd$());
    await aWhile();
    expect(vi.getTimerCount()).toBe(1);
    left.unsubscribe();
    expect(vi.getTimerCount()).toBe(0);
    expect(states.values.map(({ status }) => status)).toEqual(['idle', 'connecting', 'idle']);
    const waiting = observe(ftp.pwd$());
    await aWhile();
    expect(vi.getTimerCount()).toBe(1);
    await observe(ftp.close$()).settled;
    expect(await waiting.failed).toMatchObject({ phase: 'close' });
    expect(vi.getTimerCount()).toBe(0);
    expect(server.sessions).toHaveLength(1);
    await states.ended;
  });

  it('does not keep those behind a listing whose EPSV was met by silence from another session', async () => {
    await using server = await scriptedServer({ files: { '/a': 'abc' } });
    server.answer('EPSV');
    await using ftp = clientOf(server, { replyTimeoutMs: 100 });
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const all = [observe(ftp.entries$('/')), observe(ftp.entries$('/'))];
    for (const { settled } of all) expect(await settled).toMatchObject([{ name: 'a' }]);
    expect(server.sessions).toHaveLength(2);
  });

  it('does not keep those behind a cancelled command from another session', async () => {
    await using server = await scriptedServer();
    server.once('HELP', () => undefined);
    await using ftp = clientOf(server, { abortTimeoutMs: 20 });
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const hung = observe(ftp.help$());
    const next = observe(ftp.pwd$());
    await server.received('HELP');
    hung.unsubscribe();
    expect(await next.settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(2);
  });
});

describe('a session that dies right after its login, beside one that works', () => {
  const dying = WAYS_TO_FAIL.filter(({ whole }) => whole === true);

  it.each(dying)('fails nothing that waits, and is followed by one login per wait: $name', async (way) => {
    await using server = await scriptedServer();
    fakeTimers();
    const ftp = clientOf(server, { maxSessions: 2 });
    const { opened, open } = latch();
    server.on('STAT', async (session) => {
      await opened;
      await session.reply('211 ok');
    });
    const busy = observe(ftp.stat$());
    await server.received('STAT');
    way.prepare?.(server);
    const waiting = threeOf(ftp);
    for (const [round, delayMs] of [250, 500, 1_000].entries()) {
      await server.event('control-closed', { nth: 1 + round });
      await aWhile();
      vi.advanceTimersByTime(delayMs - 1);
      await aWhile();
      expect(server.sessions).toHaveLength(2 + round);
      vi.advanceTimersByTime(1);
    }
    await server.event('control-closed', { nth: 4 });
    open();
    for (const { settled } of [busy, ...waiting]) await settled;
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
  });
});

import { describe, expect, it, vi } from 'vitest';
import {
  FtpClient,
  FtpConnectionError,
  FtpError,
  FtpReplyError,
  FtpTimeoutError,
  FtpUsageError,
} from '../../lib/index.js';
import { secret } from '../support/canary.js';
import { observe } from '../support/observe.js';
import { type Session, scriptedServer } from '../support/scripted-server.js';
import { dropNext, refusedPort, WAYS_TO_FAIL } from './support/failing-logins.js';
import { clientOf } from './support/open.js';
import { aWhile, fakeTimers, pass } from './support/waits.js';

/** The operation waits all the time. */
const beforeAnyOperation = WAYS_TO_FAIL.filter(({ whole, inLogin }) => whole === true || inLogin === true);

/** Refuses the first sessions by this greeting. */
function refuseFirst(sessions: number, reply: string): (session: Session) => Promise<void> {
  return async (session) => {
    if (session.id > sessions) return session.reply('220 rxftp test server');
    await session.reply(reply);
    await session.closeControl();
  };
}

describe('retry', () => {
  it.each(
    beforeAnyOperation,
  )('tries a login so often, each time after a wait, then gives its cause: $name', async (way) => {
    await using server = await scriptedServer(way.options);
    way.prepare?.(server);
    fakeTimers();
    const ftp = clientOf(server, { retry: { attempts: 4, delayMs: 100, maxDelayMs: 300 } });
    const both = [observe(ftp.pwd$()), observe(ftp.noop$())];
    await server.event('control-closed');
    await aWhile();
    for (const [round, delayMs] of [50, 100, 150].entries()) {
      await pass(delayMs - 1);
      expect(server.sessions).toHaveLength(1 + round);
      await pass(1);
      expect(server.sessions).toHaveLength(2 + round);
    }
    for (const { failed } of both) {
      const error = await failed;
      expect(error).toBeInstanceOf(FtpConnectionError);
      if (way.says421 === true) expect(error).toMatchObject({ reply: { code: 421 } });
    }
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is five tries by default, the first included', async () => {
    await using server = await scriptedServer({ greeting: refuseFirst(99, '421 too many') });
    fakeTimers(0);
    await using ftp = clientOf(server, { retry: true });
    const waiting = observe(ftp.pwd$());
    for (let round = 0; round < 10; round += 1) await pass(1);
    expect(await waiting.failed).toMatchObject({ reply: { code: 421 } });
    expect(server.sessions).toHaveLength(5);
  });

  it('lets what waits run after it', async () => {
    await using server = await scriptedServer();
    dropNext(server, 3);
    fakeTimers(0);
    await using ftp = clientOf(server, { retry: true });
    const all = [observe(ftp.pwd$()), observe(ftp.noop$()), observe(ftp.help$())];
    for (let round = 0; round < 5; round += 1) await pass(1);
    for (const { settled } of all) expect(await settled).toHaveLength(1);
    expect(server.sessions).toHaveLength(4);
  });

  it('tries a port that refuses', async () => {
    const { options, tries } = await refusedPort();
    await using ftp = new FtpClient({ ...options, retry: { attempts: 3, delayMs: 1 } });
    expect(await observe(ftp.pwd$()).failed).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(tries()).toBe(3);
  });

  it('tries again after a timeout', async () => {
    const greeting = async (session: Session): Promise<void> => {
      if (session.id > 1) await session.reply('220 rxftp test server');
    };
    await using server = await scriptedServer({ greeting });
    fakeTimers();
    await using ftp = clientOf(server, { retry: true, replyTimeoutMs: 5_000 });
    const waiting = observe(ftp.pwd$());
    await server.event('connected');
    await aWhile();
    await pass(5_000);
    await pass(250);
    expect(await waiting.settled).toEqual(['/']);
  });

  it.each([
    { reply: '431 Not now.', tries: 2 },
    { reply: '430 Invalid username or password', tries: 1 },
    { reply: '450 Login failed: bad password', tries: 1 },
    { reply: '450 Not now.', tries: 2 },
    { reply: '452 No room.', tries: 1 },
    { reply: '530 Login incorrect.', tries: 1 },
    { reply: '530 Too many failed login attempts.', tries: 1 },
    { reply: '530 Sorry, the maximum number of clients for this user are already connected.', tries: 2 },
    { reply: '550 Too many connections.', tries: 2 },
  ])('makes $tries tries after $reply to PASS', async ({ reply, tries }) => {
    await using server = await scriptedServer();
    server.on('PASS', (session) => session.reply(reply));
    const asked: unknown[] = [];
    await using ftp = clientOf(server, {
      retry: { attempts: 2, delayMs: 1, when: (...given) => asked.push(given) > 0 },
    });
    const all = [observe(ftp.pwd$()), observe(ftp.noop$())];
    for (const { failed } of all) expect(await failed).toBeInstanceOf(FtpReplyError);
    expect(server.sessions).toHaveLength(tries);
    expect(asked).toHaveLength(tries - 1);
  });

  it('does not try again what was wrong here', async () => {
    await using server = await scriptedServer();
    await using ftp = clientOf(server, { user: 'ann', password: () => 'a\nb', retry: true });
    expect(await observe(ftp.pwd$()).failed).toBeInstanceOf(FtpUsageError);
    await using broken = clientOf(server, { password: () => Promise.reject(new Error('no key ring')), retry: true });
    expect(String(await observe(broken.pwd$()).failed)).toContain('no key ring');
    expect(server.sessions).toHaveLength(2);
  });

  it('never sends a wrong password twice, also where several sessions may be opened', async () => {
    const password = secret('wrong-password-3');
    await using server = await scriptedServer({ users: { ann: 'right' } });
    await using ftp = clientOf(server, { user: 'ann', password, maxSessions: 4, retry: true });
    const all = [1, 2, 3, 4].map(() => observe(ftp.noop$()));
    for (const { failed } of all) expect(await failed).toBeInstanceOf(FtpReplyError);
    await aWhile();
    expect(server.commands.filter((line) => line.startsWith('PASS'))).toHaveLength(1);
  });

  it.each([
    '421 Login incorrect.',
    '430 Invalid username or password',
    '450 Login failed: bad password',
  ])('sends a password once that is called wrong by a 4yz, and says so: %s', async (reply) => {
    await using server = await scriptedServer();
    server.on('PASS', (session) => session.reply(reply));
    await using ftp = clientOf(server, { user: 'ann', retry: { attempts: 4, delayMs: 1 } });
    const error = await observe(ftp.pwd$()).failed;
    expect(error).toMatchObject({ transient: false, message: expect.stringContaining('check user and password') });
    expect(server.commands.filter((line) => line.startsWith('PASS'))).toHaveLength(1);
  });

  it('asks `when` with the error and the number of tries', async () => {
    await using server = await scriptedServer({ greeting: refuseFirst(99, '421 too many') });
    const asked: [FtpError, number][] = [];
    const when = (error: FtpError, attempt: number): boolean => {
      asked.push([error, attempt]);
      return attempt < 3;
    };
    await using ftp = clientOf(server, { retry: { attempts: 10, delayMs: 1, when } });
    expect(await observe(ftp.pwd$()).failed).toBe(asked[2]?.[0]);
    expect(asked.map(([, attempt]) => attempt)).toEqual([1, 2, 3]);
    for (const [error] of asked) expect(error).toMatchObject({ reply: { code: 421 } });
    expect(server.sessions).toHaveLength(3);
  });

  it('ends with what `when` throws', async () => {
    await using server = await scriptedServer({ greeting: refuseFirst(99, '421 too many') });
    const when = (): boolean => {
      throw new Error('a fault of the caller');
    };
    await using ftp = clientOf(server, { retry: { when } });
    expect(String(await observe(ftp.pwd$()).failed)).toContain('a fault of the caller');
    expect(server.sessions).toHaveLength(1);
  });

  it('gives later operations all tries again, after a wait that has grown', async () => {
    await using server = await scriptedServer({ greeting: refuseFirst(99, '421 too many') });
    fakeTimers();
    await using ftp = clientOf(server, { retry: { attempts: 2, delayMs: 100 } });
    const first = observe(ftp.pwd$());
    await server.event('control-closed');
    await aWhile();
    await pass(50);
    expect(await first.failed).toBeInstanceOf(FtpConnectionError);
    const later = observe(ftp.pwd$());
    await aWhile();
    await pass(100);
    expect(server.sessions).toHaveLength(3);
    await pass(199);
    expect(server.sessions).toHaveLength(3);
    await pass(1);
    expect(await later.failed).toBeInstanceOf(FtpConnectionError);
    expect(server.sessions).toHaveLength(4);
  });

  it('counts the tries anew when nothing has waited meanwhile', async () => {
    await using server = await scriptedServer({ greeting: refuseFirst(3, '421 too many') });
    fakeTimers(0.001);
    await using ftp = clientOf(server, { retry: { attempts: 3, delayMs: 1_000 } });
    const left = observe(ftp.pwd$());
    await server.event('control-closed');
    await aWhile();
    await pass(10);
    expect(server.sessions).toHaveLength(2);
    left.unsubscribe();
    const later = observe(ftp.pwd$());
    await aWhile();
    for (let round = 0; round < 2; round += 1) await pass(10);
    expect(await later.settled).toEqual(['/']);
    expect(server.sessions).toHaveLength(4);
  });

  it('does not repeat an operation that was sent', async () => {
    await using server = await scriptedServer();
    server.once('DELE', (session) => session.closeControl());
    await using ftp = clientOf(server, { retry: { delayMs: 1 } });
    const sent = observe(ftp.dele$('/a'));
    const next = observe(ftp.pwd$());
    expect(await sent.failed).toMatchObject({ command: 'DELE /a' });
    expect(await next.settled).toEqual(['/']);
    expect(server.commands.filter((line) => line === 'DELE /a')).toHaveLength(1);
    expect(server.sessions).toHaveLength(2);
  });

  it('leaves nothing when what waits is given up', async () => {
    await using server = await scriptedServer({ greeting: refuseFirst(99, '421 too many') });
    fakeTimers();
    await using ftp = clientOf(server, { retry: true });
    const left = observe(ftp.pwd$());
    await server.event('control-closed');
    await aWhile();
    expect(vi.getTimerCount()).toBe(1);
    left.unsubscribe();
    expect(vi.getTimerCount()).toBe(0);
    await pass(60_000);
    expect(server.sessions).toHaveLength(1);
  });

  it('of `false` is one try, whose timeout is told', async () => {
    await using server = await scriptedServer({ greeting: false });
    await using ftp = clientOf(server, { retry: false, replyTimeoutMs: 20 });
    expect(await observe(ftp.pwd$()).failed).toBeInstanceOf(FtpTimeoutError);
    expect(server.sessions).toHaveLength(1);
  });
});

describe('connectIntervalMs', () => {
  it('is the least time between two logins, whatever becomes of them', async () => {
    await using server = await scriptedServer({ greeting: refuseFirst(1, '421 too many') });
    fakeTimers(0);
    await using ftp = clientOf(server, { connectIntervalMs: 10_000 });
    expect(await observe(ftp.pwd$()).failed).toBeInstanceOf(FtpError);
    for (const sessions of [1, 2]) {
      const next = observe(ftp.pwd$());
      await aWhile();
      await pass(9_999);
      expect(server.sessions).toHaveLength(sessions);
      await pass(1);
      expect(await next.settled).toEqual(['/']);
      expect(server.sessions).toHaveLength(sessions + 1);
      void server.sessions.at(-1)?.closeControl('rst');
      await server.event('control-closed', { nth: sessions + 1 });
      await aWhile();
    }
  });

  it('lies between the logins of sessions that are needed at once', async () => {
    await using server = await scriptedServer();
    const answers: (() => Promise<void>)[] = [];
    server.on('HELP', (session) => void answers.push(() => session.reply('214 Help.')));
    fakeTimers();
    const ftp = clientOf(server, { maxSessions: 3, connectIntervalMs: 1_000 });
    const all = [1, 2, 3].map(() => observe(ftp.help$()));
    await server.received('HELP', 1);
    await aWhile();
    for (const sessions of [1, 2]) {
      await pass(999);
      expect(server.sessions).toHaveLength(sessions);
      await pass(1);
      expect(server.sessions).toHaveLength(sessions + 1);
    }
    await server.received('HELP', 3);
    for (const answer of answers) await answer();
    for (const { settled } of all) await settled;
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not waited for when nothing waits', async () => {
    await using server = await scriptedServer();
    fakeTimers();
    await using ftp = clientOf(server, { maxSessions: 2, connectIntervalMs: 1_000 });
    await observe(ftp.noop$()).settled;
    for (const { settled } of [observe(ftp.noop$()), observe(ftp.noop$())]) await settled;
    await pass(5_000);
    expect(server.sessions).toHaveLength(1);
  });
});

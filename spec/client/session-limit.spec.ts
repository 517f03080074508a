import type { Observable } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { type Connector, connectSocket, type FtpClient, type FtpEvent, type LimitEvent } from '../../lib/index.js';
import { type Observation, observe } from '../support/observe.js';
import { type Handler, type ScriptedServer, type Session, scriptedServer } from '../support/scripted-server.js';
import { surprisesOf } from '../support/surprises.js';
import { clientOf } from './support/open.js';
import { aWhile, fakeTimers, pass } from './support/waits.js';

const MINUTE_MS = 60_000;

/** A server that lets in so many sessions at once and refuses the others, in its way. */
class LimitedServer {
  allowed: number;
  #inside = new Set<number>();

  constructor(allowed: number) {
    this.allowed = allowed;
  }

  /** Takes a place for the session, if there is one. */
  admits({ id }: Session, server: ScriptedServer): boolean {
    for (const { session } of server.journal.of('control-closed')) this.#inside.delete(session);
    if (this.#inside.size >= this.allowed) return false;
    this.#inside.add(id);
    return true;
  }
}

interface Stage extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly limit: LimitedServer;
}

/** Refuses by the greeting, or to `verb`. */
async function limitedServer(allowed: number, reply: string, verb?: string): Promise<Stage> {
  const limit = new LimitedServer(allowed);
  const refuse = async (session: Session): Promise<void> => {
    await session.reply(reply);
    if (reply.startsWith('421')) await session.closeControl();
  };
  const greeting = async (session: Session): Promise<void> => {
    if (verb !== undefined || limit.admits(session, server)) await session.reply('220 rxftp test server');
    else await refuse(session);
  };
  const server: ScriptedServer = await scriptedServer({ greeting });
  if (verb !== undefined) {
    server.on(verb, (session, _argument, command) =>
      limit.admits(session, server) ? command.byDefault() : refuse(session),
    );
  }
  return { server, limit, [Symbol.asyncDispose]: () => server.close() };
}

/** HELP is answered when `answer` says so: one for each that has come by then. */
function heldHelp(server: ScriptedServer): { readonly answer: () => Promise<void> } {
  const waiting: (() => Promise<void>)[] = [];
  const handler: Handler = (session) => void waiting.push(() => session.reply('214 Help.'));
  server.on('HELP', handler);
  return {
    answer: async () => {
      await waiting.shift()?.();
      await aWhile();
    },
  };
}

interface Waiting extends Stage {
  readonly events: Observation<FtpEvent>;
  /** Answers all of it, and closes the client. */
  finish(): Promise<void>;
}

function limitsOf(events$: Observable<FtpEvent>): Observation<FtpEvent> {
  return observe(surprisesOf(events$), { name: 'events$' });
}

function told(events: Observation<FtpEvent>): Omit<LimitEvent, 'type' | 'reply'>[] {
  const limits = events.values.filter((event) => event.type === 'limit');
  for (const { session } of limits) expect(session).toBe(0);
  return limits.map(({ sessions, because }) => ({ sessions, because }));
}

function helps(ftp: FtpClient, count: number): Observation<unknown>[] {
  return Array.from({ length: count }, (_, n) => observe(ftp.help$(String(n)) as Observable<unknown>));
}

/** A client of three sessions at a server that lets in one, with four operations of which one is under way; virtual time. */
async function waitingAtLimit(): Promise<Waiting> {
  const stage = await limitedServer(1, '421 Too many connections.');
  const help = heldHelp(stage.server);
  fakeTimers();
  const ftp = clientOf(stage.server, { maxSessions: 3, replyTimeoutMs: 2 ** 31 - 1 });
  const events = limitsOf(ftp.events$);
  const all = helps(ftp, 4);
  await stage.server.received('HELP');
  await aWhile();
  const finish = async (): Promise<void> => {
    for (let round = 0; round < 4; round += 1) await help.answer();
    for (const { settled } of all) await settled;
    await observe(ftp.close$()).settled;
  };
  return { ...stage, events, finish };
}

const REFUSALS = [
  { reply: '421 Too many connections.' },
  { reply: '421 Too many users, sorry.', verb: 'USER' },
  { reply: '421 Too many users, sorry.', verb: 'PASS' },
  { reply: '530 Sorry, the maximum number of clients for this user are already connected.', verb: 'PASS' },
  { reply: '550 Connection limit reached.', verb: 'USER' },
  { reply: '530 Login incorrect.', verb: 'PASS' },
  { reply: '530 Access denied.', verb: 'USER' },
];

describe('a server that lets in fewer sessions than maxSessions', () => {
  it.each(REFUSALS)('is not asked for more; the client works with those ($reply to $verb)', async ({ reply, verb }) => {
    await using stage = await limitedServer(2, reply, verb);
    const { server } = stage;
    const help = heldHelp(server);
    fakeTimers();
    const ftp = clientOf(server, { maxSessions: 4 });
    const events = limitsOf(ftp.events$);
    const all = helps(ftp, 8);
    await server.received('HELP', 2);
    await aWhile();
    expect(server.sessions).toHaveLength(4);
    for (let round = 0; round < 8; round += 1) await help.answer();
    for (const { settled } of all) await settled;
    expect(server.sessions).toHaveLength(4);
    expect(told(events)).toEqual([{ sessions: 2, because: 'reply' }]);
    const [limit] = events.values.filter((event) => event.type === 'limit');
    expect(limit).toMatchObject({ reply: { code: Number(reply.slice(0, 3)) } });
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
    await events.ended;
  });

  it('is probed by one more session after 1, 2, 4 ... 60 minutes, while work waits', async () => {
    await using waiting = await waitingAtLimit();
    const { server, limit, events } = waiting;
    expect(server.sessions).toHaveLength(3);
    let opened = 3;
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      await pass(minutes * MINUTE_MS - 1);
      expect(server.sessions).toHaveLength(opened);
      await pass(1);
      opened += 1;
      expect(server.sessions).toHaveLength(opened);
    }
    expect(told(events)).toEqual([{ sessions: 1, because: 'reply' }]);
    limit.allowed = 9;
    await pass(60 * MINUTE_MS);
    expect(told(events).slice(1)).toEqual([{ sessions: 3, because: 'recovered' }]);
    expect(server.sessions).toHaveLength(opened + 2);
    await waiting.finish();
    expect(vi.getTimerCount()).toBe(0);
    await events.ended;
  });

  it('is probed again from one minute on after it has let in one more', async () => {
    await using waiting = await waitingAtLimit();
    const { server, limit, events } = waiting;
    await pass(MINUTE_MS);
    limit.allowed = 2;
    await pass(2 * MINUTE_MS);
    await server.received('HELP', 2);
    await aWhile();
    expect(told(events)).toEqual([
      { sessions: 1, because: 'reply' },
      { sessions: 3, because: 'recovered' },
      { sessions: 2, because: 'reply' },
    ]);
    const opened = server.sessions.length;
    await pass(MINUTE_MS - 1);
    expect(server.sessions).toHaveLength(opened);
    await pass(1);
    expect(server.sessions).toHaveLength(opened + 1);
    await waiting.finish();
    await events.ended;
  });

  it('is not probed when nothing waits, and no timer runs', async () => {
    await using stage = await limitedServer(1, '421 Too many connections.');
    const { server } = stage;
    const help = heldHelp(server);
    fakeTimers();
    await using ftp = clientOf(server, { maxSessions: 2 });
    const [first, second] = [observe(ftp.help$('1')), observe(ftp.help$('2'))];
    await server.received('HELP');
    await aWhile();
    second.unsubscribe();
    await help.answer();
    await first.settled;
    const opened = server.sessions.length;
    await pass(2 * 60 * MINUTE_MS);
    expect(server.sessions).toHaveLength(opened);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is asked for another session in place of one that was lost', async () => {
    await using stage = await limitedServer(1, '421 Too many connections.');
    const { server } = stage;
    const help = heldHelp(server);
    fakeTimers();
    await using ftp = clientOf(server, { maxSessions: 2 });
    await observe(ftp.noop$()).settled;
    const [first, second] = [observe(ftp.help$('1')), observe(ftp.help$('2'))];
    await server.received('HELP');
    await aWhile();
    expect(server.sessions).toHaveLength(2);
    void server.sessions[0]?.closeControl('rst');
    // The session was idle before: its work starts over.
    await server.received('HELP', 2);
    await help.answer();
    await help.answer();
    await first.settled;
    await server.received('HELP', 3);
    await help.answer();
    await second.settled;
    expect(server.sessions).toHaveLength(3);
  });

  it('fails those who wait when it lets in none, and is then used with one session', async () => {
    await using stage = await limitedServer(0, '421 Too many connections.');
    const { server, limit } = stage;
    fakeTimers(0);
    await using ftp = clientOf(server, { maxSessions: 3 });
    const events = limitsOf(ftp.events$);
    expect(await observe(ftp.pwd$()).failed).toMatchObject({ reply: { code: 421 } });
    expect(told(events)).toEqual([{ sessions: 1, because: 'reply' }]);
    limit.allowed = 9;
    const all = [1, 2, 3].map(() => observe(ftp.pwd$()));
    await pass(1);
    for (const { settled } of all) await settled;
    expect(server.sessions).toHaveLength(2);
    await observe(ftp.close$()).settled;
    await events.ended;
  });
});

describe('a password that is refused beside an open session', () => {
  it('is no limit where it is another one: it is tried once, until a session is lost', async () => {
    const passwords = ['right', 'wrong', 'wrong'];
    await using server = await scriptedServer({ users: { ann: 'right' } });
    const help = heldHelp(server);
    fakeTimers();
    const ftp = clientOf(server, { user: 'ann', password: () => passwords.shift() ?? 'right', maxSessions: 3 });
    const events = limitsOf(ftp.events$);
    const first = observe(ftp.help$('1'));
    await server.received('HELP');
    const waiting = [observe(ftp.help$('2')), observe(ftp.noop$())];
    await aWhile();
    const opened = server.sessions.length;
    expect(opened).toBeLessThanOrEqual(3);
    await pass(20_000);
    expect(server.sessions).toHaveLength(opened);
    expect(told(events)).toEqual([]);
    for (let round = 0; round < 2; round += 1) await help.answer();
    for (const { settled } of [first, ...waiting]) await settled;
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
    await events.ended;
  });
});

describe('a connection that is refused beside an open session', () => {
  it('shows a limit too', async () => {
    await using server = await scriptedServer();
    const help = heldHelp(server);
    const away = await scriptedServer();
    const { port } = away;
    await away.close();
    let connections = 0;
    const ftp = clientOf(server, {
      maxSessions: 2,
      connector: (endpoint, signal) => {
        connections += 1;
        return connectSocket(connections === 1 ? endpoint : { ...endpoint, port }, signal);
      },
    });
    fakeTimers();
    const events = limitsOf(ftp.events$);
    const all = helps(ftp, 3);
    await server.received('HELP');
    await aWhile();
    await pass(20_000);
    expect(connections).toBe(2);
    expect(told(events)).toEqual([{ sessions: 1, because: 'refused' }]);
    for (let round = 0; round < 3; round += 1) await help.answer();
    for (const { settled } of all) await settled;
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
    await events.ended;
  });
});

describe('a connection that times out beside an open session', () => {
  it('is tried again by the back-off, one at a time and only while work waits, and shows no limit', async () => {
    await using server = await scriptedServer();
    const help = heldHelp(server);
    let connections = 0;
    const connector: Connector = (endpoint, signal) => {
      connections += 1;
      if (connections === 1) return connectSocket(endpoint, signal);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    fakeTimers();
    const ftp = clientOf(server, { maxSessions: 3, connectTimeoutMs: 1_000, connector });
    const events = limitsOf(ftp.events$);
    await observe(ftp.noop$()).settled;
    const all = helps(ftp, 4);
    await server.received('HELP');
    await aWhile();
    for (const [round, delayMs] of [500, 1_000, 2_000].entries()) {
      expect(connections).toBe(3 + round);
      await pass(1_000);
      await pass(delayMs - 1);
      expect(connections).toBe(3 + round);
      await pass(1);
    }
    expect(connections).toBe(6);
    for (const { settled } of all) {
      await help.answer();
      await settled;
    }
    await pass(60_000);
    expect(connections).toBe(6);
    expect(told(events)).toEqual([]);
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
    await events.ended;
  });
});

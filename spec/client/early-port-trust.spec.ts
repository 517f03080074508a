/** A server that greets as one that takes an early EPSV, and does not: what that costs a client, once. */
import { BehaviorSubject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpConnectionError, type FtpError, FtpTransferError } from '../../lib/index.js';
import { type Observation, observe } from '../support/observe.js';
import { pollPhase } from '../support/scripted/poll-phase.js';
import type { Session } from '../support/scripted/session.js';
import { type ScriptedServer, type ScriptedServerOptions, scriptedServer } from '../support/scripted-server.js';
import { clientOf } from './support/open.js';

const names = Array.from({ length: 10 }, (_, n) => `/${n}`);
const files = Object.fromEntries(names.map((name) => [name, `content of ${name}`]));

/** How a server takes an EPSV that has come before the final reply. */
interface Upset {
  /** Right before the final reply, when an early EPSV is waiting. */
  onEarly?(session: Session): Promise<void>;
  /** When the early EPSV's turn comes; by default it is answered as any. */
  onTurn?(session: Session): Promise<void>;
}

/**
 * As vsftpd by its greeting. The first transfer's final reply waits for an early EPSV; those of the others for as long as one
 * needs to come, so that one that should not come is seen.
 */
async function upsetServer(upset: Upset, options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const server = await scriptedServer({ files, greeting: '220 (vsFTPd 3.0.3)', ...options });
  const answered = new Map<number, number>();
  const early = new Set<number>();
  const asked = ({ id }: Session): number =>
    server.journal.of('command').filter(({ verb, session }) => verb === 'EPSV' && session === id).length;
  server.on('EPSV', async (session, _argument, command) => {
    answered.set(session.id, (answered.get(session.id) ?? 0) + 1);
    if (early.delete(session.id) && upset.onTurn !== undefined) await upset.onTurn(session);
    else await command.byDefault();
  });
  let first = true;
  server.on('RETR', async (session, path) => {
    if (session.link === undefined) return session.reply('425 Use PORT or PASV first.');
    await session.data();
    await session.reply('150 Here it comes.');
    await session.sendData(files[path] ?? '');
    session.link = undefined;
    if (first) await server.received('EPSV', 2);
    first = false;
    for (let turn = 0; turn < 5; turn += 1) await pollPhase();
    if (asked(session) > (answered.get(session.id) ?? 0)) {
      early.add(session.id);
      await upset.onEarly?.(session);
    }
    if (!session.closed) await session.reply('226 Done.');
  });
  return server;
}

interface Outcome {
  readonly good: number;
  readonly errors: readonly FtpError[];
  readonly logins: number;
}

async function outcomeOf(server: ScriptedServer, downloads: readonly Observation<Uint8Array>[]): Promise<Outcome> {
  await Promise.all(downloads.map(({ ended }) => ended));
  const failed = downloads.filter(({ end }) => end === 'error');
  const errors = await Promise.all(failed.map((download) => download.failed as Promise<FtpError>));
  for (const [n, { end, values }] of downloads.entries())
    if (end === 'complete') expect(Buffer.concat(values).toString()).toBe(`content of ${names[n]}`);
  return { good: downloads.length - failed.length, errors, logins: server.sessions.length };
}

const count = (server: ScriptedServer, verb: string): number =>
  server.journal.of('command').filter((event) => event.verb === verb).length;

const forget = async (session: Session): Promise<void> => {
  await session.listen('127.0.0.1');
  const port = session.link?.port;
  await session.reply(`229 Entering Extended Passive Mode (|||${port}|)`);
  // It listens still, but the next transfer knows nothing of it.
  session.link = undefined;
};

/** So long before the final reply that the client has done all it will do by then. */
const refuseLongBefore = async (session: Session): Promise<void> => {
  await session.reply('500 Not now.');
  for (let turn = 0; turn < 10; turn += 1) await pollPhase();
};

describe('ten downloads from a server that does not take an early EPSV', () => {
  it('are all good where it forgets the port (425): it is asked once more, and never early again', async () => {
    await using server = await upsetServer({ onTurn: forget });
    await using ftp = clientOf(server);
    const outcome = await outcomeOf(
      server,
      names.map((name) => observe(ftp.retr$(name))),
    );
    expect(outcome).toEqual({ good: 10, errors: [], logins: 1 });
    expect(count(server, 'RETR')).toBe(11);
    expect(count(server, 'EPSV')).toBe(11);
  });

  it.each([
    ['answered out of turn (500)', (session: Session) => session.reply('500 Not now.'), FtpTransferError, 1],
    ['answered out of turn (500), long before', refuseLongBefore, FtpTransferError, 1],
    ['the end of the session (421)', (session: Session) => session.reply('421 Not now.'), FtpConnectionError, 2],
    ['the end of the connection', (session: Session) => session.closeControl('rst'), FtpConnectionError, 2],
  ])('cost one of them where it is %s', async (_what, onEarly, kind, logins) => {
    await using server = await upsetServer({ onEarly, onTurn: async () => {} });
    await using ftp = clientOf(server);
    const outcome = await outcomeOf(
      server,
      names.map((name) => observe(ftp.retr$(name))),
    );
    expect(outcome).toMatchObject({ good: 9, logins });
    expect(outcome.errors).toHaveLength(1);
    expect(outcome.errors[0]).toBeInstanceOf(kind);
    expect(outcome.errors[0]).toMatchObject({ command: 'RETR /0', bytes: 13 });
    // Each once, the early one, and none with the second login.
    expect(count(server, 'EPSV')).toBe(11);
    expect(count(server, 'RETR')).toBe(10);
  });

  it('cost none where it is refused in its turn', async () => {
    await using server = await upsetServer({ onTurn: (session) => session.reply('503 Not now.') });
    await using ftp = clientOf(server);
    const outcome = await outcomeOf(
      server,
      names.map((name) => observe(ftp.retr$(name))),
    );
    expect(outcome).toEqual({ good: 10, errors: [], logins: 1 });
    expect(count(server, 'EPSV')).toBe(11);
  });

  it('go on without it on every session of the client', async () => {
    await using server = await upsetServer({ onTurn: forget });
    await using ftp = clientOf(server, { maxSessions: 2 });
    const all = names.map((name) => observe(ftp.retr$(name)));
    expect(await outcomeOf(server, all)).toMatchObject({ good: 10, errors: [] });
    const before = count(server, 'EPSV');
    const again = names.map((name) => observe(ftp.retr$(name)));
    expect(await outcomeOf(server, again)).toEqual({ good: 10, errors: [], logins: 2 });
    expect(count(server, 'EPSV') - before).toBe(10);
  });
});

describe('a transfer whose early port is forgotten', () => {
  it.each([
    425, 426, 503,
  ])('is asked for once more as it was: an upload, nothing of which was read (%i)', async (code) => {
    await using server = await upsetServer({ onTurn: forget });
    let read = 0;
    const readAtRefusal: number[] = [];
    server.on('STOR', (session, _path, command) => {
      if (session.link !== undefined) return command.byDefault();
      readAtRefusal.push(read);
      return session.reply(`${code} No data connection.`);
    });
    await using ftp = clientOf(server);
    const down = observe(ftp.retr$('/0'));
    const source = (function* () {
      read += 1;
      yield 'sent';
    })();
    const up = observe(ftp.stor$('/up', source, { start: 0, deletePartial: true }));
    await down.settled;
    expect((await up.settled).at(-1)).toMatchObject({ bytes: 4, done: true });
    expect(server.tree.text('/up')).toBe('sent');
    expect(readAtRefusal).toEqual([0]);
    expect([count(server, 'STOR'), count(server, 'DELE')]).toEqual([2, 0]);
  });

  it('gets its offset again', async () => {
    await using server = await upsetServer({ onTurn: forget });
    await using ftp = clientOf(server);
    const [a, b] = [observe(ftp.retr$('/0')), observe(ftp.retr$('/1', { start: 1 }))];
    await Promise.all([a.settled, b.ended]);
    expect(server.commands.filter((line) => /^(EPSV|REST|RETR)/.test(line))).toEqual([
      ...['EPSV', 'RETR /0', 'EPSV', 'REST 1', 'RETR /1'],
      ...['EPSV', 'REST 1', 'RETR /1'],
    ]);
  });

  it('is held as it was', async () => {
    await using server = await upsetServer({ onTurn: forget });
    await using ftp = clientOf(server);
    const pause$ = new BehaviorSubject(true);
    const [a, b] = [observe(ftp.retr$('/0')), observe(ftp.retr$('/1', { pause$ }))];
    await a.settled;
    await server.received('RETR', 3);
    for (let turn = 0; turn < 20; turn += 1) await pollPhase();
    expect(b.values).toEqual([]);
    pause$.next(false);
    await b.settled;
    expect(Buffer.concat(b.values).toString()).toBe('content of /1');
  });

  it('fails where it had begun, and ports are not asked for early any more', async () => {
    await using server = await upsetServer({ onTurn: forget });
    server.once('STOR', (session) => session.reply('150 Go ahead.', '425 No data connection.'));
    await using ftp = clientOf(server);
    const all = [observe(ftp.retr$('/0')), observe(ftp.stor$('/up', 'sent')), observe(ftp.retr$('/1'))];
    await Promise.all(all.map(({ ended }) => ended));
    expect(all.map(({ end }) => end)).toEqual(['complete', 'error', 'complete']);
    expect(await all[1]?.failed).toMatchObject({ reply: { code: 425 } });
    expect(count(server, 'STOR')).toBe(1);
    expect(count(server, 'EPSV')).toBe(3);
  });

  it('is not asked for again when its file is refused, and ports are still asked for early', async () => {
    await using server = await upsetServer({});
    await using ftp = clientOf(server);
    server.once('STOR', (session) => session.reply('550 No.'));
    const all = [observe(ftp.retr$('/0')), observe(ftp.stor$('/up', 'sent'))];
    await Promise.all(all.map(({ ended }) => ended));
    expect(all.map(({ end }) => end)).toEqual(['complete', 'error']);
    expect(count(server, 'STOR')).toBe(1);
    const more = ['/1', '/2', '/3'].map((name) => observe(ftp.retr$(name)));
    await server.received('EPSV', 4);
    for (const { settled } of more) await settled;
    expect(count(server, 'EPSV')).toBe(5);
  });
});

/** Checks the opening of one session, and the cleaning up after a failed attempt; spec/control/login.spec.ts has the logins. */
import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { resolveOptions } from '../../lib/client/resolve-options.js';
import type { ControlSession, SessionOwner } from '../../lib/control/control-session.js';
import { FtpEvents } from '../../lib/control/events.js';
import { Learned } from '../../lib/control/learned.js';
import { openSession } from '../../lib/control/open-session.js';
import { WantedState } from '../../lib/control/user-state.js';
import { FtpConnectionError, FtpReplyError } from '../../lib/errors.js';
import { connectSocket } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import type { ClientOptions } from './support/connected.js';
import { closing } from './support/wire.js';

/** An attempt of an owner that hears all events; `opened` are the sessions that it was shown. */
function opening({ host, port }: ScriptedServer, options: ClientOptions = {}) {
  const events = new FtpEvents();
  const heard = observe(events.events$);
  let number = 0;
  const owner: SessionOwner = {
    onFree: () => {},
    nextKind: () => undefined,
    learned: new Learned(),
    events,
    number: () => (number += 1),
    yielding: new Set(),
  };
  const opened: ControlSession[] = [];
  const abort = new AbortController();
  const { settings } = resolveOptions({ host, port, ...options });
  const onOpened = (session: ControlSession): void => void opened.push(session);
  /** Starts it; resolves with the session, or with the error. */
  const start = (): Promise<unknown> =>
    openSession({ settings, wanted: new WantedState(false), owner, onOpened }, abort.signal).catch(
      (error: unknown) => error,
    );
  const types = (): string[] => heard.values.map(({ type }) => type);
  const listeners = (): number => getEventListeners(abort.signal, 'abort').length;
  const dispose = (): void => {
    for (const { channel } of opened) channel.close(closing);
    heard.unsubscribe();
  };
  return { start, opened, abort, types, listeners, [Symbol.dispose]: dispose };
}

describe('openSession', () => {
  it('resolves with a session that is logged in, and listens to its signal no more', async () => {
    await using server = await scriptedServer();
    using at = opening(server);
    expect(await at.start()).toBe(at.opened[0]);
    expect(at.opened[0]).toMatchObject({ number: 1, peer: '127.0.0.1' });
    expect(at.types()).toEqual(['connecting', 'connected', 'ready']);
    expect(at.listeners()).toBe(0);
    at.abort.abort();
    expect(at.opened[0]?.channel.cause).toBeUndefined();
  });

  it('needs no owner, and learns all the same what the server leaves unanswered', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using server = await scriptedServer();
    server.answer('FEAT');
    const { settings } = resolveOptions({ host: server.host, port: server.port, replyTimeoutMs: 1_000 });
    const outcome = openSession({ settings, wanted: new WantedState(false) }, new AbortController().signal);
    await server.received('FEAT');
    vi.advanceTimersByTime(1_000);
    const session = await outcome;
    expect(server.sessions).toHaveLength(2);
    session.channel.close(closing);
  });

  it('closes the connection of a login that is refused, by the error', async () => {
    await using server = await scriptedServer();
    server.answer('USER', '530 No.');
    using at = opening(server);
    const error = await at.start();
    expect(error).toBeInstanceOf(FtpReplyError);
    expect(error).toMatchObject({ outcome: 'none' });
    expect([at.opened[0]?.channel.cause, at.listeners()]).toEqual([error, 0]);
    expect(at.types()).toEqual(['connecting', 'connected', 'closed']);
  });

  it('closes the connection of a login that is given up', async () => {
    await using server = await scriptedServer();
    server.answer('USER');
    using at = opening(server);
    const outcome = at.start();
    await server.received('USER');
    at.abort.abort();
    expect(await outcome).toBeInstanceOf(FtpConnectionError);
    expect(await outcome).toMatchObject({ phase: 'login', outcome: 'none' });
    expect(at.listeners()).toBe(0);
    await server.event('control-closed');
  });

  it('makes no connection when it is given up before', async () => {
    await using server = await scriptedServer();
    const connector = vi.fn(connectSocket);
    using at = opening(server, { connector });
    at.abort.abort();
    expect(await at.start()).toBeInstanceOf(FtpConnectionError);
    expect([at.opened, server.sessions]).toEqual([[], []]);
  });

  it('leaves the reading to a connector of the user', async () => {
    await using server = await scriptedServer();
    const connector = vi.fn(connectSocket);
    using at = opening(server, { connector, localAddress: '127.0.0.1' });
    await at.start();
    expect(connector).toHaveBeenCalledOnce();
    const { host, port } = server;
    const endpoint = { host, port, channel: 'control', localAddress: '127.0.0.1', onread: undefined };
    expect(connector.mock.calls[0]?.[0]).toMatchObject(endpoint);
  });

  it('meets a server that is silent to an optional command once more, without that command', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using server = await scriptedServer();
    server.answer('FEAT');
    using at = opening(server, { replyTimeoutMs: 1_000 });
    const outcome = at.start();
    await server.received('FEAT');
    vi.advanceTimersByTime(1_000);
    expect(await outcome).toBe(at.opened[1]);
    expect(at.types()).toEqual(['connecting', 'connected', 'closed', 'fallback', 'connecting', 'connected', 'ready']);
    expect(server.journal.of('command').filter(({ verb }) => verb === 'FEAT')).toHaveLength(1);
  });

  it('meets it no more when it was given up meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using server = await scriptedServer();
    server.answer('FEAT');
    using at = opening(server, { replyTimeoutMs: 1_000 });
    const outcome = at.start();
    await server.received('FEAT');
    vi.advanceTimersByTime(1_000);
    at.abort.abort();
    expect(await outcome).toMatchObject({ code: 'ERR_FTP_TIMEOUT', command: 'FEAT' });
    expect(at.opened).toHaveLength(1);
  });
});

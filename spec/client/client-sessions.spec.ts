import { describe, expect, it } from 'vitest';
import { ClientSessions, type WaitingWork } from '../../lib/client/client-sessions.js';
import type { PooledWork } from '../../lib/client/pooled-work.js';
import type { ControlSession } from '../../lib/control/control-session.js';
import type { WorkEnd } from '../../lib/control/task-runner.js';
import { FtpConnectionError, type FtpOptions } from '../../lib/index.js';
import { command } from '../../lib/protocol/command.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { sessionParts } from './support/session-parts.js';

const closing = new FtpConnectionError('The client was closed.', { channel: 'control', phase: 'close' });

const noop: PooledWork = {
  task: { kind: 'exclusive', work: async (session) => void (await session.request(command('NOOP'))) },
};

interface Stage {
  readonly sessions: ClientSessions<PooledWork>;
  readonly putBack: PooledWork[];
  /** A session, logged in. */
  session(): Promise<ControlSession>;
  /** How the next work has ended. */
  ended(): Promise<WorkEnd>;
}

function stage(server: ScriptedServer, options: Partial<Omit<FtpOptions, 'host' | 'port'>> = {}): Stage {
  const putBack: PooledWork[] = [];
  let onDispatch = (): void => {};
  let onEnded = (_end: WorkEnd): void => {};
  const work: WaitingWork<PooledWork> = {
    waits: true,
    startable: (most) => Math.min(1, most),
    dispatch: () => onDispatch(),
    ended: (_work, end) => onEnded(end),
    putBack: (each) => void putBack.push(each),
    refuse: () => {},
  };
  const onFree = (session: ControlSession): void => {
    sessions.freed(session);
    sessions.rest(session);
  };
  const parts = sessionParts(server, options, { onFree });
  const sessions: ClientSessions<PooledWork> = new ClientSessions({ ...parts, work });
  const dispatched = (): Promise<void> =>
    new Promise((resolve) => {
      onDispatch = resolve;
    });
  return {
    sessions,
    putBack,
    session: async () => {
      const told = dispatched();
      sessions.makeRoom();
      await told;
      const taker = sessions.takerOf(noop);
      if (taker === undefined) throw new Error('no session was opened');
      return taker;
    },
    ended: () =>
      new Promise((resolve) => {
        onEnded = resolve;
      }),
  };
}

describe('the open sessions of a client', () => {
  it('take work, and are idle again behind it', async () => {
    await using server = await scriptedServer();
    const { sessions, session, ended } = stage(server);
    expect([sessions.status, sessions.takerOf(noop)]).toEqual(['idle', undefined]);
    const taker = await session();
    const end = ended();
    sessions.start(taker, noop);
    expect([sessions.status, sessions.takerOf(noop)]).toEqual(['busy', undefined]);
    const shared: PooledWork = { task: { ...noop.task, kind: { bytes: 6 } } };
    expect([noop, shared].map((each) => sessions.mayTake(each))).toEqual([false, true]);
    expect(await end).toBeUndefined();
    expect([sessions.status, sessions.takerOf(noop)]).toEqual(['idle', taker]);
    await sessions.close(closing);
    expect(sessions.status).toBe('closed');
  });

  it('are forgotten when they are lost; work that has not begun waits again', async () => {
    await using server = await scriptedServer();
    const { sessions, session, putBack } = stage(server);
    const taker = await session();
    sessions.start(taker, noop);
    taker.channel.close(new FtpConnectionError('lost', { channel: 'control', phase: 'command' }));
    expect(putBack).toEqual([noop]);
    expect(sessions.takerOf(noop)).toBeUndefined();
    await sessions.close(closing);
  });

  it('make room while there may be more of them', async () => {
    await using server = await scriptedServer();
    const { sessions, session } = stage(server, { maxSessions: 1 });
    expect(sessions.mayMakeRoom).toBe(true);
    await session();
    expect(sessions.mayMakeRoom).toBe(false);
    await sessions.close(closing);
  });
});

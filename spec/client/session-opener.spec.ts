import { describe, expect, it } from 'vitest';
import { SessionOpener, type WorkForSessions } from '../../lib/client/session-opener.js';
import type { ControlSession } from '../../lib/control/control-session.js';
import { FtpConnectionError, type FtpOptions } from '../../lib/index.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { sessionParts } from './support/session-parts.js';

interface Stage {
  readonly opener: SessionOpener;
  readonly open: Set<ControlSession>;
  /** How much work could start on new sessions. */
  readonly work: WorkForSessions & { missing: number };
  /** What the work was told: its causes of refusal, and each dispatch. */
  readonly refused: unknown[];
  dispatched(): Promise<void>;
  quit(): Promise<void>;
}

function stage(server: ScriptedServer, options: Partial<Omit<FtpOptions, 'host' | 'port'>> = {}): Stage {
  const open = new Set<ControlSession>();
  const refused: unknown[] = [];
  let onDispatch = (): void => {};
  const work = {
    missing: 0,
    get waits() {
      return this.missing > 0;
    },
    startable: (sessions: number) => Math.min(work.missing, sessions),
    dispatch: () => onDispatch(),
    refuse: (cause: unknown) => void refused.push(cause),
  };
  const onReady = (session: ControlSession): void => {
    open.add(session);
    work.missing -= 1;
  };
  const opener = new SessionOpener({ ...sessionParts(server, options), work, open, onReady });
  return {
    opener,
    open,
    work,
    refused,
    dispatched: () =>
      new Promise((resolve) => {
        onDispatch = resolve;
      }),
    quit: async () => {
      opener.close(closing);
      for (const session of open) await session.quit();
    },
  };
}

const closing = new FtpConnectionError('The client was closed.', { channel: 'control', phase: 'close' });

describe('the opener of sessions', () => {
  it('opens none where no work could start on it', async () => {
    await using server = await scriptedServer();
    const { opener } = stage(server);
    opener.open();
    expect([opener.sessions, opener.connecting, opener.opening]).toEqual([0, false, false]);
    expect(server.sessions).toHaveLength(0);
  });

  it('opens the first one alone, and then as many as there is work for', async () => {
    await using server = await scriptedServer();
    const { opener, open, work, dispatched, quit } = stage(server, { maxSessions: 4 });
    work.missing = 3;
    const first = dispatched();
    opener.open();
    expect([opener.sessions, opener.connecting]).toEqual([1, true]);
    await first;
    expect(open.size).toBe(1);
    const second = dispatched();
    opener.open();
    expect(opener.sessions).toBe(3);
    await second;
    await dispatched();
    expect([open.size, opener.opening]).toEqual([3, false]);
    await quit();
  });

  it('tells the waiting work why no session could be opened', async () => {
    await using server = await scriptedServer({ greeting: '421 Too many connections.' });
    const { opener, work, refused, dispatched } = stage(server);
    work.missing = 1;
    const told = dispatched();
    opener.open();
    await told;
    expect(refused).toMatchObject([{ reply: { code: 421 } }]);
    expect(opener.sessions).toBe(0);
  });

  it('waits beside an open session, whatever has failed', async () => {
    await using server = await scriptedServer();
    const { opener, open, work, refused, dispatched, quit } = stage(server, { maxSessions: 2 });
    work.missing = 2;
    const first = dispatched();
    opener.open();
    await first;
    server.on('PASS', (session) => session.reply('530 Login incorrect.'));
    const second = dispatched();
    opener.open();
    await second;
    expect([open.size, refused]).toEqual([1, []]);
    await quit();
  });

  it('breaks off what is under way when it is closed', async () => {
    await using server = await scriptedServer({ greeting: false });
    const { opener, work, refused, dispatched } = stage(server);
    work.missing = 1;
    opener.open();
    await server.event('connected');
    const told = dispatched();
    opener.close(closing);
    await told;
    expect([opener.sessions, opener.connecting, refused]).toEqual([0, false, []]);
    await server.event('control-closed');
  });
});

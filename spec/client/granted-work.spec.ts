/** Work on idle sessions that turn out dead, by way of a pool whose tasks say whether they may be repeated. */

import { describe, expect, it, vi } from 'vitest';
import { size$ } from '../../lib/client/operations/metadata.js';
import { type OperationContext, singleReply$ } from '../../lib/client/operations/operation.js';
import { cwd$ } from '../../lib/client/operations/paths.js';
import { resolveOptions } from '../../lib/client/resolve-options.js';
import { SessionPool } from '../../lib/client/session-pool.js';
import type { FtpOptions } from '../../lib/index.js';
import { observe } from '../support/observe.js';
import { type Handler, type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { latch } from './support/latch.js';
import { afterLogin, optionsFor } from './support/open.js';
import { aWhile, fakeTimers, pass } from './support/waits.js';

const greeting = '220 ProFTPD Server';
const files = { '/x': 'top', '/dir/x': 'lower', '/dir/y': 'only there' };

interface Stage extends AsyncDisposable {
  readonly server: ScriptedServer;
  readonly pool: SessionPool;
  /** Operations that may be repeated, and operations that may not. */
  readonly safe: OperationContext;
  readonly unsafe: OperationContext;
}

/** A client whose sessions, as many as it may have, are there and idle. */
async function idleClient(options: Partial<FtpOptions> = {}): Promise<Stage> {
  const server = await scriptedServer({ greeting, files });
  const resolved = resolveOptions(optionsFor(server, options));
  const pool = new SessionPool({ ...resolved, onOpened: () => {}, onChange: () => {} });
  const context = (mayRepeat: boolean): OperationContext => ({
    runner: {
      start: (task, ended) => pool.start({ ...task, mayRepeat: () => mayRepeat }, ended),
      interrupt: (reason) => pool.interrupt(reason),
    },
    resuming: { ...resolved.resume, events: { tell: () => {} } },
    settings: resolved.settings,
    shared: true,
  });
  const [safe, unsafe] = [context(true), context(false)];
  const allThere = server.received('HELP', resolved.maxSessions);
  server.on('HELP', async (session) => {
    await allThere;
    await session.reply('214 Help.');
  });
  const helps = Array.from({ length: resolved.maxSessions }, () => observe(singleReply$(safe, 'HELP')));
  for (const { settled } of helps) await settled;
  const close = async (): Promise<void> => {
    await pool.close();
    await server.close();
  };
  return { server, pool, safe, unsafe, [Symbol.asyncDispose]: close };
}

/** What the server was told after the idle sessions were there. */
const commands = (server: ScriptedServer): string[] => afterLogin(server).filter((line) => line !== 'HELP');

const DEATHS: readonly [string, Handler][] = [
  ['FIN', (session) => session.closeControl('fin')],
  ['RST', (session) => session.closeControl('rst')],
  ['421', (session) => session.reply('421 Timeout.').then(() => session.closeControl())],
];

describe('an idle session that turns out dead', () => {
  it.each(DEATHS)('is replaced for what may be repeated (%s)', async (_how, die) => {
    await using stage = await idleClient();
    const { server, safe } = stage;
    server.once('PWD', die);
    expect(await observe(singleReply$(safe, 'PWD')).settled).toMatchObject([{ code: 257 }]);
    expect(commands(server)).toEqual(['PWD', 'PWD']);
    expect(server.sessions).toHaveLength(2);
  });

  it('is replaced when it answers nothing', async () => {
    fakeTimers();
    await using stage = await idleClient({ replyTimeoutMs: 5_000 });
    const { server, safe } = stage;
    server.once('PWD', () => undefined);
    const asked = observe(singleReply$(safe, 'PWD'));
    await server.received('PWD');
    await pass(5_000);
    expect(await asked.settled).toMatchObject([{ code: 257 }]);
  });

  it('is replaced once', async () => {
    await using stage = await idleClient();
    const { server, safe } = stage;
    server.on('PWD', (session) => session.closeControl('fin'));
    expect(await observe(singleReply$(safe, 'PWD')).failed).toMatchObject({
      code: 'ERR_FTP_CONNECTION',
      command: 'PWD',
    });
    expect(commands(server)).toEqual(['PWD', 'PWD']);
  });

  it('is not replaced for what may have been done', async () => {
    await using stage = await idleClient();
    const { server, unsafe } = stage;
    server.once('DELE', (session) => session.closeControl('fin'));
    expect(await observe(singleReply$(unsafe, 'DELE', '/x')).failed).toMatchObject({
      outcome: 'unknown',
      command: 'DELE /x',
    });
    expect(commands(server)).toEqual(['DELE /x']);
  });

  it('is replaced also for what must not be done twice, where a 421 shows that it was not done', async () => {
    await using stage = await idleClient();
    const { server, unsafe } = stage;
    server.once('DELE', (session) => session.reply('421 Timeout.').then(() => session.closeControl()));
    expect(await observe(singleReply$(unsafe, 'DELE', '/x')).settled).toMatchObject([{ code: 250 }]);
    expect(server.tree.text('/x')).toBeUndefined();
  });

  it('is not replaced once it has answered', async () => {
    await using stage = await idleClient();
    const { server, safe } = stage;
    server.once('PWD', (session) => session.closeControl('fin'));
    const all = [observe(singleReply$(safe, 'NOOP')), observe(singleReply$(safe, 'PWD'))];
    expect(await all[0]?.settled).toMatchObject([{ code: 200 }]);
    expect(await all[1]?.failed).toMatchObject({ code: 'ERR_FTP_CONNECTION' });
  });

  it('is not replaced for an operation that was left, or a client that is closed', async () => {
    await using stage = await idleClient();
    const { server, safe, pool } = stage;
    const { opened, open } = latch();
    server.on('PWD', async (session) => {
      await opened;
      await session.closeControl('fin');
    });
    const left = observe(singleReply$(safe, 'PWD'));
    await server.received('PWD');
    left.unsubscribe();
    const closed = pool.close();
    open();
    await closed;
    await aWhile();
    expect(commands(server)).toEqual(['PWD']);
    expect(server.sessions).toHaveLength(1);
  });
});

describe('work that starts over on another session', () => {
  it.each([
    'before its session is lost',
    'when its session is lost',
  ])('does not go by another state: it errors where that was changed %s', async (when) => {
    await using stage = await idleClient({ maxSessions: 2 });
    const { server, safe } = stage;
    const [lost, answer] = [latch(), latch()];
    server.once('DELE', async (session) => {
      await lost.opened;
      await session.closeControl('fin');
    });
    server.once('CWD', async (_session, _argument, command) => {
      await answer.opened;
      await command.byDefault();
    });
    const before = observe(singleReply$(safe, 'DELE', 'x'));
    await server.received('DELE');
    const moved = observe(cwd$(safe, '/dir'));
    await server.received('CWD');
    if (when.startsWith('before')) {
      answer.open();
      await moved.settled;
    }
    lost.open();
    await server.event('control-closed');
    await aWhile();
    answer.open();
    await moved.settled;
    expect(await before.failed).toMatchObject({ code: 'ERR_FTP_CONNECTION', command: 'DELE x' });
    expect([server.tree.text('/x'), server.tree.text('/dir/x')]).toEqual(['top', 'lower']);
    expect(await observe(size$(safe, 'x')).settled).toEqual([5]);
  });

  it('changes the state before what came later, on whichever session', async () => {
    await using stage = await idleClient({ maxSessions: 2 });
    const { server, safe } = stage;
    server.once('CWD', (session) => session.closeControl('fin'));
    const moved = observe(cwd$(safe, '/dir'));
    const after = [observe(size$(safe, 'y')), observe(size$(safe, 'x'))];
    expect(await moved.settled).toMatchObject([{ code: 250 }]);
    expect(await after[0]?.settled).toEqual([10]);
    expect(await after[1]?.settled).toEqual([5]);
  });
});

describe('a session that was idle for over 10 seconds', () => {
  it('is asked NOOP before what may not be repeated', async () => {
    fakeTimers();
    await using stage = await idleClient();
    const { server, unsafe } = stage;
    await pass(10_001);
    await observe(singleReply$(unsafe, 'DELE', '/x')).settled;
    await observe(singleReply$(unsafe, 'DELE', '/dir/x')).settled;
    expect(commands(server)).toEqual(['NOOP', 'DELE /x', 'DELE /dir/x']);
  });

  it.each(DEATHS)('is replaced where that shows that it is dead, and nothing is lost (%s)', async (_how, die) => {
    fakeTimers();
    await using stage = await idleClient({ maxSessions: 2 });
    const { server, unsafe } = stage;
    await pass(10_001);
    // Both of them.
    server.once('NOOP', die);
    server.once('NOOP', die);
    await observe(singleReply$(unsafe, 'DELE', '/x')).settled;
    expect(commands(server)).toEqual(['NOOP', 'NOOP', 'DELE /x']);
    expect(server.sessions).toHaveLength(3);
  });

  it('is asked before what has started over, which may not do so again', async () => {
    fakeTimers();
    await using stage = await idleClient({ maxSessions: 2 });
    const { server, safe } = stage;
    await pass(10_001);
    server.once('PWD', (session) => session.closeControl('fin'));
    server.once('NOOP', (session) => session.closeControl('fin'));
    expect(await observe(singleReply$(safe, 'PWD')).settled).toMatchObject([{ code: 257 }]);
    expect(commands(server)).toEqual(['PWD', 'NOOP', 'PWD']);
  });

  it('may refuse NOOP', async () => {
    fakeTimers();
    await using stage = await idleClient();
    const { server, unsafe } = stage;
    server.answer('NOOP', '502 No.');
    await pass(10_001);
    await observe(singleReply$(unsafe, 'DELE', '/x')).settled;
    expect(commands(server)).toEqual(['NOOP', 'DELE /x']);
  });

  it('is sent nothing more when the operation is left while NOOP is unanswered', async () => {
    fakeTimers();
    await using stage = await idleClient();
    const { server, unsafe, safe } = stage;
    await pass(10_001);
    const { opened, open } = latch();
    server.once('NOOP', async (_session, _argument, command) => {
      await opened;
      await command.byDefault();
    });
    const left = observe(singleReply$(unsafe, 'DELE', '/x'));
    await server.received('NOOP');
    left.unsubscribe();
    open();
    await observe(singleReply$(safe, 'PWD')).settled;
    expect(commands(server)).toEqual(['NOOP', 'PWD']);
    expect(server.tree.text('/x')).toBe('top');
  });

  it.each([
    ['may be repeated', {}, true, 10_001],
    ['comes sooner', {}, false, 10_000],
    ['comes after the NOOP of keepAliveMs', { keepAliveMs: 6_000 }, false, 11_000],
  ] as const)('is not asked before what %s', async (_what, options, mayRepeat, ms) => {
    fakeTimers();
    await using stage = await idleClient(options);
    const { server, safe, unsafe } = stage;
    // The timer of keepAliveMs begins with this.
    await observe(singleReply$(safe, 'NOOP')).settled;
    await pass(Math.min(ms, 6_000));
    await pass(ms - Math.min(ms, 6_000));
    const asked = commands(server).length;
    await observe(singleReply$(mayRepeat ? safe : unsafe, 'DELE', '/x')).settled;
    expect(commands(server).slice(asked)).toEqual(['DELE /x']);
  });

  it('is never asked by a busy client', async () => {
    await using stage = await idleClient({ maxSessions: 2 });
    const { server, unsafe } = stage;
    for (let round = 0; round < 50; round += 1) {
      await Promise.all([observe(singleReply$(unsafe, 'PWD')).settled, observe(size$(unsafe, '/x')).settled]);
    }
    expect(server.commands).not.toContain('NOOP');
  });
});

it('leaves no timer', async () => {
  fakeTimers();
  const stage = await idleClient();
  await stage[Symbol.asyncDispose]();
  expect(vi.getTimerCount()).toBe(0);
});

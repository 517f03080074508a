/** A session that dies at its first command, whatever it has said before, is a failed connection: the next login waits. */
import { describe, expect, it, vi } from 'vitest';
import { type Observation, observe } from '../support/observe.js';
import { type Handler, scriptedServer } from '../support/scripted-server.js';
import { clientOf } from './support/open.js';
import { aWhile, fakeTimers, pass } from './support/waits.js';

const dying: readonly [string, string, Handler][] = [
  ['an odd reply and the end', 'DELE', (session) => session.reply('231 odd').then(() => session.closeControl('fin'))],
  [
    'a preliminary reply and the end',
    'DELE',
    (session) => session.reply('150 wait').then(() => session.closeControl('fin')),
  ],
  [
    'a line that is none and the end',
    'DELE',
    (session) => session.reply('no reply').then(() => session.closeControl('rst')),
  ],
  ['a stray reply and the end', 'PWD', (session) => session.reply('150 stray').then(() => session.closeControl('rst'))],
];

describe.each(dying)('a server that gives each session %s', (_what, verb, handler) => {
  it('is logged in to once for all operations that wait, and then after longer and longer waits', async () => {
    await using server = await scriptedServer();
    server.on(verb, handler);
    // The clock too: the back-off counts from the failure, and a slow machine would use up a part of the wait.
    fakeTimers(1);
    const ftp = clientOf(server);
    const operation = (): Observation<unknown> => observe<unknown>(verb === 'DELE' ? ftp.dele$('/a') : ftp.pwd$());
    const waiting = Array.from({ length: 30 }, operation);
    for (const { failed } of waiting) await failed;
    expect(server.sessions).toHaveLength(1);
    for (const [round, waitMs] of [500, 1_000, 2_000].entries()) {
      const later = operation();
      await aWhile();
      await pass(waitMs - 1);
      expect(server.sessions).toHaveLength(round + 1);
      await pass(1);
      await later.failed;
      expect(server.sessions).toHaveLength(round + 2);
    }
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('a refused REST that the server has granted all the same does not cut the next download', async () => {
  await using server = await scriptedServer({ files: { '/a': 'hello' } });
  server.once('REST', async (session, argument, command) => {
    await session.reply('450 stray');
    await command.byDefault();
    expect(argument).toBe('2');
  });
  await using ftp = clientOf(server);
  await observe(ftp.retr$('/a', { start: 2 })).failed;
  expect(Buffer.concat(await observe(ftp.retr$('/a')).settled).toString()).toBe('hello');
});

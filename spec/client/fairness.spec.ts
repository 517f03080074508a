/** Transfers and other work on the sessions of one client: which passes which. */
import { describe, expect, it, vi } from 'vitest';
import type { ByteStream } from '../../lib/index.js';
import { type Observation, observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { afterLogin, clientOf } from './support/open.js';
import { aWhile, fakeTimers, pass } from './support/waits.js';

const greeting = '220 ProFTPD Server';
const files = { '/a': 'first', '/b': 'second', '/c': 'third', '/dir/x': 'in it' };

/** Each RETR is answered when the spec says so, in the order of arrival. */
function heldDownloads(server: ScriptedServer): { readonly answer: () => Promise<void> } {
  const waiting: (() => void)[] = [];
  server.on('RETR', async (_session, _argument, command) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    await command.byDefault();
  });
  return {
    answer: async () => {
      waiting.shift()?.();
      await aWhile();
    },
  };
}

/** The commands of the operations, without what gets a transfer ready. */
const commands = (server: ScriptedServer): string[] =>
  afterLogin(server).filter((line) => /^(RETR|SIZE|MLSD|LIST|DELE|CWD|PWD)/.test(line));

async function* chunksOf(download: ByteStream): AsyncGenerator<Uint8Array> {
  yield* download;
}

const textOf = async (download: Observation<Uint8Array>): Promise<string> =>
  Buffer.concat(await download.settled).toString();

describe('with one session', () => {
  it('nothing overtakes', async () => {
    await using server = await scriptedServer({ greeting, files });
    await using ftp = clientOf(server);
    const all = [ftp.retr$('/a'), ftp.retr$('/b'), ftp.size$('/c'), ftp.retr$('/c')].map((each) =>
      observe<unknown>(each),
    );
    for (const { settled } of all) await settled;
    expect(commands(server)).toEqual(['RETR /a', 'RETR /b', 'SIZE /c', 'RETR /c']);
  });
});

describe('with several sessions', () => {
  it('commands and listings pass the transfers that wait', async () => {
    await using server = await scriptedServer({ greeting, files });
    const { answer } = heldDownloads(server);
    fakeTimers();
    await using ftp = clientOf(server, { maxSessions: 2 });
    const downloads = ['/a', '/b', '/c'].map((path) => observe(ftp.retr$(path)));
    await server.received('RETR', 2);
    expect(await observe(ftp.state$).nth(1)).toEqual({ status: 'busy' });
    const others = [observe<unknown>(ftp.size$('/a')), observe<unknown>(ftp.entries$('/dir'))];
    await aWhile();
    await answer();
    for (const { settled } of others) await settled;
    expect(commands(server).filter((line) => line.startsWith('RETR'))).toEqual(['RETR /a', 'RETR /b']);
    // The other session is kept until 10 seconds after they were asked for.
    await pass(9_999);
    expect(server.commands).not.toContain('RETR /c');
    await pass(1);
    expect(server.commands).toContain('RETR /c');
    for (let round = 0; round < 2; round += 1) await answer();
    expect(await Promise.all(downloads.map(textOf))).toEqual(['first', 'second', 'third']);
    expect(server.sessions).toHaveLength(2);
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('a transfer starts at once where all others have ended', async () => {
    await using server = await scriptedServer({ greeting, files });
    fakeTimers();
    await using ftp = clientOf(server, { maxSessions: 2 });
    await observe(ftp.size$('/a')).settled;
    const downloads = ['/a', '/b', '/c'].map((path) => observe(ftp.retr$(path)));
    expect(await Promise.all(downloads.map(textOf))).toEqual(['first', 'second', 'third']);
    expect(server.sessions).toHaveLength(1);
  });

  it('nothing passes a change of the state', async () => {
    await using server = await scriptedServer({ greeting, files });
    const { answer } = heldDownloads(server);
    await using ftp = clientOf(server, { maxSessions: 2 });
    const downloads = ['/a', '/b', '/c'].map((path) => observe(ftp.retr$(path)));
    const moved = observe(ftp.cwd$('/dir'));
    const size = observe(ftp.size$('x'));
    await server.received('RETR', 2);
    await aWhile();
    expect(commands(server)).not.toContain('CWD /dir');
    await answer();
    await server.received('RETR', 3);
    await answer();
    await moved.settled;
    expect(await size.settled).toEqual([5]);
    await answer();
    expect(await Promise.all(downloads.map(textOf))).toEqual(['first', 'second', 'third']);
    expect(commands(server)).toEqual(['RETR /a', 'RETR /b', 'RETR /c', 'CWD /dir', 'SIZE x']);
  });

  it('a transfer may start beside one that its user holds for it: after a second, then at once', async () => {
    const big = Buffer.alloc(3_000_000, 'x');
    await using server = await scriptedServer({ greeting, files: { ...files, '/big': big } });
    fakeTimers();
    const ftp = clientOf(server, { maxSessions: 2 });
    const iterator = ftp.retr$('/big')[Symbol.asyncIterator]();
    const first = await iterator.next();
    expect(await observe(ftp.size$('/b')).settled).toEqual([6]);
    const inner = observe(ftp.retr$('/a'));
    await pass(999);
    expect(server.commands).not.toContain('RETR /a');
    await pass(1);
    expect(await textOf(inner)).toBe('first');
    let count = first.done === true ? 0 : first.value.length;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      count += next.value.length;
      if (count > 1_000_000) continue;
      expect(await observe(ftp.size$('/b')).settled).toEqual([6]);
      expect(await textOf(observe(ftp.retr$('/b')))).toBe('second');
    }
    expect(count).toBe(big.length);
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['an Observable', (download: ByteStream) => download],
    ['an iterator', (download: ByteStream) => chunksOf(download)],
  ])('the download that is the source of an upload starts at once (%s)', async (_kind, source) => {
    await using server = await scriptedServer({ greeting, files });
    fakeTimers();
    await using ftp = clientOf(server, { maxSessions: 2 });
    for (const name of ['/copy', '/another']) {
      await observe(ftp.size$('/a')).settled;
      await observe(ftp.stor$(name, source(ftp.retr$('/a')))).settled;
      expect(server.tree.text(name)).toBe('first');
    }
  });

  it('a transfer may start on a session that is yet to be opened: when none is kept any more', async () => {
    await using server = await scriptedServer({ greeting, files });
    const { answer } = heldDownloads(server);
    fakeTimers();
    await using ftp = clientOf(server, { maxSessions: 2, replyTimeoutMs: 0x7fffffff });
    await observe(ftp.size$('/a')).settled;
    const downloads = ['/a', '/b'].map((path) => observe(ftp.retr$(path)));
    await server.received('RETR');
    await pass(9_999);
    expect(server.commands).not.toContain('RETR /b');
    await pass(1);
    await server.received('RETR', 2);
    for (let round = 0; round < 2; round += 1) await answer();
    expect(await Promise.all(downloads.map(textOf))).toEqual(['first', 'second']);
    expect(server.sessions).toHaveLength(2);
  });

  it('a transfer may start beside one that its user holds for it, on a session that is yet to be opened', async () => {
    const big = Buffer.alloc(3_000_000, 'x');
    await using server = await scriptedServer({ greeting, files: { ...files, '/big': big } });
    fakeTimers();
    await using ftp = clientOf(server, { maxSessions: 2 });
    expect(await observe(ftp.size$('/b')).settled).toEqual([6]);
    const iterator = ftp.retr$('/big')[Symbol.asyncIterator]();
    await iterator.next();
    const inner = observe(ftp.retr$('/a'));
    await pass(1_000);
    await pass(1_000);
    expect(await textOf(inner)).toBe('first');
    await iterator.return?.();
  });

  it('a transfer that is held back may be given up, and leaves no timer', async () => {
    await using server = await scriptedServer({ greeting, files });
    const { answer } = heldDownloads(server);
    fakeTimers();
    const ftp = clientOf(server, { maxSessions: 2, replyTimeoutMs: 0x7fffffff });
    const first = observe(ftp.retr$('/a'));
    await server.received('RETR');
    await observe(ftp.size$('/a')).settled;
    const second = observe(ftp.retr$('/b'));
    await aWhile();
    second.unsubscribe();
    await pass(20_000);
    expect(server.commands).not.toContain('RETR /b');
    await answer();
    await first.settled;
    await observe(ftp.close$()).settled;
    expect(vi.getTimerCount()).toBe(0);
  });
});

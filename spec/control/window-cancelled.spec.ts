/** Commands of a window whose subscriber leaves: before they are sent, and while they are unanswered. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { clientOf } from '../client/support/open.js';
import { observe } from '../support/observe.js';
import { scriptedServer } from '../support/scripted-server.js';
import { files, gated, known, modified, observeAll, settled, windowed } from './support/windowed.js';

describe('a command that is cancelled in the turn it was asked for', () => {
  it('emits nothing, and the others of the turn get their own answers', async () => {
    await using at = await windowed();
    const [a, left, c] = [observe(at.ftp.size$('/a')), observe(at.ftp.size$('/b')), observe(at.ftp.size$('/c'))];
    left.unsubscribe();
    expect(await settled([a, c])).toEqual([[3], [5]]);
    expect(left.values).toEqual([]);
    expect(await observe(at.ftp.size$('/b')).settled).toEqual([4]);
  });

  it('is not sent by a client', async () => {
    await using server = await scriptedServer({ files, ...known });
    await using ftp = clientOf(server);
    await observe(ftp.noop$()).settled;
    const [a, left, c] = [observe(ftp.dele$('/a')), observe(ftp.dele$('/b')), observe(ftp.dele$('/c'))];
    left.unsubscribe();
    await settled([a, c]);
    expect(server.commands.filter((line) => line.startsWith('DELE'))).toEqual(['DELE /a', 'DELE /c']);
    expect(server.tree.text('/b')).toBe('four');
  });

  it('is not sent by a session, and the other of two is', async () => {
    await using at = await windowed();
    const [left, kept] = [observe(at.ftp.dele$('/a')), observe(at.ftp.dele$('/b'))];
    left.unsubscribe();
    await kept.settled;
    await observe(at.ftp.noop$()).settled;
    expect(at.commands).toEqual(['DELE /b', 'NOOP']);
    expect([at.server.tree.text('/a'), at.status]).toEqual(['abc', 'idle']);
  });

  it('is not sent by a session when all of the turn are cancelled', async () => {
    await using at = await windowed();
    for (const one of observeAll(at.ftp.dele$('/a'), at.ftp.dele$('/b'))) one.unsubscribe();
    await observe(at.ftp.noop$()).settled;
    expect(at.commands).toEqual(['NOOP']);
    expect([at.server.tree.text('/a'), at.status]).toEqual(['abc', 'idle']);
  });

  it('lets the operation behind it start at once', async () => {
    await using at = await windowed();
    const [left, next] = [observe(at.ftp.dele$('/a')), observe(at.ftp.pwd$())];
    left.unsubscribe();
    expect(await next.settled).toEqual(['/']);
    expect(at.commands).toEqual(['PWD']);
  });
});

describe('a command that is cancelled while it is unanswered', () => {
  it('has its answer dropped, and the others get their own', async () => {
    await using at = await gated();
    const left = observe(at.ftp.mdtm$('/a'));
    const [a, none, c] = ['/a', '/none', '/c'].map((path) => observe(at.ftp.size$(path)));
    await at.server.received('MDTM');
    left.unsubscribe();
    none?.unsubscribe();
    const next = observe(at.ftp.size$('/b'));
    at.answer();
    expect([await a?.settled, await c?.settled, await next.settled]).toEqual([[3], [5], [4]]);
    expect([left.values, none?.values]).toEqual([[], []]);
  });

  it('lets no other command be sent until it is answered', async () => {
    await using at = await gated();
    const [left, kept] = [observe(at.ftp.mdtm$('/a')), observe(at.ftp.mdtm$('/b'))];
    await at.server.received('MDTM', 2);
    left.unsubscribe();
    const waiting = observeAll(at.ftp.mdtm$('/c'), at.ftp.mdtm$('/a'));
    await nextTurn();
    expect(at.packets.lines).toEqual([['MDTM /a', 'MDTM /b']]);
    at.answer();
    expect(await settled([kept, ...waiting])).toEqual([[modified], [modified], [modified]]);
    expect(at.packets.lines.flat()).toEqual(['MDTM /a', 'MDTM /b', 'MDTM /c', 'MDTM /a']);
  });

  it('keeps the session busy while others are unanswered, and aborting when it is the last', async () => {
    await using at = await gated();
    const [a, b, c] = [observe(at.ftp.mdtm$('/a')), observe(at.ftp.mdtm$('/b')), observe(at.ftp.mdtm$('/c'))];
    await at.server.received('MDTM', 3);
    a.unsubscribe();
    c.unsubscribe();
    await nextTurn();
    expect(at.status).toBe('busy');
    at.answer('/a', '/b');
    await b.settled;
    await nextTurn();
    expect(at.status).toBe('aborting');
    at.answer('/c');
    expect(await observe(at.ftp.size$('/a')).settled).toEqual([3]);
    expect(at.state.values.map(({ status }) => status)).toEqual(['idle', 'busy', 'aborting', 'busy', 'idle']);
  });
});

describe('abortTimeoutMs, for a command that is cancelled while it is unanswered', () => {
  it('does not begin while the others of its window are unanswered', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using at = await gated({ abortTimeoutMs: 1_000 });
    const [left, kept] = [observe(at.ftp.mdtm$('/a')), observe(at.ftp.size$('/a'))];
    await at.server.received('MDTM');
    left.unsubscribe();
    await vi.advanceTimersByTimeAsync(5_000);
    at.answer();
    expect(await kept.settled).toEqual([3]);
    expect(at.connection.end).toBeUndefined();
  });

  it('closes the connection when all are cancelled and none is answered', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using at = await gated({ abortTimeoutMs: 1_000 });
    const all = observeAll(at.ftp.mdtm$('/a'), at.ftp.mdtm$('/b'));
    await at.server.received('MDTM');
    for (const one of all) one.unsubscribe();
    const next = observe(at.ftp.size$('/a'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await next.failed).toMatchObject({ phase: 'queued' });
    expect(await at.connection.failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'abort', afterMs: 1_000 });
  });

  describe('begins when the last other one is answered', () => {
    /** `/b` is cancelled, `/a` is answered after `waitedMs`, and 900 ms have passed since. */
    async function behind(waitedMs: number) {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const at = await gated({ abortTimeoutMs: 1_000 });
      const [kept, left] = [observe(at.ftp.mdtm$('/a')), observe(at.ftp.mdtm$('/b'))];
      await at.server.received('MDTM');
      left.unsubscribe();
      await vi.advanceTimersByTimeAsync(waitedMs);
      at.answer('/a');
      expect(await kept.settled).toEqual([modified]);
      const next = observe(at.ftp.noop$());
      await vi.advanceTimersByTimeAsync(900);
      expect([at.connection.end, next.end]).toEqual([undefined, undefined]);
      return { at, next };
    }

    it('so that a server which hangs is left after that', async () => {
      const { at, next } = await behind(2_500);
      await using _ = at;
      await vi.advanceTimersByTimeAsync(100);
      expect(await next.failed).toMatchObject({ phase: 'queued' });
      expect(await at.connection.failed).toMatchObject({ code: 'ERR_FTP_TIMEOUT', phase: 'abort', afterMs: 1_000 });
    });

    it('so that a server which is only slow is kept', async () => {
      const { at, next } = await behind(900);
      await using _ = at;
      at.answer('/b');
      expect(await next.settled).toMatchObject([{ code: 200 }]);
    });
  });
});

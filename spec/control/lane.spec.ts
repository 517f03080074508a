import { describe, expect, it } from 'vitest';
import { Lane, type LeaseKind } from '../../lib/control/lane.js';
import { FtpConnectionError, type FtpError } from '../../lib/errors.js';

const ended = new FtpConnectionError('the session is over', { channel: 'control', phase: 'close' });

/** A shared lease, of a command of so many bytes. */
const SHARED = 10;

/** Resolves in the next turn, when a window is filled no more. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A lane whose leases are told by name: who holds one, who was refused, and how often it was free. */
class Watched {
  readonly held = new Map<string, () => void>();
  readonly refused = new Map<string, FtpError>();
  free = 0;
  awaited = 0;
  readonly lane: Lane;

  constructor(commands: number, bytes = 1000) {
    const onFree = (): void => {
      this.free += 1;
    };
    this.lane = new Lane(onFree, () => {
      this.awaited += 1;
    });
    this.lane.window.limits = { commands, bytes };
  }

  enter(name: string, kind: LeaseKind): () => void {
    return this.lane.enter(
      kind,
      (release) => this.held.set(name, release),
      (cause) => this.refused.set(name, cause),
    );
  }

  release(name: string): void {
    const release = this.held.get(name);
    this.held.delete(name);
    release?.();
  }

  get holders(): string[] {
    return [...this.held.keys()];
  }
}

describe('Lane', () => {
  it('tells when somebody begins to wait, not when a lease is granted at once', () => {
    const at = new Watched(2);
    at.enter('a', 'exclusive');
    expect(at.awaited).toBe(0);
    at.enter('b', 'exclusive');
    at.enter('c', SHARED);
    expect(at.awaited).toBe(2);
    for (const name of ['a', 'b', 'c']) at.release(name);
    at.lane.close(ended);
    at.enter('d', 'exclusive');
    expect(at.awaited).toBe(2);
  });

  it('grants one exclusive lease after the other, in order of arrival', () => {
    const at = new Watched(2);
    for (const name of ['a', 'b', 'c']) at.enter(name, 'exclusive');
    expect(at.holders).toEqual(['a']);
    at.release('a');
    expect(at.holders).toEqual(['b']);
    at.release('b');
    expect(at.holders).toEqual(['c']);
  });

  it('lets shared leases hold it together, up to the window', () => {
    const at = new Watched(2);
    for (const name of ['a', 'b', 'c']) at.enter(name, SHARED);
    expect(at.holders).toEqual(['a', 'b']);
    at.release('b');
    expect(at.holders).toEqual(['a', 'c']);
  });

  it('fills a window no more when the turn is over, until it is half empty', async () => {
    const at = new Watched(4);
    for (const name of ['a', 'b', 'c']) at.enter(name, SHARED);
    await nextTurn();
    at.enter('d', SHARED);
    at.enter('e', SHARED);
    at.enter('f', SHARED);
    expect([at.holders, at.lane.admits(SHARED)]).toEqual([['a', 'b', 'c'], false]);
    at.release('a');
    expect(at.holders).toEqual(['b', 'c', 'd', 'e']);
    await nextTurn();
    at.release('b');
    expect(at.holders).toEqual(['c', 'd', 'e']);
    at.release('c');
    expect(at.holders).toEqual(['d', 'e', 'f']);
  });

  it('fills it also when all that came in in one turn has been released', async () => {
    const at = new Watched(4);
    at.enter('a', SHARED);
    await nextTurn();
    for (const name of ['b', 'c', 'd', 'e', 'f']) at.enter(name, SHARED);
    await nextTurn();
    expect(at.holders).toEqual(['a', 'b', 'c', 'd']);
    at.release('a');
    expect(at.holders).toEqual(['b', 'c', 'd', 'e']);
    await nextTurn();
    at.release('b');
    expect(at.holders).toEqual(['c', 'd', 'e']);
    at.release('e');
    expect(at.holders).toEqual(['c', 'd', 'f']);
  });

  it('remembers that there is room until somebody comes', async () => {
    const at = new Watched(4);
    at.enter('a', SHARED);
    await nextTurn();
    for (const name of ['b', 'c', 'd']) at.enter(name, SHARED);
    await nextTurn();
    at.release('a');
    await nextTurn();
    at.enter('e', SHARED);
    await nextTurn();
    at.enter('f', SHARED);
    expect(at.holders).toEqual(['b', 'c', 'd', 'e']);
    at.release('b');
    expect(at.holders).toEqual(['c', 'd', 'e']);
  });

  it.each([
    ['commands', 4, 1000, [10, 10, 10]],
    ['bytes', 9, 100, [40, 20]],
    ['bytes of one command', 9, 100, [60]],
    ['the one command of lock-step', 1, 0, [10]],
  ])('lets nobody in while more than half of it is taken, by %s', async (_what, commands, bytes, taken) => {
    const at = new Watched(commands, bytes);
    for (const [n, kind] of taken.entries()) at.enter(`${n}`, kind);
    await nextTurn();
    expect(at.holders).toHaveLength(taken.length);
    expect(at.lane.admits(1)).toBe(false);
    at.release('0');
    expect(at.lane.admits(1)).toBe(true);
  });

  it('lets in at once who comes while half of it is free', async () => {
    const at = new Watched(4);
    at.enter('a', SHARED);
    await nextTurn();
    at.enter('b', SHARED);
    await nextTurn();
    expect(at.lane.admits(SHARED)).toBe(true);
    at.enter('c', SHARED);
    expect([at.holders, at.awaited]).toEqual([['a', 'b', 'c'], 0]);
  });

  it('lets them hold it together up to the bytes of the window', () => {
    const at = new Watched(9, 25);
    for (const name of ['a', 'b', 'c']) at.enter(name, SHARED);
    expect(at.holders).toEqual(['a', 'b']);
  });

  it('lets a first one in however long it is, and one by one until told otherwise', () => {
    const at = new Watched(9, 25);
    at.enter('long', 4000);
    expect(at.holders).toEqual(['long']);
    expect(new Lane(() => {}).window.limits).toEqual({ commands: 1, bytes: 0 });
  });

  it('waits with a command that does not fit, and with those behind it, however short', async () => {
    const at = new Watched(9, 100);
    at.enter('a', 40);
    at.enter('b', 30);
    at.enter('long', 80);
    at.enter('short', 1);
    expect(at.holders).toEqual(['a', 'b']);
    await nextTurn();
    at.release('a');
    expect(at.holders).toEqual(['b']);
    at.release('b');
    expect(at.holders).toEqual(['long', 'short']);
  });

  it('says what waits first, and whether it is shared', () => {
    const at = new Watched(9);
    expect([at.lane.next, at.lane.shared]).toEqual([undefined, false]);
    at.enter('a', SHARED);
    at.enter('b', 'transfer');
    at.enter('c', 'exclusive');
    expect([at.lane.next, at.lane.shared]).toEqual(['transfer', true]);
  });

  it('lets nobody overtake an exclusive lease that waits', () => {
    const at = new Watched(3);
    at.enter('a', SHARED);
    at.enter('b', 'exclusive');
    at.enter('c', SHARED);
    expect(at.lane.admits(SHARED)).toBe(false);
    expect(at.holders).toEqual(['a']);
    at.release('a');
    expect(at.holders).toEqual(['b']);
    at.release('b');
    expect(at.holders).toEqual(['c']);
  });

  it('lets those behind on when a waiting place is given up', () => {
    const at = new Watched(2);
    at.enter('a', SHARED);
    const giveUp = at.enter('b', 'exclusive');
    at.enter('c', SHARED);
    giveUp();
    giveUp();
    expect(at.holders).toEqual(['a', 'c']);
    at.release('a');
    at.release('c');
    expect([at.holders, at.lane.idle]).toEqual([[], true]);
  });

  it('does not take a granted lease back when its subscriber leaves', () => {
    const at = new Watched(1);
    const leave = at.enter('a', 'exclusive');
    at.enter('b', 'exclusive');
    leave();
    expect(at.holders).toEqual(['a']);
    at.release('a');
    expect(at.holders).toEqual(['b']);
  });

  it('lets nobody in beside a lease whose subscriber has left, until it ends', async () => {
    const at = new Watched(9);
    const leave = at.enter('a', SHARED);
    at.enter('b', SHARED);
    await nextTurn();
    leave();
    leave();
    at.enter('c', SHARED);
    at.release('b');
    expect([at.holders, at.lane.admits(SHARED)]).toEqual([['a'], false]);
    at.release('a');
    leave();
    at.enter('d', SHARED);
    expect(at.holders).toEqual(['c', 'd']);
  });

  it('takes a lease back once, however often it is released', () => {
    const at = new Watched(1);
    at.enter('a', 'exclusive');
    const release = at.held.get('a');
    at.enter('b', 'exclusive');
    release?.();
    at.enter('c', 'exclusive');
    release?.();
    expect(at.holders).toEqual(['a', 'b']);
  });

  it('says what it would grant at once', () => {
    const at = new Watched(2);
    expect([at.lane.admits(SHARED), at.lane.admits('exclusive'), at.lane.idle]).toEqual([true, true, true]);
    at.enter('a', SHARED);
    expect([at.lane.admits(SHARED), at.lane.admits('exclusive'), at.lane.idle]).toEqual([true, false, false]);
    at.enter('b', SHARED);
    expect(at.lane.admits(SHARED)).toBe(false);
  });

  it('tells when it is free: not while somebody waits who then holds it', () => {
    const at = new Watched(1);
    at.enter('a', 'exclusive');
    at.enter('b', 'exclusive');
    at.enter('c', 'exclusive');
    at.release('a');
    expect(at.free).toBe(0);
    at.release('b');
    at.release('c');
    expect([at.free, at.lane.idle]).toEqual([2, true]);
  });

  describe('when it closes', () => {
    it('refuses who waits and who comes, and says why', () => {
      const at = new Watched(1);
      at.enter('a', 'exclusive');
      at.enter('b', SHARED);
      at.lane.close(ended);
      at.lane.close(new FtpConnectionError('too late', { channel: 'control', phase: 'close' }));
      at.enter('c', SHARED)();
      expect(at.holders).toEqual(['a']);
      for (const name of ['b', 'c']) {
        expect(at.refused.get(name)).toBeInstanceOf(FtpConnectionError);
        expect(at.refused.get(name)).toMatchObject({ phase: 'queued', cause: ended });
      }
      expect(at.lane.admits(SHARED)).toBe(false);
      at.release('a');
      expect(at.holders).toEqual([]);
    });

    it('is drained when the last lease has ended', () => {
      const at = new Watched(2);
      let drained = 0;
      at.enter('a', SHARED);
      at.enter('b', SHARED);
      at.lane.close(ended, () => {
        drained += 1;
      });
      at.release('a');
      expect(drained).toBe(0);
      at.release('b');
      expect(drained).toBe(1);
    });

    it('is drained at once when nobody holds it', () => {
      let drained = 0;
      new Watched(1).lane.close(ended, () => {
        drained += 1;
      });
      expect(drained).toBe(1);
    });

    it('is still drained when the connection is lost while it waits for that', () => {
      const at = new Watched(1);
      let drained = 0;
      at.enter('a', 'exclusive');
      at.lane.close(ended, () => {
        drained += 1;
      });
      at.lane.close(new FtpConnectionError('lost', { channel: 'control', phase: 'idle' }));
      at.release('a');
      expect(drained).toBe(1);
    });
  });
});

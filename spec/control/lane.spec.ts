import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Lane } from '../../lib/control/lane.js';
import { FtpConnectionError } from '../../lib/errors.js';
import { NamedLane, SHARED, stepsOf } from './support/lane-script.js';

const ended = new FtpConnectionError('the session is over', { channel: 'control', phase: 'close' });

interface Played {
  readonly title: string;
  /** The window: so many commands, and so many bytes. */
  readonly commands: number;
  readonly bytes?: number;
  /** See `lane-script.ts`. */
  readonly script: string;
}

const leases: readonly Played[] = [
  {
    title: 'grants one exclusive lease after the other, in order of arrival',
    commands: 2,
    script: `
      enter a! b! c!   → a
      release a        → b
      release b        → c`,
  },
  {
    title: 'lets shared leases hold it together, up to the commands of its window',
    commands: 2,
    script: `
      enter a b c      → a b
      release b        → a c`,
  },
  {
    title: 'lets shared leases hold it together, up to the bytes of its window',
    commands: 9,
    bytes: 25,
    script: 'enter a b c → a b',
  },
  {
    title: 'grants a first shared lease, however long its command is',
    commands: 9,
    bytes: 25,
    script: 'enter long:4000 → long',
  },
  {
    title: 'lets no lease overtake an exclusive one that waits',
    commands: 3,
    script: `
      enter a b! c     → a, full
      release a        → b
      release b        → c`,
  },
  {
    title: 'grants those behind a place in line that is given up, once or twice',
    commands: 2,
    script: `
      enter a b! c d!  → a
      leave b          → a c
      leave b          → a c
      release a        → c
      release c        → d
      release d        → nobody, idle`,
  },
  {
    title: 'does not take back a granted lease whose subscriber leaves',
    commands: 1,
    script: `
      enter a! b!      → a
      leave a          → a
      release a        → b`,
  },
  {
    title: 'grants no lease beside one whose subscriber has left, until that ends',
    commands: 9,
    script: `
      enter a b        → a b
      turn
      leave a
      leave a
      enter c
      release b        → a, full
      release a        → c
      leave a
      enter d          → c d`,
  },
  {
    title: 'tells when a lease has to wait, and not when it is granted at once',
    commands: 2,
    script: `
      enter a!         → a, 0 waited
      enter b!         → a, 1 waited
      enter c          → a, 2 waited
      release a        → b, 2 waited
      release b        → c, 2 waited
      release c        → nobody, 2 waited`,
  },
];

const windows: readonly Played[] = [
  {
    title: 'admits no more after its first turn, until it is half empty',
    commands: 4,
    script: `
      enter a b c      → a b c
      turn
      enter d e f      → a b c, full
      release a        → b c d e
      turn
      release b        → c d e
      release c        → d e f`,
  },
  {
    title: 'is filled also when all that one turn has admitted is released',
    commands: 4,
    script: `
      enter a          → a
      turn
      enter b c d e f
      turn             → a b c d
      release a        → b c d e
      turn
      release b        → c d e
      release e        → c d f`,
  },
  {
    title: 'keeps its room for the next who comes',
    commands: 4,
    script: `
      enter a
      turn
      enter b c d
      turn
      release a        → b c d
      turn
      enter e
      turn
      enter f          → b c d e
      release b        → c d e`,
  },
  {
    title: 'admits at once while half of it is free',
    commands: 4,
    script: `
      enter a
      turn
      enter b
      turn             → a b, open
      enter c          → a b c, 0 waited`,
  },
  {
    title: 'lets a command that does not fit wait, and those behind it, however short',
    commands: 9,
    bytes: 100,
    script: `
      enter a:40 b:30 long:80 short:1   → a b
      turn
      release a                         → b
      release b                         → long short`,
  },
];

describe('a lane', () => {
  it.each(leases)('$title', async ({ commands, bytes, script }) => {
    expect(await new NamedLane(commands, bytes).play(script)).toEqual(stepsOf(script));
  });

  it('tells what waits first, and whether shared leases are held', () => {
    const at = new NamedLane(9);
    expect([at.lane.next, at.lane.shared]).toEqual([undefined, false]);
    at.enter('a', SHARED);
    at.enter('b', 'transfer');
    at.enter('c', 'exclusive');
    expect([at.lane.next, at.lane.shared]).toEqual(['transfer', true]);
    at.release('a');
    expect([at.lane.next, at.lane.shared]).toEqual(['exclusive', false]);
  });

  it('tells what it would grant at once', () => {
    const at = new NamedLane(2);
    expect([at.lane.admits(SHARED), at.lane.admits('exclusive'), at.lane.idle]).toEqual([true, true, true]);
    at.enter('a', SHARED);
    expect([at.lane.admits(SHARED), at.lane.admits('exclusive'), at.lane.idle]).toEqual([true, false, false]);
    at.enter('b', SHARED);
    expect(at.lane.admits(SHARED)).toBe(false);
  });

  it('takes a lease back once, however often it is released', () => {
    const at = new NamedLane(1);
    at.enter('a', 'exclusive');
    const release = at.held.get('a');
    at.enter('b', 'exclusive');
    release?.();
    at.enter('c', 'exclusive');
    release?.();
    expect(at.holders).toEqual(['a', 'b']);
  });

  it('tells that it is free only when no other lease is granted instead', () => {
    const at = new NamedLane(1);
    for (const name of ['a', 'b', 'c']) at.enter(name, 'exclusive');
    at.release('a');
    expect(at.free).toBe(0);
    at.release('b');
    at.release('c');
    expect([at.free, at.lane.idle]).toEqual([2, true]);
  });
});

describe('the window of a lane', () => {
  it.each(windows)('$title', async ({ commands, bytes, script }) => {
    expect(await new NamedLane(commands, bytes).play(script)).toEqual(stepsOf(script));
  });

  it.each([
    ['commands', 4, 1000, [10, 10, 10]],
    ['bytes', 9, 100, [40, 20]],
    ['bytes of one command', 9, 100, [60]],
    ['the one command of lock-step', 1, 0, [10]],
  ])('admits nobody while more than half of it is taken, by %s', async (_what, commands, bytes, taken) => {
    const at = new NamedLane(commands, bytes);
    for (const [n, size] of taken.entries()) at.enter(`${n}`, { bytes: size });
    await nextTurn();
    expect(at.holders).toHaveLength(taken.length);
    expect(at.lane.admits({ bytes: 1 })).toBe(false);
    at.release('0');
    expect(at.lane.admits({ bytes: 1 })).toBe(true);
  });

  it('is one command long until it is told otherwise', () => {
    expect(new Lane(() => {}).window.limits).toEqual({ commands: 1, bytes: 0 });
  });
});

describe('a lane that is closed', () => {
  it('refuses the leases that wait and those asked for later, and tells why', () => {
    const at = new NamedLane(1);
    at.enter('a', 'exclusive');
    at.enter('b', SHARED);
    at.lane.close(ended);
    at.lane.close(new FtpConnectionError('too late', { channel: 'control', phase: 'close' }));
    at.enter('c', SHARED);
    at.leave('c');
    expect(at.holders).toEqual(['a']);
    for (const name of ['b', 'c']) {
      expect(at.refused.get(name)).toBeInstanceOf(FtpConnectionError);
      expect(at.refused.get(name)).toMatchObject({ phase: 'queued', cause: ended });
    }
    expect([at.lane.admits(SHARED), at.waited]).toEqual([false, 1]);
    at.release('a');
    expect([at.holders, at.lane.admits(SHARED)]).toEqual([[], false]);
  });

  it('is drained when the last lease has ended', () => {
    const at = new NamedLane(2);
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

  it('is drained at once when no lease is held', () => {
    let drained = 0;
    new NamedLane(1).lane.close(ended, () => {
      drained += 1;
    });
    expect(drained).toBe(1);
  });

  it('is still drained when the connection is lost meanwhile', () => {
    const at = new NamedLane(1);
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

import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Learned } from '../../lib/control/learned.js';
import { Quiet } from '../../lib/control/quiet.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

/** Whether the wait is over, after so many milliseconds. */
async function isOver(wait: Promise<void> | undefined, ms: number): Promise<boolean> {
  let over = wait === undefined;
  void wait?.then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(ms);
  await nextTurn();
  return over;
}

describe('the time for one reply too many', () => {
  it('is none on a server that was seen to answer once', () => {
    const quiet = new Quiet(new Learned(), () => performance.now());
    quiet.answered('SIZE');
    expect(quiet.over).toBeUndefined();
  });

  it('is 50 ms after the first use of each verb elsewhere, for all sessions of a client', async () => {
    const learned = new Learned();
    const [first, second] = [new Quiet(learned, () => performance.now()), new Quiet(learned, () => performance.now())];
    first.afterFirstUse = true;
    second.afterFirstUse = true;
    first.answered('SIZE');
    expect(await isOver(first.over, 49)).toBe(false);
    expect(await isOver(first.over, 1)).toBe(true);
    second.answered('SIZE');
    expect(second.over).toBeUndefined();
    second.answered('MDTM');
    expect(await isOver(second.over, 50)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends when the one too many has come, of a verb that was answered twice before', async () => {
    const quiet = new Quiet(new Learned(), () => performance.now());
    quiet.answered('DELE');
    quiet.surplus();
    quiet.answered('DELE');
    const waits = [quiet.over, quiet.over];
    expect(await isOver(waits[0], 20)).toBe(false);
    quiet.surplus();
    expect([await isOver(waits[0], 0), await isOver(waits[1], 0)]).toEqual([true, true]);
    expect(quiet.over).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer when the connection is closed', async () => {
    const quiet = new Quiet(new Learned(), () => performance.now());
    quiet.begin();
    const wait = quiet.over;
    quiet.end();
    expect(await isOver(wait, 0)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('knows no verb before the first answer', () => {
    const quiet = new Quiet(new Learned(), () => performance.now());
    quiet.surplus();
    expect(quiet.over).toBeUndefined();
  });
});

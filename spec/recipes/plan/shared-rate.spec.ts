/** One rate for several transfers, on a clock of the spec's own. */
import { describe, expect, it } from 'vitest';
import { SharedRate } from '../../../lib/recipes/plan/shared-rate.js';

/** A clock that moves when it is told to. */
function fakeClock() {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    now: () => now,
    after(ms: number, run: () => void) {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    get waiting() {
      return timers.size;
    },
    async advance(ms: number) {
      now += ms;
      for (const timer of [...timers]) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.run();
      }
      await Promise.resolve();
    },
  };
}

describe('a shared rate', () => {
  it('lets a tenth of a second pass at once, and then the rate', async () => {
    const clock = fakeClock();
    const rate = new SharedRate(1000, clock);
    const passed: string[] = [];
    const pass = (name: string, bytes: number): void => void rate.pass(bytes).then(() => passed.push(name));
    pass('a', 100);
    pass('b', 500);
    pass('c', 500);
    await clock.advance(0);
    expect(passed).toEqual(['a']);
    await clock.advance(499);
    expect(passed).toEqual(['a']);
    await clock.advance(1);
    expect(passed).toEqual(['a', 'b']);
    await clock.advance(500);
    expect(passed).toEqual(['a', 'b', 'c']);
  });

  it('saves nothing up over a pause', async () => {
    const clock = fakeClock();
    const rate = new SharedRate(1000, clock);
    await clock.advance(60_000);
    await rate.pass(100);
    let isOver = false;
    void rate.pass(1000).then(() => {
      isOver = true;
    });
    await clock.advance(999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(isOver).toBe(true);
  });

  it('leaves no timer when a wait is left', async () => {
    const clock = fakeClock();
    const rate = new SharedRate(1, clock);
    const left = new AbortController();
    const waits = rate.pass(1000, left.signal);
    expect(clock.waiting).toBe(1);
    left.abort(new Error('left'));
    await expect(waits).rejects.toThrow('left');
    await expect(rate.pass(1, left.signal)).rejects.toThrow('left');
    expect(clock.waiting).toBe(0);
  });
});

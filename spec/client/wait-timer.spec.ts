import { afterEach, describe, expect, it, vi } from 'vitest';
import { WaitTimer } from '../../lib/client/wait-timer.js';
import { SYSTEM_CLOCK } from '../../lib/net/clock.js';

afterEach(() => vi.useRealTimers());

describe('the timer of a client that waits', () => {
  it('takes its moment for reached when it fires, whatever the clock says', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const timer = new WaitTimer(SYSTEM_CLOCK.now);
    const at = timer.now + 60_000;
    const fired = vi.fn(() => timer.now);
    timer.set(at, fired);
    expect(timer.runs).toBe(true);
    vi.advanceTimersByTime(60_001);
    expect(fired).toHaveReturnedWith(at);
    expect(timer.runs).toBe(false);
  });

  it('goes by the clock that it is given', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const timer = new WaitTimer(() => 7_000);
    const fired = vi.fn(() => timer.now);
    timer.set(7_100, fired);
    expect(timer.now).toBe(7_000);
    vi.advanceTimersByTime(100);
    expect(fired).toHaveReturnedWith(7_100);
  });

  it('runs for the last moment that was set, once, and for none when it is cleared', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const timer = new WaitTimer(SYSTEM_CLOCK.now);
    const fired = vi.fn();
    timer.set(timer.now + 100, fired);
    timer.set(timer.now + 200, fired);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(199);
    expect(fired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fired).toHaveBeenCalledOnce();
    timer.set(timer.now + 100, fired);
    timer.clear();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is set for a moment, and cleared for none', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const timer = new WaitTimer(() => performance.now());
    timer.setOrClear(timer.now + 10, () => {});
    expect(timer.runs).toBe(true);
    timer.setOrClear(Number.POSITIVE_INFINITY, () => {});
    expect([timer.runs, vi.getTimerCount()]).toEqual([false, 0]);
  });
});

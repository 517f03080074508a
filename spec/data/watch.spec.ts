import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StallTimer } from '../../lib/data/stall-timer.js';
import { Watch } from '../../lib/data/watch.js';
import { RestingTimers } from '../../lib/net/resting-timers.js';

let timers: RestingTimers;

beforeEach(() => {
  timers = new RestingTimers();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  timers.close();
});

describe('Watch', () => {
  it('waits until it holds, looking only when something has changed', async () => {
    const watch = new Watch(timers);
    let count = 0;
    let looks = 0;
    const waiting = watch.until(() => {
      looks += 1;
      return count >= 2;
    }, 1_000);
    count = 1;
    watch.changed();
    count = 2;
    expect(looks).toBe(2);
    watch.changed();
    watch.changed();
    expect(await waiting).toBe(true);
    expect(looks).toBe(3);
    vi.advanceTimersByTime(1_000);
    expect(looks).toBe(3);
  });

  it('does not wait for what holds already', async () => {
    expect(await new Watch(timers).until(() => true, 1_000)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up after its time, and for each who waits alone', async () => {
    const watch = new Watch(timers);
    let over = false;
    const short = watch.until(() => false, 100);
    const long = watch.until(() => over, 1_000);
    vi.advanceTimersByTime(100);
    expect(await short).toBe(false);
    over = true;
    watch.changed();
    expect(await long).toBe(true);
  });
});

describe('a Watch that was given up', () => {
  const failure = new Error('lost');

  it('rejects every wait, also where it holds by now, and leaves nothing that runs', async () => {
    const watch = new Watch(timers);
    let over = false;
    const limited = watch.until(() => over, 1_000);
    const endless = watch.until(() => false);
    over = true;
    watch.giveUp(failure);
    await expect(limited).rejects.toBe(failure);
    await expect(endless).rejects.toBe(failure);
    timers.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects what waits later, and at once', async () => {
    const watch = new Watch(timers);
    watch.giveUp(failure);
    await expect(watch.until(() => true)).rejects.toBe(failure);
    await expect(watch.until(() => false, 1_000)).rejects.toBe(failure);
  });
});

describe('StallTimer', () => {
  it('runs out once nothing has moved for its time', () => {
    let stalls = 0;
    const timer = new StallTimer(timers, 1_000, () => {
      stalls += 1;
    });
    timer.moved();
    vi.advanceTimersByTime(2_000);
    timer.start();
    vi.advanceTimersByTime(999);
    timer.moved();
    vi.advanceTimersByTime(999);
    timer.start();
    expect(stalls).toBe(0);
    vi.advanceTimersByTime(1);
    expect(stalls).toBe(1);
  });

  it('does not run while it is stopped', () => {
    let stalls = 0;
    const timer = new StallTimer(timers, 1_000, () => {
      stalls += 1;
    });
    timer.start();
    timer.stop();
    timer.moved();
    vi.advanceTimersByTime(2_000);
    expect([stalls, vi.getTimerCount()]).toEqual([0, 0]);
    timer.start();
    vi.advanceTimersByTime(1_000);
    expect(stalls).toBe(1);
  });
});

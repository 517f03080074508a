import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RateTimer } from '../../lib/data/rate-timer.js';
import { StallTimer } from '../../lib/data/stall-timer.js';
import { SYSTEM_CLOCK } from '../../lib/net/clock.js';
import { TimerPool } from '../../lib/net/timer-pool.js';

const ms = 8_000;
let timers: TimerPool;
let timer: StallTimer;
const onStall = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onStall.mockClear();
  timers = new TimerPool(SYSTEM_CLOCK.now);
  timer = new StallTimer(timers, ms, onStall);
});

afterEach(() => {
  timer.end();
  timers.close();
});

/** How often it was told, when this time has passed. */
function toldAfter(time: number): number {
  vi.advanceTimersByTime(time);
  return onStall.mock.calls.length;
}

describe('a stall', () => {
  it('is told once, when nothing has moved for so long since the start', () => {
    expect(toldAfter(10 * ms)).toBe(0);
    timer.start();
    expect([toldAfter(ms - 1), toldAfter(1), toldAfter(10 * ms)]).toEqual([0, 1, 1]);
  });

  it('is put off by what moves, not by another start', () => {
    timer.start();
    vi.advanceTimersByTime(ms - 1);
    timer.moved();
    expect(toldAfter(ms - 1)).toBe(0);
    timer.start();
    expect(toldAfter(1)).toBe(1);
  });

  it('does not come after a stop, whatever moves', () => {
    timer.start();
    timer.stop();
    timer.moved();
    timer.release();
    expect(toldAfter(10 * ms)).toBe(0);
  });

  it('does not come while the consumer holds, and has its whole time behind that', () => {
    timer.start();
    vi.advanceTimersByTime(ms - 1);
    timer.hold();
    timer.moved();
    expect(toldAfter(10 * ms)).toBe(0);
    timer.release();
    expect([toldAfter(ms - 1), toldAfter(1)]).toEqual([0, 1]);
  });

  it('counts from the release where the start came within the hold', () => {
    timer.hold();
    timer.start();
    expect(toldAfter(10 * ms)).toBe(0);
    timer.release();
    expect([toldAfter(ms - 1), toldAfter(1)]).toEqual([0, 1]);
  });

  it('does not come by a release alone', () => {
    timer.hold();
    timer.release();
    expect(toldAfter(10 * ms)).toBe(0);
  });
});

it('the timer of the least rate goes along', () => {
  const told: string[] = [];
  const rate = { run: () => told.push('run'), rest: () => told.push('rest'), end: () => told.push('end') };
  const timerWithRate = new StallTimer(timers, ms, onStall, rate as unknown as RateTimer);
  timerWithRate.start();
  timerWithRate.hold();
  timerWithRate.start();
  timerWithRate.release();
  timerWithRate.end();
  expect(told).toEqual(['run', 'rest', 'run', 'rest', 'end']);
});

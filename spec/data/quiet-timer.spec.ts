import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { QuietTimer } from '../../lib/data/quiet-timer.js';
import { SYSTEM_CLOCK } from '../../lib/net/clock.js';
import { TimerPool } from '../../lib/net/timer-pool.js';

const ms = 1_000;
const onQuiet = vi.fn();
let timers: TimerPool;
let timer: QuietTimer;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onQuiet.mockReset();
  timers = new TimerPool(SYSTEM_CLOCK.now);
  timer = new QuietTimer(timers, ms, onQuiet);
});

afterEach(() => {
  timer.end();
  timers.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** How often it was told, when this time has passed. */
function toldAfter(time: number): number {
  vi.advanceTimersByTime(time);
  return onQuiet.mock.calls.length;
}

describe('a quiet connection', () => {
  it('is told each time it was quiet for so long', () => {
    expect([toldAfter(ms - 1), toldAfter(1), toldAfter(ms - 1), toldAfter(1)]).toEqual([0, 1, 1, 2]);
  });

  it('is quiet for the whole time behind what was heard', () => {
    toldAfter(ms - 1);
    timer.heard();
    expect([toldAfter(ms - 1), toldAfter(1)]).toEqual([0, 1]);
  });

  it('is told of no more at the end', () => {
    timer.end();
    timer.heard();
    expect(toldAfter(10 * ms)).toBe(0);
  });

  it('may be ended by who is told', () => {
    onQuiet.mockImplementation(() => timer.end());
    expect(toldAfter(10 * ms)).toBe(1);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RateTimer } from '../../lib/data/rate-timer.js';

/** 400 bytes in each window. */
const rate = { bytesPerSecond: 100, overMs: 4_000 };
let bytes: number;
let timer: RateTimer;
const onSlow = vi.fn<(moved: number) => void>();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onSlow.mockClear();
  bytes = 1_000;
  timer = new RateTimer(
    rate,
    () => bytes,
    onSlow,
    () => performance.now(),
  );
});

afterEach(() => {
  timer.end();
});

/** What was told, when so many bytes have moved and this time has passed. */
function toldAfter(ms: number, moved = 0): number[] {
  bytes += moved;
  vi.advanceTimersByTime(ms);
  return onSlow.mock.calls.map(([told]) => told);
}

describe('a window of the least rate', () => {
  it('is too slow with one byte too few, which is told once', () => {
    timer.run();
    expect(toldAfter(3_999, 399)).toEqual([]);
    expect(toldAfter(1)).toEqual([399]);
    expect(toldAfter(20_000)).toEqual([399]);
  });

  it('that is fast enough is followed by another, which begins with nothing', () => {
    timer.run();
    expect(toldAfter(4_000, 400)).toEqual([]);
    expect(toldAfter(4_000, 5_000)).toEqual([]);
    expect(toldAfter(3_999, 10)).toEqual([]);
    expect(toldAfter(1)).toEqual([10]);
  });

  it('does not begin before bytes should move', () => {
    expect(toldAfter(20_000)).toEqual([]);
    timer.run();
    expect([toldAfter(3_999), toldAfter(1)]).toEqual([[], [0]]);
  });

  it('goes on behind a rest, in which no time counts', () => {
    timer.run();
    vi.advanceTimersByTime(3_000);
    timer.rest();
    expect(toldAfter(20_000)).toEqual([]);
    timer.run();
    expect([toldAfter(999), toldAfter(1)]).toEqual([[], [0]]);
  });

  it('waits for what is left of it where it rested for a while', () => {
    timer.run();
    vi.advanceTimersByTime(3_000);
    timer.rest();
    vi.advanceTimersByTime(500);
    timer.run();
    expect([toldAfter(999), toldAfter(1)]).toEqual([[], [0]]);
  });

  it('is not made longer by another run or rest', () => {
    timer.run();
    vi.advanceTimersByTime(2_000);
    timer.run();
    vi.advanceTimersByTime(1_000);
    timer.rest();
    timer.rest();
    timer.run();
    expect([toldAfter(999), toldAfter(1)]).toEqual([[], [0]]);
  });

  it('has one timer, and none when the transfer is over', () => {
    timer.run();
    timer.rest();
    timer.run();
    expect(vi.getTimerCount()).toBe(1);
    timer.end();
    expect([vi.getTimerCount(), toldAfter(20_000)]).toEqual([0, []]);
  });
});

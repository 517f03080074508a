import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SYSTEM_CLOCK } from '../../lib/net/clock.js';
import { TimerPool } from '../../lib/net/timer-pool.js';

let timers: TimerPool;

afterEach(() => {
  timers.close();
});

/** A limit of `ms`, and how often it has passed. */
function limitOf(ms: number) {
  const onPassed = vi.fn();
  return { onPassed, limit: timers.start(ms, onPassed) };
}

describe('a time limit', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    timers = new TimerPool(SYSTEM_CLOCK.now);
  });

  it('passes once, when its time is up and not before', () => {
    const { onPassed } = limitOf(1_000);
    vi.advanceTimersByTime(999);
    expect(onPassed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(10_000);
    expect(onPassed).toHaveBeenCalledOnce();
  });

  it('that is stopped does not pass, and its timer has nothing more to tell', () => {
    const { limit, onPassed } = limitOf(1_000);
    timers.stop(limit);
    vi.advanceTimersByTime(10_000);
    expect([onPassed.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('that is refreshed has its whole time again', () => {
    const { limit, onPassed } = limitOf(1_000);
    vi.advanceTimersByTime(999);
    timers.refresh(limit);
    vi.advanceTimersByTime(999);
    expect(onPassed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onPassed).toHaveBeenCalledOnce();
  });

  it.each([
    ['stopped', (): void => undefined],
    ['stopped, and the timer has fired into nothing', (): void => void vi.advanceTimersByTime(5_000)],
  ])('has its whole time where the one before it was %s, and no timer of its own', (_how, meanwhile) => {
    const made = vi.spyOn(globalThis, 'setTimeout');
    const first = limitOf(1_000);
    vi.advanceTimersByTime(600);
    timers.stop(first.limit);
    meanwhile();
    const second = limitOf(1_000);
    vi.advanceTimersByTime(999);
    expect(second.onPassed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect([first.onPassed.mock.calls.length, second.onPassed.mock.calls.length]).toEqual([0, 1]);
    expect(made).toHaveBeenCalledOnce();
  });

  it('has its whole time where the one before it has passed, also when it is started by that', () => {
    const onPassed = vi.fn();
    timers.start(1_000, () => timers.start(1_000, onPassed));
    vi.advanceTimersByTime(1_999);
    expect(onPassed).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onPassed).toHaveBeenCalledOnce();
  });

  it.each(['stopped', 'passed'])('is not touched by one that is %s, whose timer it has', (how) => {
    const old = limitOf(1_000);
    if (how === 'stopped') timers.stop(old.limit);
    else vi.advanceTimersByTime(1_000);
    const { onPassed } = limitOf(1_000);
    vi.advanceTimersByTime(500);
    timers.refresh(old.limit);
    timers.stop(old.limit);
    vi.advanceTimersByTime(500);
    expect(onPassed).toHaveBeenCalledOnce();
  });

  it('runs beside others of the same length', () => {
    const first = limitOf(1_000);
    vi.advanceTimersByTime(500);
    const second = limitOf(1_000);
    vi.advanceTimersByTime(500);
    expect([first.onPassed.mock.calls.length, second.onPassed.mock.calls.length]).toEqual([1, 0]);
    vi.advanceTimersByTime(500);
    expect(second.onPassed).toHaveBeenCalledOnce();
  });

  it('is cleared when it is stopped after the closing, and passes until then', () => {
    const stopped = limitOf(1_000);
    const passing = limitOf(1_000);
    timers.close();
    timers.stop(stopped.limit);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect([stopped.onPassed.mock.calls.length, passing.onPassed.mock.calls.length]).toEqual([0, 1]);
    timers.stop(limitOf(1_000).limit);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('timers that rest', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    timers = new TimerPool(SYSTEM_CLOCK.now);
  });

  it('are two of each length, however many limits ran at once', () => {
    for (const { limit } of Array.from({ length: 100 }, () => limitOf(1_000))) timers.stop(limit);
    expect(vi.getTimerCount()).toBe(2);
  });

  it('serve two limits of one length that run at once, over and over', () => {
    const made = vi.spyOn(globalThis, 'setTimeout');
    for (let round = 0; round < 10; round += 1) {
      const [outer, inner] = [limitOf(1_000), limitOf(1_000)];
      timers.stop(inner.limit);
      timers.stop(outer.limit);
    }
    expect(made).toHaveBeenCalledTimes(2);
  });

  it('are a few in all: who has rested longest goes', () => {
    const limits = Array.from({ length: 100 }, (_, index) => limitOf(1_000 + index));
    for (const { limit } of limits) timers.stop(limit);
    expect(vi.getTimerCount()).toBe(8);
    const made = vi.spyOn(globalThis, 'setTimeout');
    timers.stop(limitOf(1_099).limit);
    expect(made).not.toHaveBeenCalled();
    timers.stop(limitOf(1_000).limit);
    expect(made).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(8);
  });

  it('are none after the closing', () => {
    timers.stop(limitOf(1_000).limit);
    timers.stop(limitOf(2_000).limit);
    timers.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the process', () => {
  const held = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  beforeEach(() => {
    timers = new TimerPool(SYSTEM_CLOCK.now);
  });

  it('is kept alive by a limit that runs, and not by a timer that rests', () => {
    const before = held();
    const first = limitOf(60_000);
    expect(held()).toBe(before + 1);
    timers.stop(first.limit);
    expect(held()).toBe(before);
    const second = limitOf(60_000);
    expect(held()).toBe(before + 1);
    timers.stop(second.limit);
    expect(held()).toBe(before);
  });

  it('is not kept alive by a timer that has fired, and is by the limit that has it next', async () => {
    const before = held();
    await new Promise<void>((resolve) => timers.start(1, resolve));
    expect(held()).toBe(before);
    const { limit } = limitOf(1);
    expect(held()).toBe(before + 1);
    timers.stop(limit);
  });
});

it('goes by the clock that it was given', () => {
  timers = new TimerPool(() => 4_711);
  expect(timers.now()).toBe(4_711);
});

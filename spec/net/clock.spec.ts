import { afterEach, describe, expect, it, vi } from 'vitest';
import { SYSTEM_CLOCK } from '../../lib/net/clock.js';

afterEach(() => vi.useRealTimers());

describe("the system's clock", () => {
  it('tells the time that has passed, the time since 1970, and the date', () => {
    vi.useFakeTimers({ toFake: ['performance', 'Date'], now: new Date('2026-01-03T14:05:00Z') });
    const [now, at] = [SYSTEM_CLOCK.now(), SYSTEM_CLOCK.at()];
    vi.advanceTimersByTime(1_500);
    expect(SYSTEM_CLOCK.now() - now).toBe(1_500);
    expect(SYSTEM_CLOCK.at() - at).toBeCloseTo(1_500, 2);
    expect(SYSTEM_CLOCK.today()).toEqual(new Date('2026-01-03T14:05:01.500Z'));
  });

  it('tells the time since 1970 as Date does, but for what the system has set back since', () => {
    expect(Math.abs(SYSTEM_CLOCK.at() - Date.now())).toBeLessThan(60_000);
  });

  it('keeps the date when the time that has passed stands still', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2020-02-29T00:00:00Z') });
    expect(SYSTEM_CLOCK.today().getUTCFullYear()).toBe(2020);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentRate } from '../../lib/streams/recent-rate.js';

describe('the rate of late', () => {
  it('is that since the beginning, at first', () => {
    const rate = new RecentRate(1_000);
    expect([rate.measure(1_100, 100), rate.measure(2_000, 1_500), rate.measure(5_000, 4_000)]).toEqual([
      1_000, 1_500, 1_000,
    ]);
  });

  it('is 0 until time has passed, and where a clock is set back', () => {
    const rate = new RecentRate(1_000);
    expect([rate.measure(1_000, 100), rate.measure(400, 200)]).toEqual([0, 0]);
    expect(rate.measure(2_000, 200)).toBe(200);
  });

  it('forgets what was more than five seconds ago', () => {
    const rate = new RecentRate(0);
    for (let at = 500; at <= 10_000; at += 500) rate.measure(at, at);
    // From here on a tenth as fast.
    for (let at = 10_500; at < 15_000; at += 500) rate.measure(at, 10_000 + (at - 10_000) / 10);
    expect(rate.measure(15_000, 10_500)).toBe(100);
  });

  it('is measured from the last count where counts are further apart', () => {
    const rate = new RecentRate(0);
    rate.measure(60_000, 60_000);
    expect(rate.measure(120_000, 60_600)).toBe(10);
  });

  it('is 0 when nothing has moved in that time', () => {
    const rate = new RecentRate(0);
    rate.measure(1_000, 500);
    expect(rate.measure(6_000, 500)).toBe(0);
  });

  it('of a steady transfer is its rate, however often it is measured', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 1_000 }), (gaps, bytesPerMs) => {
        const rate = new RecentRate(0);
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          expect(rate.measure(now, now * bytesPerMs)).toBeCloseTo(bytesPerMs * 1000, 3);
        }
      }),
    );
  });
});

import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RoundTrip } from '../../lib/control/round-trip.js';

/** The event loop has waited so long in all. */
function waited(...totals: readonly number[]): void {
  const look = vi.spyOn(performance, 'eventLoopUtilization');
  for (const idle of totals) look.mockReturnValueOnce({ idle, active: 0, utilization: 0 });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the shortest way to the server and back', () => {
  it('is the shortest that was measured; a reply in less than half of it came too soon', () => {
    waited(1_000, 1_120, 2_000, 2_080);
    const roundTrip = new RoundTrip();
    roundTrip.start()();
    roundTrip.start()();
    expect([roundTrip.isTooShort(39), roundTrip.isTooShort(40)]).toEqual([true, false]);
  });

  it('goes by the clock that it is given', () => {
    let idle = 500;
    const roundTrip = new RoundTrip(() => idle);
    const end = roundTrip.start();
    idle += 60;
    end();
    expect([roundTrip.isTooShort(29), roundTrip.isTooShort(30)]).toEqual([true, false]);
  });

  it('can be shorter than it was measured: then a reply was right that came sooner', () => {
    const roundTrip = new RoundTrip();
    roundTrip.measured(100);
    roundTrip.measured(30);
    expect([roundTrip.isTooShort(14), roundTrip.isTooShort(15)]).toEqual([true, false]);
  });

  it('is not told before it was measured, nor on a fast link, nor by a process that was busy all the time', () => {
    waited(500, 500);
    const [unknown, fast, busy] = [new RoundTrip(), new RoundTrip(), new RoundTrip()];
    fast.measured(19);
    busy.start()();
    for (const roundTrip of [unknown, fast, busy]) expect(roundTrip.isTooShort(0)).toBe(false);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HoldTimer } from '../../lib/data/hold-timer.js';
import { FakeSession } from './support/fake-session.js';

const stallTimeoutMs = 8_000;
let session: FakeSession;
let timer: HoldTimer;
const onLate = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onLate.mockClear();
  session = new FakeSession();
  timer = new HoldTimer(session.real, onLate);
});

afterEach(() => {
  timer.end();
  session.channel.timers.close();
});

/** How often it was told, when this time has passed. */
function toldAfter(ms: number): number {
  vi.advanceTimersByTime(ms);
  return onLate.mock.calls.length;
}

describe('a transfer that its user holds', () => {
  it('may be held for ever while nobody waits', () => {
    timer.hold();
    expect(toldAfter(100 * stallTimeoutMs)).toBe(0);
  });

  it('is late when somebody has waited for so long, counted from when he came', () => {
    timer.hold();
    vi.advanceTimersByTime(stallTimeoutMs);
    session.await('transfer');
    expect([toldAfter(stallTimeoutMs - 1), toldAfter(1), toldAfter(10 * stallTimeoutMs)]).toEqual([0, 1, 1]);
  });

  it('counts from the hold where somebody waits already', () => {
    session.await('exclusive');
    vi.advanceTimersByTime(stallTimeoutMs);
    timer.hold();
    expect([toldAfter(stallTimeoutMs - 1), toldAfter(1)]).toEqual([0, 1]);
  });

  it('does not count anew for a second hold, nor for a second who waits', () => {
    timer.hold();
    session.await('transfer');
    vi.advanceTimersByTime(stallTimeoutMs - 1);
    timer.hold();
    session.await('listing');
    expect(session.watchers).toBe(1);
    expect(toldAfter(1)).toBe(1);
  });

  it('counts anew when it is let go in between', () => {
    session.await('transfer');
    timer.hold();
    vi.advanceTimersByTime(stallTimeoutMs - 1);
    timer.release();
    expect([toldAfter(stallTimeoutMs), session.watchers]).toEqual([0, 0]);
    timer.hold();
    expect([toldAfter(stallTimeoutMs - 1), toldAfter(1)]).toEqual([0, 1]);
  });

  it('is not late when those who waited have left; it is when the next one has waited', () => {
    timer.hold();
    session.await('transfer');
    session.nextKind = undefined;
    expect(toldAfter(stallTimeoutMs)).toBe(0);
    session.await('transfer');
    expect([toldAfter(stallTimeoutMs - 1), toldAfter(1)]).toEqual([0, 1]);
  });

  it('cannot be held when it is over', () => {
    session.await('transfer');
    timer.hold();
    timer.end();
    timer.hold();
    expect([toldAfter(10 * stallTimeoutMs), session.watchers]).toEqual([0, 0]);
  });
});

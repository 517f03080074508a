import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MinRate } from '../../lib/control/min-rate.js';
import { Deadlines, type Limited } from '../../lib/data/deadlines.js';
import { FakeSession } from './support/fake-session.js';

const stallTimeoutMs = 8_000;
let session: FakeSession;
let limited: Limited;
let deadlines: Deadlines;
let told: string[];

function begin(minRate: MinRate | false = false): void {
  limited = {
    session: session.real,
    plan: { minRate },
    bytes: 0,
    slow: undefined,
    dispatch: ({ type }) => told.push(type),
  };
  deadlines = new Deadlines(limited);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  session = new FakeSession();
  told = [];
  begin();
});

afterEach(() => {
  deadlines.end();
  session.channel.timers.close();
});

describe('the time of a wait', () => {
  const passed = (): void => void told.push('passed');

  it('passes once', () => {
    deadlines.startWait(1_000, passed);
    vi.advanceTimersByTime(999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(told).toEqual(['passed']);
  });

  it('does not pass when the wait is over, which may be said twice', () => {
    deadlines.startWait(1_000, passed);
    deadlines.endWait();
    deadlines.endWait();
    vi.advanceTimersByTime(2_000);
    expect(told).toEqual([]);
  });

  it('may be followed by another from within', () => {
    deadlines.startWait(1_000, () => deadlines.startWait(500, passed));
    vi.advanceTimersByTime(1_499);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(told).toEqual(['passed']);
  });
});

describe('what may last too long', () => {
  it('is a transfer in which nothing moves', () => {
    deadlines.stall.start();
    vi.advanceTimersByTime(stallTimeoutMs);
    expect(told).toEqual(['stalled']);
  });

  it('is one in which too little moves, where there is a least rate', () => {
    begin({ bytesPerSecond: 1, overMs: 2_000 });
    deadlines.stall.start();
    vi.advanceTimersByTime(2_000);
    expect([told, limited.slow]).toEqual([['stalled'], { moved: 0, rate: { bytesPerSecond: 1, overMs: 2_000 } }]);
  });

  it('is one that its user holds while others wait', () => {
    deadlines.holding.hold();
    session.await('transfer');
    vi.advanceTimersByTime(stallTimeoutMs);
    expect(told).toEqual(['held-too-long']);
  });
});

it('no limit outlives the transfer', () => {
  begin({ bytesPerSecond: 1, overMs: 2_000 });
  session.await('transfer');
  deadlines.startWait(1_000, () => told.push('passed'));
  deadlines.stall.start();
  deadlines.holding.hold();
  deadlines.end();
  vi.advanceTimersByTime(100_000);
  expect([told, session.told, session.watchers]).toEqual([[], [], 0]);
});

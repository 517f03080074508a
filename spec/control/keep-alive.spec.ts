/** The timer alone; spec/client/keep-alive.spec.ts has the NOOPs. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { KeepAlive } from '../../lib/control/keep-alive.js';

const onDue = vi.fn<() => void>();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onDue.mockClear();
});

/** How often it was due, after so many milliseconds more. */
function dueAfter(ms: number): number {
  vi.advanceTimersByTime(ms);
  return onDue.mock.calls.length;
}

describe('a session that is kept alive', () => {
  it('is due once, when it has rested for so long', () => {
    const alive = new KeepAlive(1_000, onDue);
    expect(dueAfter(5_000)).toBe(0);
    alive.rest();
    expect([dueAfter(999), dueAfter(1), dueAfter(5_000)]).toEqual([0, 1, 1]);
    alive.rest();
    expect(dueAfter(1_000)).toBe(2);
  });

  it('counts from its last rest, with one timer', () => {
    const alive = new KeepAlive(1_000, onDue);
    alive.rest();
    vi.advanceTimersByTime(600);
    alive.rest();
    expect(vi.getTimerCount()).toBe(1);
    expect([dueAfter(999), dueAfter(1)]).toEqual([0, 1]);
  });

  it('has no timer when it is stopped, twice or before it has rested, too', () => {
    const alive = new KeepAlive(1_000, onDue);
    alive.stop();
    alive.rest();
    alive.stop();
    alive.stop();
    expect([vi.getTimerCount(), dueAfter(5_000)]).toEqual([0, 0]);
  });

  it('is never due with 0 ms', () => {
    new KeepAlive(0, onDue).rest();
    expect([vi.getTimerCount(), dueAfter(5_000)]).toEqual([0, 0]);
  });

  it('keeps no process alive', () => {
    const started = vi.spyOn(globalThis, 'setTimeout');
    const alive = new KeepAlive(1_000, onDue);
    alive.rest();
    expect((started.mock.results[0]?.value as NodeJS.Timeout).hasRef()).toBe(false);
    alive.stop();
  });
});

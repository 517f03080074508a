import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IdleSessions } from '../../lib/client/idle-sessions.js';
import type { ControlSession } from '../../lib/control/control-session.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

/** A session that notes what is done with it. */
function session() {
  const done: string[] = [];
  const transport = { ref: () => done.push('ref'), unref: () => done.push('unref') };
  const quit = async (): Promise<void> => void done.push('quit');
  return { done, session: { channel: { transport }, quit } as unknown as ControlSession };
}

function idleSessions(idleTimeoutMs: number) {
  const clock = { now: 0 };
  return { clock, idle: new IdleSessions({ idleTimeoutMs, now: () => clock.now }) };
}

describe('the idle sessions', () => {
  it('keep no process alive, until they are given work', () => {
    const { idle, clock } = idleSessions(0);
    const one = session();
    idle.rest(one.session);
    clock.now = 12;
    expect(idle.wake(one.session)).toBe(12);
    expect(idle.wake(one.session)).toBeUndefined();
    expect(one.done).toEqual(['unref', 'ref']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are told to quit after the time', () => {
    const { idle } = idleSessions(1_000);
    const one = session();
    idle.rest(one.session);
    vi.advanceTimersByTime(999);
    expect(one.done).toEqual(['unref']);
    vi.advanceTimersByTime(1);
    expect(one.done).toEqual(['unref', 'quit']);
  });

  it.each(['wake', 'forget'] as const)('are not told after %s', (way) => {
    const { idle } = idleSessions(1_000);
    const one = session();
    idle.rest(one.session);
    idle[way](one.session);
    expect(vi.getTimerCount()).toBe(0);
    idle.forget(one.session);
  });

  it('are idle since before their NOOP, which tells that the server is there', () => {
    const { idle, clock } = idleSessions(1_000);
    const one = session();
    idle.rest(one.session);
    vi.advanceTimersByTime(900);
    clock.now = 900;
    idle.rest(one.session);
    clock.now = 950;
    vi.advanceTimersByTime(100);
    expect(one.done).toEqual(['unref', 'unref', 'quit']);
    expect(idle.wake(one.session)).toBe(50);
  });
});

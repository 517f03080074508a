import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Cancellation } from '../../lib/net/cancellation.js';
import { DeadlinePassed, withDeadline } from '../../lib/net/deadline.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

/** Work that ends when it is told to. */
const untilAborted = (signal: Cancellation): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason));
  });

/** Of work that ends in time, or with an error. */
const kept = (): void => {
  throw new Error('discarded');
};

describe('withDeadline', () => {
  it('gives what the work gives, and leaves neither timer nor listener', async () => {
    const outer = new AbortController();
    let inner: Cancellation | undefined;
    const work = async (signal: Cancellation): Promise<string> => {
      inner = signal;
      return 'done';
    };
    expect(await withDeadline(1_000, outer.signal, work, kept)).toBe('done');
    expect(vi.getTimerCount()).toBe(0);
    outer.abort();
    expect(inner?.aborted).toBe(false);
  });

  it('passes on what the work throws', async () => {
    const failure = new Error('no');
    await expect(withDeadline(1_000, undefined, () => Promise.reject(failure), kept)).rejects.toBe(failure);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells the work when the time is up, not before', async () => {
    let inner: Cancellation | undefined;
    const running = withDeadline(
      1_000,
      undefined,
      (signal) => {
        inner = signal;
        return untilAborted(signal);
      },
      kept,
    );
    const failed = running.catch((error: unknown) => error);
    vi.advanceTimersByTime(999);
    expect(inner?.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await failed).toBeInstanceOf(DeadlinePassed);
  });

  it("tells the work when the caller's signal aborts, also when it has already", async () => {
    const reason = new Error('enough');
    const outer = new AbortController();
    const running = withDeadline(1_000, outer.signal, untilAborted, kept);
    outer.abort(reason);
    await expect(running).rejects.toBe(reason);
    await expect(withDeadline(1_000, outer.signal, untilAborted, kept)).rejects.toBe(reason);
  });

  it('does not wait for work that does not end when it is told to, and leaves no listener', async () => {
    const outer = new AbortController();
    const removed = vi.spyOn(outer.signal, 'removeEventListener');
    const running = withDeadline(1_000, outer.signal, () => new Promise<never>(() => {}), kept);
    const failed = running.catch((error: unknown) => error);
    vi.advanceTimersByTime(1_000);
    expect(await failed).toBeInstanceOf(DeadlinePassed);
    expect(vi.getTimerCount()).toBe(0);
    expect(removed).toHaveBeenCalledOnce();
  });

  it('discards a result that comes too late, and ignores an error that does', async () => {
    const reason = new Error('enough');
    const discarded = vi.fn();
    let finish = (_result: string): void => {};
    const work = (): Promise<string> =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const outer = new AbortController();
    const running = withDeadline(1_000, outer.signal, work, discarded);
    outer.abort(reason);
    await expect(running).rejects.toBe(reason);
    finish('late');
    await vi.waitFor(() => expect(discarded).toHaveBeenCalledExactlyOnceWith('late'));
    const failing = withDeadline(1_000, outer.signal, () => Promise.reject(new Error('late')), discarded);
    await expect(failing).rejects.toBe(reason);
    expect(discarded).toHaveBeenCalledOnce();
  });
});

import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lane, type LeaseKind } from '../../lib/control/lane.js';
import { LeaseRunner } from '../../lib/control/lease-runner.js';
import type { WorkEnd } from '../../lib/control/task-runner.js';
import { FtpConnectionError, FtpTransferError } from '../../lib/errors.js';
import type { Cancellation } from '../../lib/net/cancellation.js';

const cause = new FtpConnectionError('broken off', { channel: 'data', phase: 'abort' });

/** A runner whose work is under way until the spec ends it by name; everything that happens is in `log`. */
class Watched {
  readonly log: string[] = [];
  readonly errors = new Map<string, unknown>();
  /** Called at each grant. */
  onStart = (): void => {};
  /** What must be over before work begins. */
  settle = (): Promise<void> | undefined => undefined;
  readonly lane = new Lane(() => this.log.push('free'));
  readonly runner = new LeaseRunner({
    lane: this.lane,
    settle: () => this.settle(),
    abortTimeoutMs: 1000,
    onStart: () => this.onStart(),
    onCancel: () => this.log.push('cancelled'),
    onOverdue: () => this.log.push('overdue'),
  });
  readonly #under = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();

  start(name: string, kind: LeaseKind = 'exclusive', failsFirst = false): () => void {
    const work = (signal: Cancellation): Promise<void> => {
      this.log.push(`${name} begins`);
      signal.addEventListener('abort', () => this.log.push(`${name} is told`));
      return new Promise((resolve, reject) => this.#under.set(name, { resolve, reject }));
    };
    const ended = (end: WorkEnd): void => {
      this.log.push(`${name} ended`);
      this.errors.set(name, end?.error);
    };
    return this.runner.start(kind, work, ended, failsFirst);
  }

  async end(name: string, error?: Error): Promise<void> {
    const under = this.#under.get(name);
    if (error === undefined) under?.resolve();
    else under?.reject(error);
    await nextTurn();
  }
}

describe('LeaseRunner', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[LeaseKind]>([
    ['exclusive'],
    ['transfer'],
    ['listing'],
    [{ bytes: 10 }],
  ])('begins no %j in the turn of who asks for it: who leaves at once has sent nothing', async (kind) => {
    const at = new Watched();
    at.start('a', kind)();
    expect(at.lane.idle).toBe(true);
    at.start('b', kind);
    expect(at.log).toEqual(['free']);
    await nextTurn();
    await at.end('b');
    expect(at.log).toEqual(['free', 'b begins', 'free', 'b ended']);
    expect(at.errors.get('b')).toBe(undefined);
  });

  it('ends at once what is broken off, or closed, at the news of its grant', async () => {
    const at = new Watched();
    at.onStart = () => at.runner.interrupt(cause);
    at.start('a', 'transfer');
    expect(at.errors.get('a')).toMatchObject({ bytes: 0, cause });
    let closed: Promise<void> | undefined;
    at.onStart = () => {
      closed = at.runner.close(cause);
    };
    at.start('b');
    await closed;
    await nextTurn();
    expect(at.errors.get('b')).toBe(cause);
    expect(at.log).toEqual(['free', 'a ended', 'b ended', 'free']);
  });

  it('begins what is asked for at the news of a grant after what was granted', async () => {
    const at = new Watched();
    at.lane.window.limits = { commands: 2, bytes: 100 };
    at.onStart = () => {
      at.onStart = () => {};
      at.start('b', { bytes: 10 });
    };
    at.start('a', { bytes: 10 });
    await nextTurn();
    expect(at.log).toEqual(['a begins', 'b begins']);
    await at.end('a');
    await at.end('b');
  });

  it('gives the lane on before it tells how work ended', async () => {
    const at = new Watched();
    at.start('a');
    at.start('b');
    await nextTurn();
    const failure = new Error('a failed');
    await at.end('a', failure);
    expect(at.log).toEqual(['a begins', 'free', 'a ended', 'b begins']);
    expect(at.errors.get('a')).toBe(failure);
    await at.end('b');
  });

  it('tells the failure of work that may keep its place before it gives the lane on, and its success after that', async () => {
    const at = new Watched();
    at.start('a', 'exclusive', true);
    await nextTurn();
    await at.end('a', new Error('a failed'));
    at.start('b', 'exclusive', true);
    await nextTurn();
    await at.end('b');
    expect(at.log).toEqual(['a begins', 'a ended', 'free', 'b begins', 'free', 'b ended']);
  });

  it('tells nobody who has left how it ended, and keeps the lane until it has', async () => {
    const at = new Watched();
    const leave = at.start('a');
    await nextTurn();
    leave();
    leave();
    expect(at.lane.idle).toBe(false);
    await nextTurn();
    await at.end('a');
    expect(at.log).toEqual(['a begins', 'a is told', 'cancelled', 'free']);
    leave();
  });

  it('breaks off the transfer that runs, and not those that come after it, begun or not', async () => {
    const at = new Watched();
    at.start('a', 'transfer');
    at.start('b', 'transfer');
    at.runner.interrupt(cause);
    expect(at.errors.get('a')).toBeInstanceOf(FtpTransferError);
    expect(at.errors.get('a')).toMatchObject({ bytes: 0, cause });
    await nextTurn();
    expect(at.log).toEqual(['free', 'a ended', 'b begins']);
    at.runner.interrupt(cause);
    expect(at.log.at(-1)).toBe('b is told');
    await at.end('b', cause);
    expect(at.errors.get('b')).toBe(cause);
  });

  it('gives the connection up when what was cancelled is not in step in time', async () => {
    const at = new Watched();
    const leave = at.start('a');
    await nextTurn();
    leave();
    vi.advanceTimersByTime(999);
    expect(at.log).not.toContain('overdue');
    vi.advanceTimersByTime(1);
    expect(at.log).toContain('overdue');
    await at.end('a');
  });

  it('has one time limit for an abort that its work has begun and its subscriber leaves', async () => {
    const at = new Watched();
    const leave = at.start('a', 'transfer');
    await nextTurn();
    at.runner.limitAbort();
    vi.advanceTimersByTime(600);
    leave();
    at.runner.limitAbort();
    expect(vi.getTimerCount()).toBe(1);
    await nextTurn();
    expect(at.log).toEqual(['a begins', 'a is told', 'cancelled']);
    vi.advanceTimersByTime(399);
    expect(at.log).not.toContain('overdue');
    vi.advanceTimersByTime(1);
    expect(at.log).toContain('overdue');
    await at.end('a');
    vi.advanceTimersByTime(10_000);
    expect(at.log.filter((entry) => entry === 'overdue')).toHaveLength(1);
  });

  it.each([
    ['exclusive'],
    ['transfer'],
    ['listing'],
  ] as const)('gives the next work its whole time behind an abort of %s that was in step in time', async (kind) => {
    const at = new Watched();
    at.start('a', kind);
    await nextTurn();
    at.runner.limitAbort();
    await at.end('a');
    expect(vi.getTimerCount()).toBe(0);
    at.start('b', 'transfer');
    await nextTurn();
    expect(vi.getTimerCount()).toBe(0);
    await at.end('b');
    expect(at.log).not.toContain('overdue');
  });

  it('has no limit for what work does behind its abort, and a whole one when its subscriber leaves then', async () => {
    const at = new Watched();
    const leave = at.start('a', 'transfer');
    await nextTurn();
    at.runner.endAbort();
    at.runner.limitAbort();
    vi.advanceTimersByTime(999);
    at.runner.endAbort();
    at.runner.endAbort();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(10_000);
    leave();
    at.runner.endAbort();
    vi.advanceTimersByTime(999);
    expect(at.log).not.toContain('overdue');
    vi.advanceTimersByTime(1);
    expect(at.log).toContain('overdue');
    await at.end('a');
  });

  it('does not limit commands of a window, which have limits of their own', async () => {
    const at = new Watched();
    at.start('a', { bytes: 10 });
    await nextTurn();
    at.runner.limitAbort();
    expect(vi.getTimerCount()).toBe(0);
    await at.end('a');
  });

  it('closes when all that runs is in step: what has not begun is at once', async () => {
    const at = new Watched();
    at.start('a');
    await nextTurn();
    at.start('b');
    const closed = at.runner.close(cause).then(() => at.log.push('closed'));
    expect(at.errors.get('a')).toBe(cause);
    expect(at.errors.get('b')).toMatchObject({ cause });
    await nextTurn();
    expect(at.log).not.toContain('closed');
    await at.end('a');
    await closed;

    const idle = new Watched();
    idle.start('c');
    await idle.runner.close(cause);
    expect(idle.log).toEqual(['c ended', 'free']);
    expect(idle.errors.get('c')).toBe(cause);
  });
});

/** What is counted as an operation, and what is let in while the last ones end. */
import { describe, expect, it, vi } from 'vitest';
import { Draining } from '../../lib/client/draining.js';
import type { LeaseHost, LeaseTask, WorkEnd } from '../../lib/control/lease-host.js';
import { FtpConnectionError, FtpUsageError } from '../../lib/index.js';

/** A host whose tasks end when the spec says so. */
class ManualHost implements LeaseHost {
  readonly tasks: { ended: (end: WorkEnd) => void; cancelled: boolean }[] = [];
  readonly interrupt = vi.fn();

  start(_task: LeaseTask, ended: (end: WorkEnd) => void): () => void {
    const task = { ended, cancelled: false };
    this.tasks.push(task);
    return () => {
      task.cancelled = true;
    };
  }
}

const task: LeaseTask = { kind: 'exclusive', work: async () => {} };

function open(isSource?: () => boolean) {
  const host = new ManualHost();
  const draining = new Draining(host, 'Closed: make another one.', isSource);
  const ends: WorkEnd[] = [];
  const start = () => draining.start(task, (end) => ends.push(end));
  const drained = vi.fn();
  const drain = (): Promise<void> => draining.drain().then(drained);
  return { host, draining, ends, start, drained, drain };
}

describe('operations that are let finish', () => {
  it('are those that were asked for before, however they end', async () => {
    const { host, ends, start, drained, drain } = open();
    start();
    start();
    const cancel = start();
    const done = drain();
    host.tasks[0]?.ended(undefined);
    const error = new Error('lost');
    host.tasks[1]?.ended({ error });
    await Promise.resolve();
    expect(drained).not.toHaveBeenCalled();
    cancel();
    await done;
    expect(ends).toEqual([undefined, { error }]);
    expect(host.tasks[2]?.cancelled).toBe(true);
  });

  it('may have another one as their source', async () => {
    let asksSource = false;
    const { host, ends, start, drained, drain } = open(() => asksSource);
    start();
    const done = drain();
    asksSource = true;
    start();
    asksSource = false;
    start();
    expect([host.tasks.length, ends.length]).toEqual([2, 1]);
    host.tasks[0]?.ended(undefined);
    await Promise.resolve();
    expect(drained).not.toHaveBeenCalled();
    host.tasks[1]?.ended(undefined);
    await done;
  });

  it('may be none', async () => {
    await expect(open().drain()).resolves.toBeUndefined();
  });

  it('are waited for by all that drain', async () => {
    const { host, start, drain, drained } = open();
    start();
    const both = [drain(), drain()];
    host.tasks[0]?.ended(undefined);
    await Promise.all(both);
    expect(drained).toHaveBeenCalledTimes(2);
  });

  it('include one that the host ends before it has returned', async () => {
    const host: LeaseHost = {
      start: (_task, ended) => {
        ended(undefined);
        return () => {};
      },
      interrupt: () => {},
    };
    const draining = new Draining(host, 'Closed.');
    const ended = vi.fn();
    draining.start(task, ended);
    await draining.drain();
    expect(ended).toHaveBeenCalledExactlyOnceWith(undefined);
  });
});

describe('operations that come later', () => {
  it('are refused at once, with nothing started', () => {
    const { host, draining, ends, start } = open();
    draining.refuse();
    start()();
    expect(host.tasks).toHaveLength(0);
    expect(ends).toMatchObject([{ error: { message: 'Closed: make another one.', outcome: 'none' } }]);
    expect(ends[0]?.error).toBeInstanceOf(FtpUsageError);
  });

  it('break nothing off that still runs', async () => {
    const { host, draining, start, drain } = open();
    const reason = new FtpConnectionError('broken off', { channel: 'data', phase: 'abort' });
    draining.interrupt(reason);
    expect(host.interrupt).toHaveBeenCalledExactlyOnceWith(reason);
    start();
    const done = drain();
    draining.interrupt(reason);
    expect(host.interrupt).toHaveBeenCalledOnce();
    host.tasks[0]?.ended(undefined);
    await done;
  });
});

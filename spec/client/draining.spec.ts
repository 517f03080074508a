/** Checks the count of operations, and the admission of later ones while the last ones end. */
import { describe, expect, it, vi } from 'vitest';
import { Draining } from '../../lib/client/draining.js';
import type { LeaseTask, TaskRunner, WorkEnd } from '../../lib/control/task-runner.js';
import { FtpConnectionError, FtpUsageError } from '../../lib/index.js';

/** A runner whose tasks end when the spec says so. */
class ManualRunner implements TaskRunner {
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
  const runner = new ManualRunner();
  const draining = new Draining(runner, 'Closed: make another one.', isSource);
  const ends: WorkEnd[] = [];
  const start = () => draining.start(task, (end) => ends.push(end));
  const drained = vi.fn();
  const drain = (): Promise<void> => draining.drain().then(drained);
  return { runner, draining, ends, start, drained, drain };
}

it('an operation that has ended is not cancelled by the end of its subscription', () => {
  const { runner, start } = open();
  const cancel = start();
  runner.tasks[0]?.ended(undefined);
  cancel();
  expect(runner.tasks[0]?.cancelled).toBe(false);
});

describe('operations that are let finish', () => {
  it('are those that were asked for before, however they end', async () => {
    const { runner, ends, start, drained, drain } = open();
    start();
    start();
    const cancel = start();
    const done = drain();
    runner.tasks[0]?.ended(undefined);
    const error = new Error('lost');
    runner.tasks[1]?.ended({ error });
    await Promise.resolve();
    expect(drained).not.toHaveBeenCalled();
    cancel();
    await done;
    expect(ends).toEqual([undefined, { error }]);
    expect(runner.tasks[2]?.cancelled).toBe(true);
  });

  it('may have another one as their source', async () => {
    let asksSource = false;
    const { runner, ends, start, drained, drain } = open(() => asksSource);
    start();
    const done = drain();
    asksSource = true;
    start();
    asksSource = false;
    start();
    expect([runner.tasks.length, ends.length]).toEqual([2, 1]);
    runner.tasks[0]?.ended(undefined);
    await Promise.resolve();
    expect(drained).not.toHaveBeenCalled();
    runner.tasks[1]?.ended(undefined);
    await done;
  });

  it('may be none', async () => {
    await expect(open().drain()).resolves.toBeUndefined();
  });

  it('are waited for by all that drain', async () => {
    const { runner, start, drain, drained } = open();
    start();
    const both = [drain(), drain()];
    runner.tasks[0]?.ended(undefined);
    await Promise.all(both);
    expect(drained).toHaveBeenCalledTimes(2);
  });

  it('include one that the runner ends before it has returned', async () => {
    const runner: TaskRunner = {
      start: (_task, ended) => {
        ended(undefined);
        return () => {};
      },
      interrupt: () => {},
    };
    const draining = new Draining(runner, 'Closed.');
    const ended = vi.fn();
    draining.start(task, ended);
    await draining.drain();
    expect(ended).toHaveBeenCalledExactlyOnceWith(undefined);
  });
});

describe('larger work', () => {
  it('is waited for until its end', async () => {
    const { draining, drain, drained } = open();
    const end = draining.hold();
    const other = draining.hold();
    const done = drain();
    end();
    end();
    await Promise.resolve();
    expect(drained).not.toHaveBeenCalled();
    other();
    await done;
  });

  it('may undo what it has done, and no more, while other operations are refused', async () => {
    const { runner, draining, ends, start, drain } = open();
    const end = draining.hold();
    const done = drain();
    expect(draining.undo(() => typeof start())).toBe('function');
    expect([runner.tasks.length, ends.length]).toEqual([1, 0]);
    start();
    expect([runner.tasks.length, ends.length]).toEqual([1, 1]);
    end();
    runner.tasks[0]?.ended(undefined);
    await done;
  });

  it('admits no operation that a user asks for while one of its own starts', () => {
    const { runner, draining, ends, start } = open();
    draining.refuse();
    const startTask = runner.start.bind(runner);
    runner.start = (...asked) => {
      runner.start = startTask;
      start();
      return startTask(...asked);
    };
    draining.undo(() => {
      start();
      expect([runner.tasks.length, ends.length]).toEqual([1, 1]);
      start();
    });
    expect([runner.tasks.length, ends.length]).toEqual([2, 1]);
  });

  it('may fail to undo it', () => {
    const { runner, draining, start } = open();
    draining.refuse();
    const fail = (): void => {
      throw new Error('no');
    };
    expect(() => draining.undo(fail)).toThrow('no');
    start();
    expect(runner.tasks).toEqual([]);
  });
});

describe('operations that come later', () => {
  it('are refused at once, with nothing started', () => {
    const { runner, draining, ends, start } = open();
    draining.refuse();
    start()();
    expect(runner.tasks).toHaveLength(0);
    expect(ends).toMatchObject([{ error: { message: 'Closed: make another one.', outcome: 'none' } }]);
    expect(ends[0]?.error).toBeInstanceOf(FtpUsageError);
  });

  it('break nothing off that still runs', async () => {
    const { runner, draining, start, drain } = open();
    const reason = new FtpConnectionError('broken off', { channel: 'data', phase: 'abort' });
    draining.interrupt(reason);
    expect(runner.interrupt).toHaveBeenCalledExactlyOnceWith(reason);
    start();
    const done = drain();
    draining.interrupt(reason);
    expect(runner.interrupt).toHaveBeenCalledOnce();
    runner.tasks[0]?.ended(undefined);
    await done;
  });
});

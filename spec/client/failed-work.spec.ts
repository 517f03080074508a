import { describe, expect, it } from 'vitest';
import { AskedWork } from '../../lib/client/asked-work.js';
import { FailedWork } from '../../lib/client/failed-work.js';
import type { LeaseTask, WorkEnd } from '../../lib/control/task-runner.js';
import { WantedState } from '../../lib/control/user-state.js';
import { FtpConnectionError, FtpTransferError } from '../../lib/errors.js';

const state = new WantedState(true).current;
const other = { ...state };
const lost = new FtpConnectionError('Lost.', {
  channel: 'control',
  phase: 'command',
  command: 'STOR a',
  outcome: 'none',
});
const failure = { error: lost };

interface Stage {
  readonly failed: FailedWork;
  /** The work that waits for a session again. */
  readonly queue: AskedWork[];
  readonly log: string[];
  readonly ask: (task?: Partial<LeaseTask>) => { readonly work: AskedWork; readonly told: WorkEnd[] };
}

/** The state is that of each work's turn, unless `current` is another. */
function stage(current = state): Stage {
  const queue: AskedWork[] = [];
  const log: string[] = [];
  const failed = new FailedWork({
    keepsOrder: true,
    isChange: () => false,
    current: () => current,
    putBack: (work) => queue.push(work),
    dispatch: () => log.push('dispatch'),
  });
  const ask: Stage['ask'] = (task = {}) => {
    const told: WorkEnd[] = [];
    const full: LeaseTask = { kind: 'transfer', work: async () => {}, ...task };
    const work = new AskedWork({ task: full, order: 1, feeds: undefined, ended: (end) => told.push(end) });
    work.state = state;
    return { work, told };
  };
  return { failed, queue, log, ask };
}

/** The task has another try each time; `start` begins the last one that was asked for. */
function again(onNews = (): void => {}): { readonly task: Partial<LeaseTask>; readonly start: () => void } {
  let start = (): void => {};
  const task: Partial<LeaseTask> = {
    again: (_error, begin) => {
      start = begin;
      onNews();
      return () => {};
    },
  };
  return { task, start: () => start() };
}

describe('the end of a try', () => {
  it('is that of the work where nothing has failed, or there is no other try', () => {
    const { failed, queue, ask } = stage();
    const [good, bad] = [ask(), ask()];
    failed.ended(good.work, undefined, false);
    failed.ended(bad.work, failure, false);
    expect([good.told, bad.told, queue]).toEqual([[undefined], [failure], []]);
  });

  it('lets the work start over once, before its task is asked', () => {
    const { failed, queue, log, ask } = stage();
    const { work, told } = ask();
    failed.ended(work, failure, true);
    expect([queue, log, told, work.lost]).toEqual([[work], ['dispatch'], [], lost]);
    failed.ended(work, failure, true);
    expect([queue.length, told]).toEqual([1, [failure]]);
  });

  it('lets the work rest, which then waits for a session', () => {
    const { failed, queue, log, ask } = stage();
    const { task, start } = again();
    const { work, told } = ask(task);
    failed.ended(work, failure, false);
    expect([failed.isEmpty, failed.holdsUp(ask().work), queue]).toEqual([false, false, []]);
    start();
    expect([failed.isEmpty, queue, log, told]).toEqual([true, [work], ['dispatch'], []]);
  });

  it('is that of the work where its state was changed meanwhile', () => {
    const { failed, ask } = stage(other);
    const { work, told } = ask(again().task);
    failed.ended(work, failure, false);
    expect([failed.isEmpty, told]).toEqual([true, [failure]]);
  });

  it('is the error that the user’s `when` throws', () => {
    const { failed, ask } = stage();
    const thrown = new Error('of the user');
    const { work, told } = ask({
      again: () => {
        throw thrown;
      },
    });
    failed.ended(work, failure, false);
    expect(told).toEqual([{ error: thrown }]);
  });

  it('tells nothing where the subscriber leaves at the news of another try', () => {
    const { failed, ask } = stage();
    const { work, told } = ask(again(() => work.leave()).task);
    failed.ended(work, failure, false);
    expect([failed.isEmpty, told]).toEqual([true, []]);
  });

  it('is that of the work where the client is closed at the news', () => {
    const { failed, ask } = stage();
    const { work, told } = ask(again(() => failed.close()).task);
    failed.ended(work, failure, false);
    expect([failed.isEmpty, told]).toEqual([true, [failure]]);
  });
});

describe('failed work', () => {
  it('whose session was lost before it began waits again, and uses up nothing', () => {
    const { failed, queue, ask } = stage();
    const { work } = ask();
    failed.putBack(work, lost);
    expect([queue, work.lost, work.startedOver]).toEqual([[work], lost, false]);
  });

  it('without a session ends, unless a login counts as its try', () => {
    const { failed, ask } = stage();
    const [ends, rests] = [ask(again().task), ask({ ...again().task, countsLogins: true })];
    failed.refuse([ends.work, rests.work], lost);
    expect([ends.told, rests.told, failed.isEmpty]).toEqual([[failure], [], false]);
  });

  it('is removed while it rests', () => {
    const { failed, ask } = stage();
    const { work } = ask(again().task);
    failed.ended(work, failure, false);
    expect([failed.remove(work), failed.remove(work), failed.isEmpty]).toEqual([true, false, true]);
  });

  it('is broken off, a transfer alone, and other work may start', () => {
    const { failed, log, ask } = stage();
    const [transfer, plain] = [ask(again().task), ask({ ...again().task, kind: 'exclusive' })];
    for (const { work } of [transfer, plain]) failed.ended(work, failure, false);
    const reason = new FtpConnectionError('ABOR.', { channel: 'control', phase: 'abort' });
    failed.interrupt(reason);
    failed.interrupt(reason);
    expect(transfer.told).toMatchObject([{ error: { cause: reason, command: 'STOR a', outcome: 'none' } }]);
    expect(transfer.told[0]?.error).toBeInstanceOf(FtpTransferError);
    expect([plain.told, log]).toEqual([[], ['dispatch']]);
  });

  it('ends with the client, and is not tried again from then on', () => {
    const { failed, queue, ask } = stage();
    const [rests, late] = [ask(again().task), ask(again().task)];
    failed.ended(rests.work, failure, false);
    failed.close();
    expect(rests.told).toMatchObject([{ error: { phase: 'close', cause: lost } }]);
    failed.ended(late.work, failure, true);
    expect([late.told, queue]).toEqual([[failure], []]);
  });
});

import { describe, expect, it } from 'vitest';
import { AskedWork } from '../../lib/client/asked-work.js';
import type { LeaseTask, WorkEnd } from '../../lib/control/task-runner.js';
import { WantedState } from '../../lib/control/user-state.js';

function asked(task: Partial<LeaseTask> = {}): { readonly work: AskedWork; readonly told: WorkEnd[] } {
  const told: WorkEnd[] = [];
  const work = new AskedWork({
    task: { kind: 'exclusive', work: async () => {}, ...task },
    order: 1,
    feeds: undefined,
    ended: (end) => told.push(end),
  });
  return { work, told };
}

const state = new WantedState(true).current;
const other = { ...state };

describe('work that was asked for', () => {
  it.each<WorkEnd>([undefined, { error: 'no' }])('tells its end once: %o', (end) => {
    const { work, told } = asked();
    work.end(end);
    work.end({ error: 'later' });
    expect([work.isOver, told]).toEqual([true, [end]]);
  });

  it('tells nothing once its subscriber has left', () => {
    const { work, told } = asked();
    work.leave();
    work.end(undefined);
    expect([work.isOver, told]).toEqual([true, []]);
  });

  it('is taken from its session, also where the subscriber left as it was given', () => {
    const taken: string[] = [];
    const { work } = asked();
    work.cancel();
    work.given(() => taken.push('running'));
    expect(taken).toEqual([]);
    work.cancel();
    const left = asked().work;
    left.leave();
    left.given(() => taken.push('left'));
    expect(taken).toEqual(['running', 'left']);
  });

  it('keeps the error of its last try', () => {
    const { work } = asked();
    expect(work.lost).toBeUndefined();
    work.waitsAgain('first');
    work.waitsAgain('second');
    expect(work.lost).toBe('second');
  });

  it('starts over once, and not when it is over', () => {
    const { work } = asked();
    expect([work.startedOver, work.startOver(), work.startedOver, work.startOver()]).toEqual([
      false,
      true,
      true,
      false,
    ]);
    const left = asked().work;
    left.leave();
    expect([left.startOver(), left.startedOver]).toEqual([false, false]);
  });

  it('is outdated where the state of its turn was changed, unless its path is absolute', () => {
    const { work } = asked();
    expect(work.isOutdated(other)).toBe(false);
    work.state = state;
    expect([work.isOutdated(state), work.isOutdated(other)]).toEqual([false, true]);
    const absolute = asked({ inAnyDirectory: true }).work;
    absolute.state = state;
    expect(absolute.isOutdated(other)).toBe(false);
  });
});

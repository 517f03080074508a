import { describe, expect, it } from 'vitest';
import { brokenOffAtRest, notRepeated, type OrderedWork, RestingWork } from '../../lib/client/resting-work.js';
import { FtpConnectionError } from '../../lib/errors.js';

interface Asked extends OrderedWork {
  readonly changes: boolean;
  readonly start: () => void;
  readonly stopped: () => number;
}

/** Work that wants to rest after each failure. */
function asked(order: number, changes = false): Asked {
  let start = (): void => {};
  let stopped = 0;
  const again = (_error: unknown, then: () => void) => {
    start = then;
    return () => {
      stopped += 1;
    };
  };
  const task = { kind: 'exclusive', work: async () => {}, again } as const;
  return { order, changes, task, start: () => start(), stopped: () => stopped };
}

function restingWork(keepsOrder = false): { readonly resting: RestingWork<Asked>; readonly rested: Asked[] } {
  const rested: Asked[] = [];
  const onRested = (work: Asked): void => void rested.push(work);
  return { resting: new RestingWork({ keepsOrder, isChange: ({ changes }) => changes, onRested }), rested };
}

describe('resting work', () => {
  it('rests where its task wants that, until it is started', () => {
    const { resting, rested } = restingWork();
    const work = asked(1);
    expect(resting.add(work, new Error('no'))).toBe(true);
    expect([resting.isEmpty, rested]).toEqual([false, []]);
    work.start();
    expect([resting.isEmpty, rested]).toEqual([true, [work]]);
    expect(resting.remove(work)).toBe(false);
  });

  it('does not rest where its task has no more tries, or none of this kind', () => {
    const { resting } = restingWork();
    const { task } = asked(1);
    expect(resting.add({ ...asked(1), task: { ...task, again: () => undefined } }, new Error('no'))).toBe(false);
    expect(resting.add({ ...asked(1), task: { kind: { bytes: 1 }, work: task.work } }, new Error('no'))).toBe(false);
    expect(resting.isEmpty).toBe(true);
  });

  it('is taken out with its wait ended, one or all', () => {
    const { resting } = restingWork();
    const all = [asked(1), asked(2), asked(3)];
    for (const work of all) resting.add(work, undefined);
    expect(resting.remove(all[1] as Asked)).toBe(true);
    expect(resting.clear()).toEqual([all[0], all[2]]);
    expect(all.map(({ stopped }) => stopped())).toEqual([1, 1, 1]);
  });

  it('is taken out, transfers and listings alone', () => {
    const { resting } = restingWork();
    const [plain, listing] = [asked(1), asked(2)];
    const listed = { ...listing, task: { ...listing.task, kind: 'listing' } } as const;
    for (const work of [plain, listed]) resting.add(work, undefined);
    expect(resting.clear('transfers')).toEqual([listed]);
    expect(resting.remove(plain)).toBe(true);
  });

  it.each([
    { rests: asked(2), later: asked(3), keepsOrder: false, holds: false },
    { rests: asked(2), later: asked(3), keepsOrder: true, holds: true },
    { rests: asked(2, true), later: asked(3), keepsOrder: false, holds: true },
    { rests: asked(2), later: asked(3, true), keepsOrder: false, holds: true },
    { rests: asked(2, true), later: asked(1), keepsOrder: true, holds: false },
  ])('holds up later work where that would change its meaning: case $#', ({ rests, later, keepsOrder, holds }) => {
    const { resting } = restingWork(keepsOrder);
    resting.add(rests, undefined);
    expect(resting.holdsUp(later)).toBe(holds);
  });

  it('that was refused by the end of its client says what its last try may have done', () => {
    const cause = new FtpConnectionError('Lost.', {
      channel: 'control',
      phase: 'command',
      bytes: 7,
      outcome: 'refused',
    });
    expect(notRepeated(cause)).toMatchObject({ phase: 'close', bytes: 7, outcome: 'refused', cause, transient: false });
    expect(notRepeated(undefined)).toMatchObject({ outcome: 'unknown' });
    const reason = new FtpConnectionError('broken off', { channel: 'data', phase: 'abort' });
    expect(brokenOffAtRest(cause, reason)).toMatchObject({
      bytes: 7,
      outcome: 'refused',
      transient: false,
      cause: reason,
    });
  });
});

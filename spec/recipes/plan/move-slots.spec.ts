/** Checks that no more work runs than there are slots, and that every end of work frees its slot. */
import { EMPTY, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { MoveSlots } from '../../../lib/recipes/plan/move-slots.js';

/** Works that tell which of them were subscribed. */
function works(slots: MoveSlots) {
  const begun: string[] = [];
  const run = (name: string, work$: Observable<unknown>) => {
    const values: unknown[] = [];
    const running = slots
      .run(
        new Observable((subscriber) => {
          begun.push(name);
          return work$.subscribe(subscriber);
        }),
      )
      .subscribe({ next: (value) => values.push(value), error: (error) => values.push(error) });
    return { values, running };
  };
  return { begun, run };
}

describe('MoveSlots', () => {
  it('run as many works as there are slots, and the others in their order', () => {
    const { begun, run } = works(new MoveSlots(2));
    const first = new Subject();
    const second = new Subject();
    run('a', first);
    run('b', second);
    run('c', NEVER);
    run('d', NEVER);
    expect(begun).toEqual(['a', 'b']);
    second.complete();
    expect(begun).toEqual(['a', 'b', 'c']);
    first.complete();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([
    ['completes', EMPTY],
    ['fails', throwError(() => new Error('no'))],
    ['emits and completes at once', of(1)],
  ])('free the slot of work that %s', (_how, work$) => {
    const { begun, run } = works(new MoveSlots(1));
    run('a', work$);
    run('b', work$);
    expect(begun).toEqual(['a', 'b']);
  });

  it('free the slot of work that is unsubscribed, and forget work that was left before its turn', () => {
    const { begun, run } = works(new MoveSlots(1));
    const { running } = run('a', NEVER);
    const waiting = run('b', NEVER);
    run('c', NEVER);
    waiting.running.unsubscribe();
    running.unsubscribe();
    expect(begun).toEqual(['a', 'c']);
  });

  it('hand on values and errors', () => {
    const { run } = works(new MoveSlots(1));
    const error = new Error('no');
    expect(run('a', of(1, 2)).values).toEqual([1, 2]);
    expect(
      run(
        'b',
        throwError(() => error),
      ).values,
    ).toEqual([error]);
  });
});

/** Asynchronous work, and the Observable that follows from it. */
import { lastValueFrom, of, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { afterwards$ } from '../../../lib/recipes/plan/afterwards.js';

const no = new Error('no');

describe('what comes after work', () => {
  it('is made of its result', async () => {
    const values$ = afterwards$(
      async () => 1,
      (one) => of(one, one + 1),
    );
    expect(await lastValueFrom(values$.pipe(toArray()))).toEqual([1, 2]);
    expect(await lastValueFrom(values$)).toBe(2);
  });

  it.each([
    ['the work', afterwards$(() => Promise.reject(no), of)],
    [
      'what follows',
      afterwards$(
        async () => 1,
        () => throwError(() => no),
      ),
    ],
    [
      'its making',
      afterwards$(
        async () => 1,
        () => {
          throw no;
        },
      ),
    ],
  ])('is the error of %s', async (_what, failing$) => {
    await expect(lastValueFrom(failing$)).rejects.toBe(no);
  });

  it('is not begun when it was unsubscribed before', async () => {
    let isBegun = false;
    const running = afterwards$(
      async () => 1,
      (one) => {
        isBegun = true;
        return of(one);
      },
    ).subscribe();
    running.unsubscribe();
    await new Promise(setImmediate);
    expect(isBegun).toBe(false);
  });
});

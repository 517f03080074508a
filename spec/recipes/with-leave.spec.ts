/** Work that ends its questions when it is left. */
import { EMPTY, NEVER, Observable, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Leave, withLeave } from '../../lib/recipes/with-leave.js';

const no = new Error('no');

describe('work that may be left', () => {
  it.each([
    ['the last value', of(1, 2), 2],
    ['nothing, of an empty answer', EMPTY, undefined],
  ])('has %s', async (_what, answer$, expected) => {
    expect(await new Leave().last<number>(answer$)).toBe(expected);
  });

  it('has the error of its question', async () => {
    await expect(new Leave().last(throwError(() => no))).rejects.toBe(no);
  });

  it('ends its question, and begins none any more, when it is left', async () => {
    const leave = new Leave();
    let asking = 0;
    const question$ = new Observable((subscriber) => {
      asking += 1;
      subscriber.add(() => (asking -= 1));
    });
    const answers = [leave.last(question$), leave.last(question$)];
    expect(asking).toBe(2);
    leave.throwIfAborted();
    leave.leave();
    expect(asking).toBe(0);
    for (const answer of answers) await expect(answer).rejects.toThrow('was left');
    await expect(leave.last(question$)).rejects.toThrow('was left');
    expect(asking).toBe(0);
    expect(() => leave.throwIfAborted()).toThrow('was left');
  });
});

describe('an Observable of such work', () => {
  it('emits its result, or its error', async () => {
    const seen: unknown[] = [];
    const observer = { next: (value: unknown) => seen.push(value), error: (error: unknown) => seen.push(error) };
    withLeave(async () => 1).subscribe({ ...observer, complete: () => seen.push('complete') });
    withLeave(() => Promise.reject(no)).subscribe(observer);
    await new Promise(setImmediate);
    expect(seen).toEqual([1, 'complete', no]);
  });

  it.each(['resolves', 'rejects'])('drops what comes after it was unsubscribed (%s)', async (how) => {
    let isLeft = false;
    const running = withLeave(async (leave) => {
      await leave.last(NEVER).catch(() => undefined);
      isLeft = true;
      if (how === 'rejects') throw no;
    }).subscribe(() => expect.unreachable());
    running.unsubscribe();
    await new Promise(setImmediate);
    expect(isLeft).toBe(true);
  });
});

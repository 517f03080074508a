/** Exact times, asked ahead for the small files of a plan. */
import { NEVER, Observable, of, tap, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { FtpOperations } from '../../../lib/client/ftp-operations.js';
import { FtpConnectionError, FtpReplyError } from '../../../lib/errors.js';
import type { PlanStep } from '../../../lib/recipes/plan/plan.js';
import { RoughTimes } from '../../../lib/recipes/plan/rough-times.js';
import { RemoteTree } from '../../../lib/recipes/tree/remote-tree.js';

const TOLD = '2024-05-06T07:08:00.000Z';
const EXACT = new Date('2024-05-06T07:08:09Z');

function rough(path: string, bytes = 10): PlanStep {
  return { do: 'copy', path, bytes, because: 'it is new', modified: TOLD, rough: true };
}

const small = Array.from({ length: 100 }, (_, index) => rough(`f${index}`));

/** Times of a server that answers `mdtm$` by `answer`, and what it was asked for. */
function timesOf(steps: readonly PlanStep[], answer: (asked: number) => Observable<Date> = () => of(EXACT)) {
  const asked: string[] = [];
  let left = 0;
  const mdtm$: FtpOperations['mdtm$'] = (path) =>
    new Observable((subscriber) => {
      asked.push(path);
      let isLeft = true;
      subscriber.add(
        answer(asked.length)
          .pipe(tap({ complete: () => (isLeft = false), error: () => (isLeft = false) }))
          .subscribe(subscriber),
      );
      return () => {
        if (isLeft) left += 1;
      };
    });
  const over = new AbortController();
  const tree = new RemoteTree({ side: 'remote', ftp: { mdtm$ } as FtpOperations, directory: '/t' });
  const times = new RoughTimes(tree, steps, over.signal);
  const exact = (step: PlanStep | undefined) => times.exact(step as PlanStep);
  return { asked, exact, over, left: () => left };
}

const lost = (): Observable<Date> =>
  throwError(() => new FtpConnectionError('lost', { channel: 'control', phase: 'command', transient: true }));

const refusal = (): Observable<Date> =>
  throwError(
    () =>
      new FtpReplyError('no', {
        command: 'MDTM',
        reply: { code: 550, class: 5, text: 'No.', lines: ['550 No.'] } as never,
        transient: false,
        outcome: 'refused',
      }),
  );

describe('the exact times of a plan', () => {
  it('are asked 32 at a time, each once', async () => {
    const { asked, exact } = timesOf(small);
    expect(await exact(small[0])).toEqual(EXACT);
    expect(asked).toEqual(small.slice(0, 32).map(({ path }) => `/t/${path}`));
    for (const step of small.slice(1)) expect(await exact(step)).toEqual(EXACT);
    expect(asked).toEqual(small.map(({ path }) => `/t/${path}`));
  });

  it('are asked in the order of the steps, where these begin in another', async () => {
    const { asked, exact } = timesOf(small);
    for (const index of [3, 0, 33, 2, 32, 1, 31]) expect(await exact(small[index])).toEqual(EXACT);
    expect(asked).toHaveLength(64);
  });

  it('are asked of no files that come behind a mebibyte', async () => {
    const steps = [rough('a'), rough('big', 1024 * 1024), rough('b'), rough('c')];
    const { asked, exact } = timesOf(steps);
    await exact(steps[0]);
    expect(asked).toEqual(['/t/a', '/t/big']);
    await exact(steps[2]);
    expect(asked).toEqual(['/t/a', '/t/big', '/t/b', '/t/c']);
  });

  it('are not asked where the listing tells them, nor of what is no file to copy', async () => {
    const told: PlanStep = { do: 'copy', path: 'told', because: 'it is new', modified: TOLD };
    const steps: PlanStep[] = [told, { do: 'mkdir', path: 'd', because: 'it is new' }, rough('a')];
    const { asked, exact } = timesOf(steps);
    expect(await exact(told)).toEqual(new Date(TOLD));
    expect(asked).toEqual([]);
    await exact(steps[2]);
    expect(asked).toEqual(['/t/a']);
  });

  it('are those of the listing, where the server refuses to tell them', async () => {
    const { asked, exact } = timesOf(small.slice(0, 2), refusal);
    expect(await exact(small[0])).toEqual(new Date(TOLD));
    expect(await exact(small[1])).toEqual(new Date(TOLD));
    expect(asked).toHaveLength(2);
  });

  it('are asked once more where a question that was asked ahead has failed', async () => {
    const { asked, exact } = timesOf(small.slice(0, 2), (count) => (count <= 2 ? lost() : of(EXACT)));
    expect(await exact(small[1])).toEqual(EXACT);
    expect(asked).toEqual(['/t/f0', '/t/f1', '/t/f1']);
  });

  it('fail their own step alone', async () => {
    const { exact } = timesOf(small.slice(0, 2), (count) => (count <= 3 ? lost() : of(EXACT)));
    await expect(exact(small[0])).rejects.toThrow('lost');
    expect(await exact(small[1])).toEqual(EXACT);
  });

  it('are not asked any more when the run is over', async () => {
    const { exact, over, left } = timesOf(small.slice(0, 2), () => NEVER);
    const asked = exact(small[0]);
    over.abort();
    expect(left()).toBe(2);
    await expect(asked).rejects.toThrow('aborted');
  });
});

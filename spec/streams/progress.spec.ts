import { from, lastValueFrom, map, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { progress } from '../../lib/streams/progress.js';
import { ProgressMeter } from '../../lib/streams/progress-meter.js';
import { marbles } from './support/marbles.js';

describe('progress', () => {
  it('reports at most once an interval, and at the end', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a 99ms a 99ms a 299ms |', { a: new Uint8Array(100) });
      const reports$ = source.pipe(progress({ intervalMs: 150, total: 300 }));
      const moving = { attempt: 1, total: 300, done: false, verified: false };
      expectObservable(reports$).toBe('200ms a 299ms (b|)', {
        a: { ...moving, bytes: 300, elapsedMs: 200, bytesPerSecond: 1500 },
        b: {
          attempt: 1,
          total: 300,
          bytes: 300,
          elapsedMs: 500,
          bytesPerSecond: 600,
          done: true,
          verified: true,
          verifiedBy: 'size',
        },
      });
      expectSubscriptions(source.subscriptions).toBe('^ 499ms !');
    });
  });

  it('measures each subscription from its own beginning', () => {
    marbles(({ cold, expectObservable }) => {
      const elapsed$ = cold('--a|', { a: new Uint8Array(1) }).pipe(
        progress(),
        map(({ elapsedMs }) => elapsedMs),
      );
      expectObservable(elapsed$).toBe('---(a|)', { a: 3 });
      expectObservable(elapsed$, '-----^').toBe('--------(a|)', { a: 3 });
    });
  });

  it('passes errors on without a last report, and unsubscribes', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const a = new Uint8Array(1);
      expectObservable(cold('-a#', { a }).pipe(progress())).toBe('--#');
      const left = cold('-a-a-', { a });
      expectObservable(left.pipe(progress()), '^---!').toBe('----');
      expectSubscriptions(left.subscriptions).toBe('^---!');
    });
  });

  it('reports an empty source', async () => {
    const expected = { bytes: 0, done: true, verified: false, bytesPerSecond: 0 };
    expect(await lastValueFrom(of<Uint8Array>().pipe(progress()))).toMatchObject(expected);
  });

  it('counts bytes, text, numbers and finished transfers', async () => {
    const unfinished = { bytes: 1000, elapsedMs: 0, bytesPerSecond: 0, done: false, verified: false };
    const finished = { ...unfinished, done: true };
    const values$ = from([new Uint8Array(1), '€', 10, unfinished, finished, {}, null, undefined]);
    const bytes$ = values$.pipe(
      progress({ intervalMs: 0 }),
      map(({ bytes }) => bytes),
      toArray(),
    );
    expect(await lastValueFrom(bytes$)).toEqual([1, 4, 14, 14, 1014, 1014, 1014, 1014, 1014]);
  });

  it('counts what it is told to', async () => {
    const bytes$ = of({ size: 3 }, { size: 4 }).pipe(progress({ bytesOf: ({ size }) => size }));
    expect(await lastValueFrom(bytes$)).toMatchObject({ bytes: 7 });
  });

  it('says unverified when the count is not the total', async () => {
    expect(await lastValueFrom(of(3).pipe(progress({ total: 4 })))).toMatchObject({ verified: false, total: 4 });
  });
});

describe('ProgressMeter', () => {
  it('names the path and survives a clock that is set back', () => {
    let now = 1000;
    const meter = new ProgressMeter({ path: '/a', attempt: 3, now: () => now });
    now = 400;
    expect(meter.add(5)).toBeUndefined();
    expect(meter.done('SHA-256')).toEqual({
      path: '/a',
      attempt: 3,
      bytes: 5,
      elapsedMs: 0,
      bytesPerSecond: 0,
      done: true,
      verified: true,
      verifiedBy: 'SHA-256',
    });
  });
});

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
        a: { ...moving, bytes: 300, elapsedMs: 200, bytesPerSecond: 1500, etaMs: 0 },
        b: {
          attempt: 1,
          total: 300,
          bytes: 300,
          elapsedMs: 500,
          bytesPerSecond: 600,
          etaMs: 0,
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

describe('the time left', () => {
  /** Reports of a meter whose clock the spec turns: at each moment so many bytes have come. */
  function reports(total: number | undefined, moments: readonly (readonly [now: number, bytes: number])[]) {
    let now = 0;
    const meter = new ProgressMeter({ total: () => total, intervalMs: 0, now: () => now });
    return moments.map(([at, bytes]) => {
      now = at;
      return meter.add(bytes)?.etaMs;
    });
  }

  it('follows from the total and the rate of late', () => {
    const etas = reports(10_000, [
      [1_000, 1_000],
      [2_000, 1_000],
      [4_000, 1_000],
    ]);
    expect(etas).toEqual([9_000, 8_000, 9_333]);
  });

  it('is that of a link that has become slower, and not of the average', () => {
    const fast = Array.from({ length: 10 }, (_, index) => [1_000 * (index + 1), 1_000] as const);
    const slow = Array.from({ length: 5 }, (_, index) => [10_000 + 1_000 * (index + 1), 100] as const);
    expect(reports(20_000, [...fast, ...slow]).at(-1)).toBe(95_000);
  });

  it.each([
    ['without a total', undefined, [[1_000, 5]], [undefined]],
    ['before time has passed', 10, [[0, 5]], [undefined]],
    [
      'where nothing has moved of late',
      10,
      [
        [1_000, 5],
        [7_000, 0],
      ],
      [1_000, undefined],
    ],
  ] as const)('is not known %s', (_when, total, moments, etas) => {
    expect(reports(total, moments)).toEqual(etas);
  });

  it('is 0 where more has come than was to come, and when all is done', () => {
    expect(reports(10, [[1_000, 20]])).toEqual([0]);
    const meter = new ProgressMeter({ now: () => 0 });
    expect(meter.done(undefined)).toMatchObject({ etaMs: 0 });
  });
});

describe('ProgressMeter', () => {
  it('names the path and survives a clock that is set back', () => {
    let now = 1000;
    const meter = new ProgressMeter({ path: '/a', tried: () => ({ attempt: 3 }), now: () => now });
    now = 400;
    expect(meter.add(5)).toBeUndefined();
    expect(meter.done('SHA-256')).toEqual({
      path: '/a',
      attempt: 3,
      bytes: 5,
      elapsedMs: 0,
      bytesPerSecond: 0,
      etaMs: 0,
      done: true,
      verified: true,
      verifiedBy: 'SHA-256',
    });
  });
});

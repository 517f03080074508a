import { EMPTY, type Observable, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { deferFlow } from '../../lib/streams/flow.js';
import type { Gate } from '../../lib/streams/gate.js';
import { paced } from '../../lib/streams/paced.js';
import { marbles } from './support/marbles.js';

describe('paced', () => {
  it('runs one at a time, in order, by default', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('ab|');
      const inner = cold('--x|');
      expectObservable(source.pipe(paced(() => inner))).toBe('--x--x|');
      expectSubscriptions(source.subscriptions).toBe('^-!');
      expectSubscriptions(inner.subscriptions).toBe(['^--!', '---^--!']);
    });
  });

  it('runs as many at a time as it is told, and names their index', () => {
    marbles(({ cold, expectObservable }) => {
      const results$ = cold('abc|').pipe(paced((value, index) => cold('---(x|)', { x: `${value}${index}` }), 2));
      expectObservable(results$).toBe('---xy-(z|)', { x: 'a0', y: 'b1', z: 'c2' });
    });
  });

  it('completes with an empty source, and when nothing comes of a value', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('--|').pipe(paced(() => of(1)))).toBe('--|');
      expectObservable(cold('ab-|').pipe(paced(() => EMPTY))).toBe('---|');
    });
  });

  it('errors with the first error of source, inner or projection, and unsubscribes the others', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-#');
      const inner = cold('------');
      expectObservable(source.pipe(paced(() => inner))).toBe('--#');
      expectSubscriptions(inner.subscriptions).toBe('^-!');
      expectObservable(cold('a--').pipe(paced(() => throwError(() => 'error')))).toBe('#');
      const throwing = paced(() => {
        throw 'error';
      });
      expectObservable(cold('-a--').pipe(throwing)).toBe('-#');
    });
  });

  it('unsubscribes everything', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('a-----');
      const inner = cold('------');
      expectObservable(source.pipe(paced(() => inner)), '^--!').toBe('---');
      expectSubscriptions(source.subscriptions).toBe('^--!');
      expectSubscriptions(inner.subscriptions).toBe('^--!');
    });
  });

  it('holds the source while there is no room, and lets go at the end', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const gates: Gate[] = [];
      const flow = deferFlow((gate) => {
        gates.push(gate);
        return cold('ab---c|') as Observable<string>;
      });
      const held: string[] = [];
      const probe = cold('0123456789').subscribe((at) => held.push(gates[0]?.held ? at : '-'));
      expectObservable(flow.pipe(paced(() => cold('---|'), 2))).toBe('--------|');
      flush();
      probe.unsubscribe();
      // Two run from frame 1 until the first completes in frame 3, each after the probe's turn; the third finds room.
      expect(held.join('')).toBe('--23------');
    });
  });

  it('lets go when it is unsubscribed', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const gates: Gate[] = [];
      const flow = deferFlow((gate) => {
        gates.push(gate);
        return cold('a---') as Observable<string>;
      });
      expectObservable(flow.pipe(paced(() => cold('----'))), '^-!').toBe('--');
      cold('-x').subscribe(() => expect(gates[0]?.held).toBe(true));
      flush();
      expect(gates.map(({ held }) => held)).toEqual([false]);
    });
  });

  it.each([0, -1, Number.NaN])('refuses a concurrency of %s', (concurrency) => {
    expect(() => paced(() => EMPTY, concurrency)).toThrow(FtpUsageError);
  });
});

import { firstValueFrom, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { collectBytes } from '../../lib/streams/collect-bytes.js';
import { bytesOf, marbles, textOf } from './support/marbles.js';

const text = collectBytes();

describe('collectBytes', () => {
  it('emits everything as one piece at completion', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-|', { a: bytesOf('ab'), b: bytesOf('c') });
      expectObservable(source.pipe(text)).toBe('-----(c|)', { c: bytesOf('abc') });
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
  });

  it('emits an empty array for nothing, passes errors on without a value, and unsubscribes', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      expectObservable(cold<Uint8Array>('|').pipe(text)).toBe('(e|)', { e: new Uint8Array(0) });
      expectObservable(cold('-a-#', { a: bytesOf('a') }).pipe(text)).toBe('---#');
      const left = cold('-a----', { a: bytesOf('a') });
      expectObservable(left.pipe(text), '^--!').toBe('---');
      expectSubscriptions(left.subscriptions).toBe('^--!');
    });
  });

  it('starts afresh for each subscription', async () => {
    const whole$ = of(bytesOf('ab'), bytesOf('c')).pipe(collectBytes());
    expect(textOf(await firstValueFrom(whole$))).toBe('abc');
    expect(textOf(await firstValueFrom(whole$))).toBe('abc');
  });
});

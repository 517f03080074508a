import { firstValueFrom, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { digest } from '../../lib/streams/digest.js';
import { bytesOf, marbles } from './support/marbles.js';

describe('digest', () => {
  it('emits the checksum at completion', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-|', { a: bytesOf('a'), b: bytesOf('bc') });
      expectObservable(source.pipe(digest('md5'))).toBe('-----(h|)', { h: '900150983cd24fb0d6963f7d28e17f72' });
      expectSubscriptions(source.subscriptions).toBe('^----!');
    });
  });

  it('emits that of nothing, passes errors on and unsubscribes', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const h = 'd41d8cd98f00b204e9800998ecf8427e';
      expectObservable(cold<Uint8Array>('|').pipe(digest('md5'))).toBe('(h|)', { h });
      expectObservable(cold<Uint8Array>('-#').pipe(digest('md5'))).toBe('-#');
      const left = cold<Uint8Array>('------');
      expectObservable(left.pipe(digest('md5')), '^--!').toBe('---');
      expectSubscriptions(left.subscriptions).toBe('^--!');
    });
  });

  it('starts afresh for each subscription', async () => {
    const digest$ = of(bytesOf('abc')).pipe(digest('md5'));
    expect(await firstValueFrom(digest$)).toBe(await firstValueFrom(digest$));
  });

  it('refuses an unknown algorithm at once', () => {
    expect(() => digest('rot13')).toThrow(FtpUsageError);
  });
});

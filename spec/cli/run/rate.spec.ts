import { describe, expect, it } from 'vitest';
import { rateOf } from '../../../lib/cli/run/rate.js';

describe('a rate', () => {
  it.each([
    [undefined, undefined],
    ['100', 100],
    ['1.5k', 1536],
    ['2M', 2 * 1024 * 1024],
    ['1G', 1024 ** 3],
  ])('%j is %j', (value, rate) => {
    expect(rateOf(value)).toBe(rate);
  });

  it.each(['', '0', '-1', '1T', 'fast', '1 K', '1e9', '.5'])('is not %j', (value) => {
    expect(() => rateOf(value)).toThrow('--limit-rate');
  });
});

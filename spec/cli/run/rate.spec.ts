import { describe, expect, it } from 'vitest';
import { rateOf } from '../../../lib/cli/run/rate.js';
import { slowed } from '../../../lib/cli/run/slow-uploads.js';

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

describe('a slowed source', () => {
  it('gives the same bytes, in slices of a tenth of a second', async () => {
    const source = (async function* () {
      yield Uint8Array.from([1, 2, 3]);
      yield new Uint8Array(0);
      yield Uint8Array.from([4, 5, 6, 7, 8]);
    })();
    const slices: number[][] = [];
    for await (const slice of slowed(source, 20_000 / 1000)) slices.push([...slice]);
    expect(slices.flat()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(slices.every(({ length }) => length <= 2)).toBe(true);
  });
});

/** The values of `--segments`. */
import { describe, expect, it } from 'vitest';
import { segmentsOf } from '../../../lib/cli/session/segments.js';

describe('--segments', () => {
  it.each([
    [undefined, undefined],
    ['1', 1],
    ['64', 64],
  ])('takes %j', (value, count) => {
    expect(segmentsOf(value)).toBe(count);
  });

  it.each(['', '0', '65', '-1', '1.5', '4x', '1e1', true])('refuses %j', (value) => {
    expect(() => segmentsOf(value)).toThrow('The option --segments takes a number from 1 to 64.');
  });
});

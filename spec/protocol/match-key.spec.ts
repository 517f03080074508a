import { describe, expect, it } from 'vitest';
import { matchesKey } from '../../lib/protocol/match-key.js';

describe('matchesKey', () => {
  it.each([
    ['UNIX.mode=1', 0, 'unix.mode', true],
    ['a;Size=1', 2, 'size', true],
    ['a;Size=1', 1, 'size', false],
    ['siz', 0, 'size', false],
    ['[ize', 0, '{ize', false],
  ])('%j at %i: %s', (line, start, key, matches) => {
    expect(matchesKey(line, start, key)).toBe(matches);
  });
});

import { describe, expect, it } from 'vitest';
import { codecFor } from '../../../lib/client/codec.js';
import { hasControl, mayBeMisread } from '../../../lib/client/operations/misread-path.js';
import type { FtpDefaults } from '../../../lib/client/options.js';

const rot = { encode: (text: string) => Buffer.from(text.replaceAll('ж', '*')), decode: () => '' };

describe('mayBeMisread', () => {
  it.each(['a b', '*', 'a?', '[x]', '{a}', '~', 'a\\b', '\t'])('is true for %j in any encoding', (path) => {
    for (const encoding of ['utf8', 'latin1', 'shift_jis']) expect(mayBeMisread(path, codecFor(encoding))).toBe(true);
  });

  it.each<[encoding: FtpDefaults['encoding'], path: string, expected: boolean]>([
    ['utf8', 'ソ', false],
    ['utf8', '/dir/a-b.txt', false],
    ['latin1', 'é', false],
    ['windows-1251', 'мир', false],
    // 83 5C, 83 5B and 83 7B, 83 7D: a backslash, a bracket, braces.
    ['shift_jis', 'ソ', true],
    ['shift_jis', 'ゼ', true],
    ['shift_jis', 'ボ', true],
    ['shift_jis', 'マ', true],
    ['shift_jis', 'ア', false],
    // A5 5C.
    ['big5', '功', true],
    // 8F 5C, and 81 30 84 36 with nothing but digits.
    ['gbk', '廫', true],
    ['gbk', '中', false],
    ['gb18030', '¡', false],
    [rot, 'ж', true],
    [rot, 'a', false],
  ])('in %s, %s: %s', (encoding, path, expected) => {
    expect(mayBeMisread(path, codecFor(encoding))).toBe(expected);
  });
});

it('hasControl sees control characters only', () => {
  expect(hasControl('a b[ソ]')).toBe(false);
  expect(hasControl('a\tb')).toBe(true);
});

import { expect, it } from 'vitest';
import { isSecondChoice } from '../../../lib/protocol/charset/second-choice.js';

it.each<[encoding: string, sequence: number, expected: boolean]>([
  ['shift_jis', 0xed40, true],
  ['shift_jis', 0xeefc, true],
  ['shift_jis', 0xfa5c, false],
  ['shift_jis', 0x8790, false],
  ['big5', 0x8862, true],
  ['big5', 0xa0fe, true],
  ['big5', 0xa140, false],
  ['big5', 0xa2a4, true],
  ['big5', 0xf9f9, false],
  ['big5', 0x80, false],
  ['gb18030', 0x80, true],
  ['gb18030', 0xa2e3, false],
  ['gbk', 0x80, false],
  ['euc-kr', 0xa1a1, false],
])('%s %i: %s', (encoding, sequence, expected) => {
  expect(isSecondChoice(encoding, sequence)).toBe(expected);
});

import { describe, expect, it } from 'vitest';
import { Columns } from '../../../lib/protocol/listing/columns.js';
import { unixDateAt } from '../../../lib/protocol/listing/unix-date.js';
import { meridiemOf, wordsBehindTime } from '../../../lib/protocol/listing/words-behind-time.js';

/** What is behind the date that `text` begins with: kinds, and how many rows are needed. */
function found(text: string): string {
  const columns = new Columns(16).split(text);
  const date = unixDateAt(columns, 0);
  if (date === undefined) return 'no date';
  return wordsBehindTime(columns, date.words, date)
    .map(({ kind, neededRows }) => `${kind} ${neededRows}`)
    .join(', ');
}

describe('wordsBehindTime', () => {
  it.each([
    ['Nov 20 11:05 a', ''],
    ['Nov 20 11:05 AM a', 'meridiem 3'],
    ['Nov 20 13:05 PM a', ''],
    ['Nov 20 11:05 CET a', 'zone 3'],
    ['Nov 20 11:05 +0200 a', 'zone 4'],
    ['Nov 20 11:05 -03:30 a', 'zone 4'],
    ['Nov 20 11:05 2024 a', ''],
    ['Nov 20 11:05 CET 2024 a', 'zone 3, year 3'],
    ['Nov 20 11:05:06 2024 a', 'year 1'],
    ['Nov 20 11:05:06 2024 UTC a', 'year 1, zone 3'],
    ['Nov 20 11:05:06 2024 +0200 a', 'year 1, zone 4'],
    ['Nov 20 11:05:06 CET a', 'zone 1'],
    ['Nov 20 11:05:06 CET 2024 a', 'zone 1, year 1'],
    ['Nov 20 11:05:06 HKT 2024 a', 'zone 3, year 3'],
    ['Nov 20 11:05:06 HKT a', ''],
    ['Nov 20 11:05:06 AM CET 2024 a', 'meridiem 3, zone 3, year 3'],
    ['Nov 20 11:05:06 CET AM a', 'zone 1'],
    ['Nov 20 11:05:06 CET', ''],
    ['Nov 20 11:05:06 CET 2024', 'zone 1'],
    ['Nov 20 11:05:06  CET a', ''],
  ])('finds in "%s": %s', (text, words) => {
    expect(found(text)).toBe(words);
  });
});

describe('meridiemOf', () => {
  it.each([
    ['AM', 'A'],
    ['p.m.', 'P'],
    ['a', undefined],
    ['AMX', undefined],
  ])('%s is %s', (text, letter) => {
    expect(meridiemOf(text)).toBe(letter);
  });
});

import { describe, expect, it } from 'vitest';
import { MarkGaps } from '../../../lib/protocol/listing/mark-gaps.js';

/** The length of a mark, and the blanks behind it. */
type Mark = readonly [length: number, gap: number];

const DIR = 5;
const JUNCTION = 10;

function gapsOf(marks: readonly Mark[]): readonly number[] {
  const gaps = new MarkGaps();
  for (const [length, gap] of marks) gaps.learn(0, length, gap);
  gaps.decide();
  return marks.map(([length, gap]) => gaps.before(length, gap));
}

describe('MarkGaps', () => {
  it.each<[string, readonly Mark[], readonly number[]]>([
    ['one row', [[DIR, 10]], [10]],
    [
      'the least of all rows, since more is of the name',
      [
        [DIR, 11],
        [DIR, 10],
      ],
      [10, 10],
    ],
    [
      'marks padded to one width',
      [
        [DIR, 10],
        [JUNCTION, 5],
        [DIR, 11],
      ],
      [10, 5, 10],
    ],
    [
      'marks padded to the longest of them and a blank',
      [
        [DIR, 6],
        [JUNCTION, 1],
      ],
      [6, 1],
    ],
    [
      'one blank behind each mark',
      [
        [JUNCTION, 1],
        [DIR, 1],
        [DIR, 2],
      ],
      [1, 1, 1],
    ],
    [
      'two blanks behind each mark',
      [
        [DIR, 2],
        [JUNCTION, 2],
        [JUNCTION, 3],
      ],
      [2, 2, 2],
    ],
  ])('counts the blanks before a name: %s', (_, marks, expected) => {
    expect(gapsOf(marks)).toEqual(expected);
  });

  it('is decided by one blank behind a short mark, and by nothing else', () => {
    const gaps = new MarkGaps();
    expect(gaps.isDecided).toBe(true);
    expect(gaps.learn(0, JUNCTION, 1)).toBe(true);
    expect(gaps.learn(0, DIR, 6)).toBe(true);
    expect(gaps.isDecided).toBe(false);
    expect(gaps.learn(0, DIR, 1)).toBe(false);
    expect(gaps.isDecided).toBe(true);
    expect(gaps.learn(0, JUNCTION, 5)).toBe(false);
  });

  it.each<[string, readonly (readonly [start: number, ...Mark])[], number | undefined]>([
    ['no row', [], undefined],
    [
      'marks padded as by dir',
      [
        [24, DIR, 11],
        [24, JUNCTION, 5],
      ],
      39,
    ],
    ['another width', [[24, DIR, 2]], undefined],
    [
      'marks in two columns',
      [
        [24, DIR, 10],
        [25, DIR, 10],
      ],
      undefined,
    ],
  ])('shows the column of names: %s', (_title, marks, column) => {
    const gaps = new MarkGaps();
    for (const mark of marks) gaps.learn(...mark);
    expect(gaps.nameColumn).toBe(column);
  });
});

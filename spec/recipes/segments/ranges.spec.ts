/** Ranges of a file: none is lost, and none is downloaded twice. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  LEAST_RANGE_BYTES,
  missingRanges,
  type Range,
  rangesBefore,
  shareOut,
  splitTail,
  TAIL_BYTES,
} from '../../../lib/recipes/segments/ranges.js';

const SIZE = 1000;
const ranges = (size: number): fc.Arbitrary<Range[]> =>
  fc.array(
    fc
      .tuple(fc.nat(size), fc.nat(size))
      .map(([one, other]) => ({ start: Math.min(one, other), end: Math.max(one, other) })),
    { maxLength: 12 },
  );

/** Each byte's number of ranges. */
function counts(size: number, all: readonly Range[]): number[] {
  const found = new Array<number>(size).fill(0);
  for (const { start, end } of all) for (let at = start; at < end; at += 1) found[at] = (found[at] ?? 0) + 1;
  return found;
}

describe('the missing ranges', () => {
  it.each<[readonly Range[], readonly Range[]]>([
    [[], [{ start: 0, end: SIZE }]],
    [[{ start: 0, end: SIZE }], []],
    [
      [{ start: 10, end: 20 }],
      [
        { start: 0, end: 10 },
        { start: 20, end: SIZE },
      ],
    ],
    [
      [
        { start: 0, end: 10 },
        { start: 5, end: 900 },
      ],
      [{ start: 900, end: SIZE }],
    ],
  ])('without %j are %j', (finished, missing) => {
    expect(missingRanges(SIZE, finished)).toEqual(missing);
  });

  it('have each byte once that is in no finished one, and no other', () => {
    fc.assert(
      fc.property(ranges(SIZE), (finished) => {
        const covered = counts(SIZE, finished);
        expect(counts(SIZE, missingRanges(SIZE, finished))).toEqual(covered.map((count) => (count === 0 ? 1 : 0)));
      }),
    );
  });
});

describe('the ranges before an offset', () => {
  it('have no byte behind it, and each one before', () => {
    fc.assert(
      fc.property(ranges(SIZE), fc.nat(SIZE), (all, end) => {
        const before = counts(SIZE, all).map((count, at) => (at < end ? count : 0));
        expect(counts(SIZE, rangesBefore(all, end))).toEqual(before);
      }),
    );
  });
});

describe('ranges that are shared out', () => {
  it('are the same bytes in the same order, and long enough', () => {
    const size = 64 * LEAST_RANGE_BYTES;
    fc.assert(
      fc.property(ranges(size), fc.integer({ min: 1, max: 64 }), (finished, parts) => {
        const missing = missingRanges(size, finished);
        const pieces = splitTail(shareOut(missing, parts), size);
        expect(bytesOf(pieces)).toBe(bytesOf(missing));
        expect(missingRanges(size, pieces)).toEqual(missingRanges(size, missing));
        for (const { start, end } of pieces) expect(end).toBeGreaterThan(start);
        expect(pieces.length).toBeLessThanOrEqual(parts + missing.length + 1);
      }),
    );
  });

  it.each([
    [1, [8]],
    [2, [4, 4]],
    [3, [2.7, 2.7, 2.7]],
    [100, [1, 1, 1, 1, 1, 1, 1, 1]],
  ])('by %i have about these MiB: %j', (parts, lengths) => {
    const pieces = shareOut([{ start: 0, end: 8 * LEAST_RANGE_BYTES }], parts);
    expect(pieces.map(({ start, end }) => Math.round((10 * (end - start)) / LEAST_RANGE_BYTES) / 10)).toEqual(lengths);
  });
});

describe('the end of the file', () => {
  it.each<[Range, readonly Range[]]>([
    [{ start: 0, end: SIZE }, [{ start: 0, end: SIZE }]],
    [
      { start: 0, end: 10 * TAIL_BYTES },
      [
        { start: 0, end: 9 * TAIL_BYTES },
        { start: 9 * TAIL_BYTES, end: 10 * TAIL_BYTES },
      ],
    ],
  ])('of %j is apart where that is long enough', (range, split) => {
    expect(splitTail([range], range.end)).toEqual(split);
  });

  it('is not apart where it is there already', () => {
    const missing = [{ start: 0, end: 10 * TAIL_BYTES }];
    expect(splitTail(missing, 11 * TAIL_BYTES)).toEqual(missing);
    expect(splitTail([], 11 * TAIL_BYTES)).toEqual([]);
  });
});

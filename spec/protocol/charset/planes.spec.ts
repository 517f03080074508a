import { describe, expect, it } from 'vitest';
import {
  DOUBLE,
  EUC_JP_TRIPLE,
  GB18030_ALL,
  GB18030_BMP,
  type Plane,
  planesOf,
  SINGLE,
} from '../../../lib/protocol/charset/planes.js';

function written(plane: Plane, index: number): number[] {
  const target = new Uint8Array(plane.bytes + 1);
  plane.write(index, target, 1);
  return [...target.subarray(1)];
}

const planes: readonly [string, Plane, first: number[], last: number[]][] = [
  ['one byte', SINGLE, [0x80], [0xff]],
  ['two bytes', DOUBLE, [0x80, 0x40], [0xff, 0xff]],
  ['three bytes of EUC-JP', EUC_JP_TRIPLE, [0x8f, 0xa1, 0xa1], [0x8f, 0xfe, 0xfe]],
  ['four bytes of GB 18030', GB18030_BMP, [0x81, 0x30, 0x81, 0x30], [0x84, 0x31, 0xa4, 0x39]],
  ['all four bytes of GB 18030', GB18030_ALL, [0x81, 0x30, 0x81, 0x30], [0xfe, 0x39, 0xfe, 0x39]],
];

describe.each(planes)('%s', (_title, plane, first, last) => {
  it('has its first and its last sequence', () => {
    expect(written(plane, 0)).toEqual(first);
    expect(written(plane, plane.size - 1)).toEqual(last);
  });

  it('finds every sequence that it writes', () => {
    const step = Math.ceil(plane.size / 5000);
    for (let index = 0; index < plane.size; index += step) {
      const bytes = Uint8Array.from([0x41, ...written(plane, index)]);
      expect(plane.indexAt(bytes, 1)).toBe(index);
    }
  });

  it('finds none that is cut off, or in ASCII', () => {
    expect(plane.indexAt(Uint8Array.from(last.slice(0, -1)), 0)).toBe(-1);
    expect(plane.indexAt(Uint8Array.of(0x41, 0x41, 0x41, 0x41), 0)).toBe(-1);
  });
});

it('finds nothing behind the last of the four bytes up to U+FFFF', () => {
  expect(GB18030_BMP.indexAt(Uint8Array.of(0x84, 0x31, 0xa5, 0x30), 0)).toBe(-1);
});

it('has no byte in a sequence that separates lines, names, words or arguments', () => {
  const separators = [0x00, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x27, 0x2f, 0x3a, 0x3b];
  for (const plane of [SINGLE, DOUBLE, EUC_JP_TRIPLE, GB18030_ALL]) {
    const step = Math.ceil(plane.size / 50_000);
    for (let index = 0; index < plane.size; index += step) {
      const bytes = written(plane, index);
      if (bytes.some((byte) => separators.includes(byte))) expect.fail(`a separator in ${bytes}`);
    }
  }
});

it.each([
  ['windows-1251', 1],
  ['gbk', 2],
  ['euc-jp', 3],
  ['gb18030', 4],
])('gives %s sequences of at most %i bytes', (encoding, bytes) => {
  expect(Math.max(...planesOf(encoding).map((plane) => plane.bytes))).toBe(bytes);
});

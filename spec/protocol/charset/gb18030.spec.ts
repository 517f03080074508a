import { expect, it } from 'vitest';
import { decodeAstral, encodeAstral } from '../../../lib/protocol/charset/gb18030.js';

it.each([
  [0x1_0000, [0x90, 0x30, 0x81, 0x30]],
  [0x1_f600, [0x94, 0x39, 0xfc, 0x36]],
  [0x10_ffff, [0xe3, 0x32, 0x9a, 0x35]],
])('has U+%d as %j, both ways', (codePoint, bytes) => {
  const target = new Uint8Array(4);
  expect(encodeAstral(codePoint, target, 0)).toBe(4);
  expect([...target]).toEqual(bytes);
  const units = new Uint16Array(2);
  expect(decodeAstral(target, 0, units, 0)).toBe(4);
  expect(String.fromCharCode(...units)).toBe(String.fromCodePoint(codePoint));
});

it('has nothing below U+10000, nor before or behind its range', () => {
  expect(encodeAstral(0xffff, new Uint8Array(4), 0)).toBe(0);
  for (const bytes of [
    [0x90, 0x30, 0x81, 0x2f],
    [0x84, 0x31, 0xa5, 0x30],
    [0x8f, 0x39, 0xfe, 0x39],
    [0xe3, 0x32, 0x9a, 0x36],
    [0x90, 0x30, 0x81],
  ]) {
    expect(decodeAstral(Uint8Array.from(bytes), 0, new Uint16Array(2), 0)).toBe(0);
  }
});

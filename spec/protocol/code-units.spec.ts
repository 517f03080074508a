import { expect, it } from 'vitest';
import { asciiLength, textOf } from '../../lib/protocol/code-units.js';

it('makes a text of any number of units', () => {
  for (const length of [0, 1, 4095, 4096, 4097, 20_000]) {
    const units = Uint16Array.from({ length }, (_, index) => index % 0xd800);
    const text = textOf(units);
    expect(text.length).toBe(length);
    expect([...units].every((unit, index) => text.charCodeAt(index) === unit)).toBe(true);
  }
});

it.each([
  [[], 0],
  [[0x41, 0x7f], 2],
  [[0x41, 0x80, 0x41], 1],
  [[0xff], 0],
])('counts the ASCII at the beginning of %j: %i', (bytes, length) => {
  expect(asciiLength(Uint8Array.from(bytes))).toBe(length);
});

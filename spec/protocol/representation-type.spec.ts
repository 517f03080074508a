import { describe, expect, it } from 'vitest';
import { canonicalType, isAscii } from '../../lib/protocol/representation-type.js';

describe('canonicalType', () => {
  it.each([
    ['I', 'I'],
    ['i', 'I'],
    ['A', 'A'],
    ['A N', 'A'],
    [' a  n ', 'A'],
    ['A T', 'A T'],
    ['e n', 'E'],
    ['L 8', 'L 8'],
    ['', ''],
  ])('of %j is %j', (argument, type) => {
    expect(canonicalType(argument)).toBe(type);
  });
});

describe('isAscii', () => {
  it.each([
    ['A', true],
    ['A T', true],
    ['I', false],
    ['E', false],
    ['L 8', false],
    ['AX', false],
  ])('of %j is %s', (type, ascii) => {
    expect(isAscii(type)).toBe(ascii);
  });
});

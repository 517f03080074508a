import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteByByte, choppings, everyChunking, everySplit, feedBorrowed, splitAt, whole } from './chunks.js';

const bytes = Buffer.from('200 ok\r\n');

describe('choppers', () => {
  it('keep all bytes, in order, in chunks that are not empty', () => {
    for (const chunks of [...everyChunking(bytes), splitAt(bytes, 0, 3, 3, 99)]) {
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
      expect(chunks.every((chunk) => chunk.length > 0)).toBe(true);
    }
  });

  it('cut where they say', () => {
    expect(whole(bytes)).toHaveLength(1);
    expect(byteByByte(bytes)).toHaveLength(bytes.length);
    expect([...everySplit(bytes)].map(([first]) => first?.length)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(splitAt(bytes, 5, 2).map((chunk) => chunk.length)).toEqual([2, 3, 3]);
  });

  it('copy', () => {
    const source = Uint8Array.of(1, 2);
    const [chunk] = whole(source);
    source.fill(9);
    expect(chunk).toEqual(Uint8Array.of(1, 2));
  });

  it('chop at random without losing anything', () => {
    fc.assert(fc.property(choppings(bytes), (chunks) => Buffer.concat(chunks).equals(bytes)));
  });
});

it('feedBorrowed destroys what it lent', () => {
  const kept: Uint8Array[] = [];
  const seen: string[] = [];
  feedBorrowed(splitAt(bytes, 3), (chunk) => {
    kept.push(chunk);
    seen.push(Buffer.from(chunk).toString());
  });
  expect(seen.join('')).toBe(bytes.toString());
  expect(kept.every((chunk) => chunk.every((byte) => byte === 0xee))).toBe(true);
});

import { crc32 as nodeCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32ByTable, openCrc32 } from '../../lib/streams/crc32.js';

const byTable = crc32ByTable();
const text = (value: string): Uint8Array => Buffer.from(value);

describe('CRC-32', () => {
  it.each<[string, number]>([
    ['', 0],
    ['123456789', 0xcbf43926],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
  ])('of %j is the known one', (value, expected) => {
    expect(byTable(text(value), 0)).toBe(expected);
    expect(openCrc32()(text(value), 0)).toBe(expected);
  });

  it('does not care how the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (first, second) => {
        expect(byTable(second, byTable(first, 0))).toBe(byTable(Buffer.concat([first, second]), 0));
      }),
    );
  });

  it.runIf(typeof nodeCrc32 === 'function')("by the table is Node's", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(byTable(bytes, 0)).toBe(nodeCrc32(bytes));
      }),
    );
    expect(openCrc32()).toBe(nodeCrc32);
  });
});

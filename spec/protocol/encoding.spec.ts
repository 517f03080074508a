import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import {
  decodeLatin1,
  decodeUtf8,
  encodeLatin1,
  encodeUtf8,
  Latin1Decoder,
  type TextDecoding,
  Utf8Decoder,
} from '../../lib/protocol/encoding.js';
import { cutAt } from './feeds.js';

const anyBytes = fc.uint8Array({ maxLength: 300 });
/** Bytes that are nearly UTF-8: sequences, their beginnings, their ends, and what is not allowed. */
const almostUtf8 = fc
  .array(
    fc.oneof(
      fc.constantFrom([0x41], [0xc3, 0xbc], [0xe6, 0x96, 0x87], [0xf0, 0x9f, 0x98, 0x80]),
      fc.constantFrom(
        [0xc3],
        [0xe6, 0x96],
        [0xf0, 0x9f, 0x98],
        [0x80],
        [0xc0, 0xaf],
        [0xed, 0xa0, 0x80],
        [0xf5],
        [0xff],
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Uint8Array.from(parts.flat()));

function decodeInChunks(decoder: TextDecoding, chunks: readonly Uint8Array[]): string {
  return chunks.map((chunk) => decoder.write(chunk)).join('') + decoder.end();
}

describe('UTF-8 that loses nothing', () => {
  it.each<[string, number[], string]>([
    ['nothing', [], ''],
    ['ASCII', [0x41, 0x7f], 'A\x7f'],
    ['two bytes', [0xc3, 0xbc], 'ü'],
    ['three bytes', [0xe6, 0x96, 0x87], '文'],
    ['four bytes', [0xf0, 0x9f, 0x98, 0x80], '😀'],
    ['the last of all', [0xf4, 0x8f, 0xbf, 0xbf], '\u{10ffff}'],
    ['a latin1 name', [0x47, 0x72, 0xfc, 0x6e], 'Gr\udcfcn'],
    ['an overlong slash', [0xc0, 0xaf], '\udcc0\udcaf'],
    ['an overlong of three', [0xe0, 0x80, 0xaf], '\udce0\udc80\udcaf'],
    ['an overlong of four', [0xf0, 0x80, 0x80, 0xaf], '\udcf0\udc80\udc80\udcaf'],
    ['an encoded surrogate', [0xed, 0xb2, 0x80], '\udced\udcb2\udc80'],
    ['a number too large', [0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    ['a lone continuation', [0x80, 0x41], '\udc80A'],
    ['cut off after one', [0xc3], '\udcc3'],
    ['cut off after two', [0xe6, 0x96], '\udce6\udc96'],
    ['cut off after three', [0xf0, 0x9f, 0x98], '\udcf0\udc9f\udc98'],
    ['cut off by ASCII', [0xe6, 0x96, 0x41], '\udce6\udc96A'],
  ])('reads %s', (_title, bytes, text) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toBe(text);
    expect([...encodeUtf8(text)]).toEqual(bytes);
  });

  it('leads any bytes to text and back', () => {
    fc.assert(
      fc.property(fc.oneof(anyBytes, almostUtf8), (bytes) => {
        expect(encodeUtf8(decodeUtf8(bytes))).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with the platform where both say that the bytes are valid, and where the text is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 9000 })), (text) => {
        const bytes = new TextEncoder().encode(text);
        expect(encodeUtf8(text)).toEqual(bytes);
        expect(decodeUtf8(bytes)).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(anyBytes, almostUtf8), (bytes) => {
        const valid = !/[\udc80-\udcff]/u.test(decodeUtf8(bytes));
        expect(Buffer.from(Buffer.from(bytes).toString('utf8')).equals(Buffer.from(bytes))).toBe(valid);
      }),
    );
  });

  it.each(['\ud800', 'a\udbff', '\udc00', '\udc7f', '\udd00'])('refuses to encode the stray surrogate %j', (text) => {
    expect(() => encodeUtf8(text)).toThrow(FtpUsageError);
  });

  it('decodes in chunks what it decodes whole', () => {
    fc.assert(
      fc.property(fc.oneof(anyBytes, almostUtf8), fc.array(fc.nat(400)), (bytes, places) => {
        expect(decodeInChunks(new Utf8Decoder(), cutAt(bytes, places))).toBe(decodeUtf8(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('gives text as soon as it can, and holds no more than an unfinished character', () => {
    const decoder = new Utf8Decoder();
    expect(decoder.write(Uint8Array.of(0x41, 0xe6, 0x96))).toBe('A');
    expect(decoder.write(Uint8Array.of(0x87, 0x42))).toBe('文B');
    expect(decoder.write(Uint8Array.of(0xff))).toBe('\udcff');
    expect(decoder.write(Uint8Array.of(0xf0))).toBe('');
    expect(decoder.end()).toBe('\udcf0');
    expect(decoder.end()).toBe('');
  });
});

describe('ISO 8859-1', () => {
  it('leads any bytes to text and back, long ones too', () => {
    fc.assert(
      fc.property(fc.oneof(anyBytes, fc.uint8Array({ minLength: 4000, maxLength: 9000 })), (bytes) => {
        const text = decodeLatin1(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('latin1'));
        expect(encodeLatin1(text)).toEqual(bytes);
        expect(decodeInChunks(new Latin1Decoder(), [bytes])).toBe(text);
      }),
    );
  });

  it.each(['Ā', '文', '\u010a'])('refuses %j, which it does not have', (text) => {
    expect(() => encodeLatin1(`a${text}`)).toThrow(FtpUsageError);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePart } from '../../lib/streams/decode-line.js';
import { LineTexts } from '../../lib/streams/line-texts.js';

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf8'));

describe('LineTexts', () => {
  it('gives what each line says by itself, whatever its bytes', () => {
    const part = fc.oneof(
      fc.string({ maxLength: 40 }).map((text) => Buffer.from(text, 'utf8')),
      fc.constantFrom('Mär', '漢字', '\ufffd', '😀', 'x'.repeat(1030)).map((text) => Buffer.from(text, 'utf8')),
      fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.array(fc.array(part, { maxLength: 30 }), { maxLength: 3 }), (chunks) => {
        const texts = new LineTexts();
        for (const parts of chunks) {
          const chunk = new Uint8Array(Buffer.concat(parts));
          texts.forget();
          let start = 0;
          for (const { length } of parts) {
            const end = start + length;
            expect(texts.of(chunk, start, end)).toBe(decodePart(chunk, start, end));
            start = end;
          }
        }
      }),
    );
  });

  it('reads bytes again that have changed in their place', () => {
    const texts = new LineTexts();
    const chunk = bytesOf('one');
    expect(texts.of(chunk, 0, 3)).toBe('one');
    chunk.set(bytesOf('xä'), 0);
    texts.forget();
    expect(texts.of(chunk, 0, 3)).toBe('xä');
  });

  it('reads a part before the last one, and of other bytes', () => {
    const texts = new LineTexts();
    const chunk = bytesOf('one twä');
    expect([texts.of(chunk, 4, 8), texts.of(bytesOf('six'), 0, 3), texts.of(chunk, 0, 3)]).toEqual([
      'twä',
      'six',
      'one',
    ]);
  });
});

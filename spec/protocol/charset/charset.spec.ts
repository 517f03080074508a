import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../../lib/errors.js';
import { Charset } from '../../../lib/protocol/charset/charset.js';

/** A charset of this Node, and how often its decoder was asked. */
function charsetOf(encoding: string) {
  const asked = { times: 0 };
  const decode = (bytes: Uint8Array): string => {
    asked.times += 1;
    return new TextDecoder(encoding).decode(bytes, { stream: true });
  };
  return { charset: new Charset(encoding, decode), asked };
}

const anyBytes = fc.uint8Array({ maxLength: 300 });

describe.each(['windows-1251', 'shift_jis', 'gb18030'])('%s', (encoding) => {
  it('leads any bytes to text and back', () => {
    const { charset } = charsetOf(encoding);
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(charset.encode(charset.decode(bytes))).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('makes no table for ASCII, and one alone for what is not', () => {
    const { charset, asked } = charsetOf(encoding);
    const ascii = 'STOR /a "b" -> \\c|~\x7f\t';
    expect(charset.decode(charset.encode(ascii))).toBe(ascii);
    expect(asked.times).toBe(0);
    charset.decode(Uint8Array.of(0xe0, 0xe1));
    const { times } = asked;
    charset.encode(charset.decode(Uint8Array.of(0xe0, 0x41, 0xff)));
    expect(times).toBeGreaterThan(0);
    expect(asked.times).toBe(times);
  });
});

describe('a charset', () => {
  it('keeps a byte that it does not know as U+DC80..U+DCFF', () => {
    const { charset } = charsetOf('shift_jis');
    expect(charset.decode(Uint8Array.of(0x83, 0x5c, 0x83, 0x20, 0xff))).toBe('ソ\udc83 \udcff');
    expect([...charset.encode('ソ\udc83 \udcff')]).toEqual([0x83, 0x5c, 0x83, 0x20, 0xff]);
  });

  it('keeps the bytes of a sequence that its encoder would not give', () => {
    const { charset } = charsetOf('shift_jis');
    const nec = Uint8Array.of(0xed, 0x40, 0xfa, 0x5c);
    expect(charset.decode(nec)).toBe('\udced@纊');
    expect(charset.encode(charset.decode(nec))).toEqual(nec);
  });

  it('has characters beyond U+FFFF in GB 18030, long texts too', () => {
    const { charset } = charsetOf('gb18030');
    const text = 'a😀中€\ufffd\u{10ffff}'.repeat(3000);
    expect(charset.decode(charset.encode(text))).toBe(text);
  });

  it.each([
    ['windows-1251', '文'],
    ['windows-1251', '💀'],
    ['shift_jis', '한'],
    ['gb18030', '\ud800'],
    ['gb18030', '\udc7f'],
  ])('%s refuses %j, which it does not have, without quoting it', (encoding, text) => {
    const { charset } = charsetOf(encoding);
    const encode = (): unknown => charset.encode(`secret${text}`);
    expect(encode).toThrow(FtpUsageError);
    expect(encode).toThrow(`characters that ${encoding} does not have`);
    expect(encode).not.toThrow(/secret|文|💀/);
  });
});

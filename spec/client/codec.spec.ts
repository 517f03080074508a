import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { codecFor } from '../../lib/client/codec.js';
import { FtpUsageError } from '../../lib/index.js';
import { extendingAscii, maybeMissing, notExtendingAscii, utf8Labels } from './support/encoding-labels.js';

describe('codecFor', () => {
  it('has UTF-8 that keeps what is not UTF-8', () => {
    const { encode, decode, name } = codecFor('utf8');
    expect(name).toBe('utf8');
    expect(encode('é')).toEqual(Uint8Array.of(0xc3, 0xa9));
    expect(encode(decode(Uint8Array.of(0x61, 0xff, 0xe9)))).toEqual(Uint8Array.of(0x61, 0xff, 0xe9));
  });

  it('has ISO 8859-1, which refuses what it has not', () => {
    const { encode, decode, name } = codecFor('latin1');
    expect(name).toBe('latin1');
    expect(encode('é')).toEqual(Uint8Array.of(0xe9));
    expect(decode(Uint8Array.of(0xff))).toBe('ÿ');
    expect(() => encode('€')).toThrow(FtpUsageError);
  });

  it('takes any pair of functions', () => {
    const given = { encode: (text: string) => Buffer.from(text, 'utf16le'), decode: () => 'decoded' };
    const { encode, decode, name } = codecFor(given);
    expect(name).toBe('custom');
    expect(encode('a')).toEqual(Buffer.of(0x61, 0));
    expect(decode(Uint8Array.of(1))).toBe('decoded');
  });

  it.each([null, 7, true, {}, { encode: () => Buffer.of() }, Symbol('gbk')])('refuses %s', (encoding) => {
    expect(() => codecFor(encoding as never)).toThrow(FtpUsageError);
  });
});

describe('a label of TextDecoder', () => {
  it.each(utf8Labels)('%s is utf8', (label) => {
    expect(codecFor(label)).toBe(codecFor('utf8'));
    expect(codecFor(` ${label.toUpperCase()}\t`)).toBe(codecFor('utf8'));
  });

  it('latin1 is ISO 8859-1 however it is written, and iso-8859-1 is windows-1252, as the WHATWG has it', () => {
    for (const label of ['Latin1', '\t LATIN1\n']) expect(codecFor(label)).toBe(codecFor('latin1'));
    expect(() => codecFor('\u00a0latin1')).toThrow(FtpUsageError);
    expect(codecFor('latin1').decode(Uint8Array.of(0x80))).toBe('\x80');
    expect(codecFor('iso-8859-1').decode(Uint8Array.of(0x80))).toBe('€');
    expect([...codecFor('iso-8859-1').encode('€ÿ')]).toEqual([0x80, 0xff]);
  });

  it.each(notExtendingAscii)('of $encoding is refused', ({ labels }) => {
    for (const label of labels) {
      expect(() => codecFor(label)).toThrow(FtpUsageError);
      expect(() => codecFor(label)).toThrow(`cannot be '${label}'`);
    }
  });

  it.each(['klingon', '', 'utf-7', 'gbk\r\nDELE x', 'gbk\0', 'ibm037'])('%j is none, and refused', (label) => {
    expect(() => codecFor(label)).toThrow(FtpUsageError);
    expect(() => codecFor(label)).toThrow(/^[ -~]*$/);
  });

  it('is refused where this Node.js does not have the encoding (small-icu)', () => {
    const missing = class {
      constructor(label: string) {
        throw new RangeError(`The "${label}" encoding is not supported`);
      }
    };
    vi.stubGlobal('TextDecoder', missing);
    try {
      expect(() => codecFor('gbk')).toThrow('this Node.js has no such encoding, or was built without it');
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

/** The characters that a decoder has, by trying all sequences of one byte and of two, and those of three and four in parts. */
function charactersOf(label: string): Set<string> {
  const sequences: number[][] = [];
  for (let lead = 0x80; lead < 0x100; lead += 1) {
    sequences.push([lead]);
    for (let trail = 0x30; trail < 0x100; trail += 1) sequences.push([lead, trail]);
  }
  if (label === 'euc-jp')
    for (let row = 0xa1; row < 0xff; row += 1)
      for (let cell = 0xa1; cell < 0xff; cell += 1) sequences.push([0x8f, row, cell]);
  if (label === 'gb18030')
    for (let index = 0; index < 39_420; index += 7)
      sequences.push([
        0x81 + Math.floor(index / 12_600),
        0x30 + (Math.floor(index / 1260) % 10),
        0x81 + (Math.floor(index / 10) % 126),
        0x30 + (index % 10),
      ]);
  const text = new TextDecoder(label).decode(Uint8Array.from(sequences.flatMap((each) => [...each, 10])), {
    stream: true,
  });
  // Big5 has four letters with an accent that is a character of its own to Unicode.
  const all = new Set(text.split('\n').flatMap((line) => (/^\p{L}\p{M}$/u.test(line) ? [line] : [...line])));
  for (let ascii = 0; ascii < 0x80; ascii += 1) all.delete(String.fromCharCode(ascii));
  if (label !== 'gb18030') all.delete('\ufffd');
  return all;
}

describe.each(extendingAscii.filter(({ encoding }) => hasEncoding(encoding)))('$encoding', ({ encoding, labels }) => {
  const codec = codecFor(encoding);

  it('round-trips every character that TextDecoder has, and gives bytes that it reads', () => {
    const characters = charactersOf(encoding);
    expect(characters.size).toBeGreaterThan(80);
    const wrong: string[] = [];
    const decoder = new TextDecoder(encoding);
    for (const character of characters) {
      const bytes = codec.encode(character);
      const read = decoder.decode(Uint8Array.of(...bytes, 10), { stream: true });
      if (codec.decode(bytes) !== character || read !== `${character}\n`) wrong.push(character);
    }
    expect(wrong).toEqual([]);
  });

  it('round-trips any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(Buffer.compare(codec.encode(codec.decode(bytes)), bytes)).toBe(0);
      }),
      { numRuns: 200 },
    );
    const pairs = Uint8Array.from({ length: 0x2_0000 }, (_, at) => (at % 2 === 0 ? at >> 9 : (at >> 1) & 0xff));
    expect(Buffer.compare(codec.encode(codec.decode(pairs)), pairs)).toBe(0);
  });

  it('leaves ASCII as it is', () => {
    const ascii = Uint8Array.from({ length: 0x80 }, (_, byte) => byte);
    expect(codec.decode(ascii)).toBe(Buffer.from(ascii).toString('latin1'));
    expect(codec.encode(codec.decode(ascii))).toEqual(ascii);
  });

  it('refuses what it does not have', () => {
    const text = encoding === 'gb18030' ? '\ud800' : '😀';
    expect(() => codec.encode(`a${text}`)).toThrow(FtpUsageError);
  });

  it('has the same characters under each of its labels', () => {
    const bytes = Uint8Array.from({ length: 0x80 }, (_, byte) => 0x80 + byte);
    for (const label of [...labels, ` ${encoding.toUpperCase()}`])
      expect(codecFor(label).decode(bytes)).toBe(codec.decode(bytes));
  });
});

/** All but a few that Node.js may lack: of those, none that it has is left out. */
function hasEncoding(encoding: string): boolean {
  if (!maybeMissing.has(encoding)) return true;
  try {
    new TextDecoder(encoding);
    return true;
  } catch {
    return false;
  }
}

describe('bytes, characters and labels as they are known', () => {
  it.each<[label: string, text: string, bytes: number[]]>([
    ['windows-1251', 'я', [0xff]],
    ['windows-1251', 'Привет', [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]],
    ['windows-1252', '€Ÿÿ', [0x80, 0x9f, 0xff]],
    ['koi8-r', 'Да', [0xe4, 0xc1]],
    ['gbk', '中文', [0xd6, 0xd0, 0xce, 0xc4]],
    ['gbk', '€', [0x80]],
    ['gb18030', '€😀', [0xa2, 0xe3, 0x94, 0x39, 0xfc, 0x36]],
    ['big5', '功許蓋', [0xa5, 0x5c, 0xb3, 0x5c, 0xbb, 0x5c]],
    ['big5', '═十', [0xf9, 0xf9, 0xa4, 0x51]],
    ['shift_jis', 'ソ表ﾊ', [0x83, 0x5c, 0x95, 0x5c, 0xca]],
    ['shift_jis', '纊Ⅰ￢∵', [0xfa, 0x5c, 0x87, 0x54, 0x81, 0xca, 0x81, 0xe6]],
    ['euc-kr', '한국', [0xc7, 0xd1, 0xb1, 0xb9]],
    ['euc-jp', '日本∪', [0xc6, 0xfc, 0xcb, 0xdc, 0xa2, 0xc0]],
  ])('%s has %s as %j', (label, text, bytes) => {
    expect([...codecFor(label).encode(text)]).toEqual(bytes);
    expect(codecFor(label).decode(Uint8Array.from(bytes))).toBe(text);
  });
});

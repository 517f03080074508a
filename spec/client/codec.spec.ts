import { describe, expect, it } from 'vitest';
import { codecFor } from '../../lib/client/codec.js';
import { FtpUsageError } from '../../lib/index.js';

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
});

import { describe, expect, it } from 'vitest';
import { CharsetTable } from '../../../lib/protocol/charset/charset-table.js';

type Characters = Readonly<Record<string, string>>;

/** Decodes lines of one sequence each by a list of those that there are, written as hexadecimal. */
function decoderOf(characters: Characters) {
  return (bytes: Uint8Array): string =>
    Buffer.from(bytes)
      .toString('latin1')
      .split('\n')
      .map((line) => characters[Buffer.from(line, 'latin1').toString('hex')] ?? '\ufffd')
      .join('\n');
}

function decoded(table: CharsetTable, ...bytes: number[]): [taken: number, text: string] {
  const units = new Uint16Array(4);
  const taken = table.decodeAt(Uint8Array.from(bytes), 0, units, 1);
  return [taken, String.fromCharCode(...units.subarray(1, units[2] === 0 ? 2 : 3))];
}

function encoded(table: CharsetTable, text: string): number[] {
  const bytes = new Uint8Array(table.longest);
  const taken =
    text.length === 2 ? table.encodePair(text, 0, bytes, 0) : table.encodeUnit(text.charCodeAt(0), bytes, 0);
  return [...bytes.subarray(0, taken)];
}

describe('a table', () => {
  it('has one byte, two bytes and three, both ways', () => {
    const table = new CharsetTable('euc-jp', decoderOf({ '81': '\x81', b0a1: '亜', '8fa2af': '˘' }));
    expect(table.longest).toBe(3);
    expect(decoded(table, 0x81)).toEqual([1, '\x81']);
    expect(decoded(table, 0xb0, 0xa1)).toEqual([2, '亜']);
    expect(decoded(table, 0x8f, 0xa2, 0xaf)).toEqual([3, '˘']);
    expect(encoded(table, '\x81')).toEqual([0x81]);
    expect(encoded(table, '亜')).toEqual([0xb0, 0xa1]);
    expect(encoded(table, '˘')).toEqual([0x8f, 0xa2, 0xaf]);
  });

  it('has nothing for a sequence that is none, or is cut off, nor for a character that it has not', () => {
    const table = new CharsetTable('big5', decoderOf({ a440: '一' }));
    expect(decoded(table, 0xa4, 0x41)[0]).toBe(0);
    expect(decoded(table, 0xa4)[0]).toBe(0);
    expect(encoded(table, '丁')).toEqual([]);
    expect(encoded(table, '😀')).toEqual([]);
  });

  it('has characters of two code units', () => {
    const table = new CharsetTable('big5', decoderOf({ '8862': 'Ê\u0304', '8866': 'Ê', fa40: '\u{20547}' }));
    expect(decoded(table, 0x88, 0x62)).toEqual([2, 'Ê\u0304']);
    expect(encoded(table, 'Ê\u0304')).toEqual([0x88, 0x62]);
    expect(encoded(table, 'Ê')).toEqual([0x88, 0x66]);
    expect(encoded(table, '\u0304')).toEqual([]);
    expect(decoded(table, 0xfa, 0x40)).toEqual([2, '\u{20547}']);
    expect(encoded(table, '\u{20547}')).toEqual([0xfa, 0x40]);
  });

  it('takes two bytes of which each is a character for two', () => {
    const table = new CharsetTable('shift_jis', decoderOf({ b1: 'ｱ', b2: 'ｲ', b1b2: 'ｱｲ' }));
    expect(decoded(table, 0xb1, 0xb2)).toEqual([1, 'ｱ']);
    expect(encoded(table, 'ｱｲ')).toEqual([]);
  });

  it.each<[encoding: string, twice: Characters, character: string, chosen: number[]]>([
    ['shift_jis', { '81ca': '￢', eef9: '￢', fa54: '￢' }, '￢', [0x81, 0xca]],
    ['shift_jis', { ed40: '纊', fa5c: '纊' }, '纊', [0xfa, 0x5c]],
    ['big5', { a2a4: '═', f9f9: '═' }, '═', [0xf9, 0xf9]],
    ['big5', { a27e: '╭', f9fa: '╭' }, '╭', [0xa2, 0x7e]],
    ['gb18030', { '80': '€', a2e3: '€' }, '€', [0xa2, 0xe3]],
    ['gbk', { '80': '€', a2e3: '€' }, '€', [0x80]],
    ['gbk', { '80': '€', '8080': '€€' }, '€', [0x80]],
  ])('of %s keeps one of several sequences (%j)', (encoding, twice, character, chosen) => {
    const table = new CharsetTable(encoding, decoderOf(twice));
    expect(encoded(table, character)).toEqual(chosen);
    const bytes = Object.keys(twice).map((hex) => [...Buffer.from(hex, 'hex')]);
    for (const each of bytes.filter((each) => `${each}` !== `${chosen}` && each.length === chosen.length))
      expect(decoded(table, ...each)[0]).toBe(0);
    expect(decoded(table, ...chosen)).toEqual([chosen.length, character]);
  });

  it('keeps a sequence of second choice where its character has no other', () => {
    const table = new CharsetTable('big5', decoderOf({ '8740': '䏰' }));
    expect(encoded(table, '䏰')).toEqual([0x87, 0x40]);
    expect(decoded(table, 0x87, 0x40)).toEqual([2, '䏰']);
  });
});

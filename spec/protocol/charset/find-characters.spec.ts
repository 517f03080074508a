import { expect, it } from 'vitest';
import { findCharacters } from '../../../lib/protocol/charset/find-characters.js';
import { DigitPlane, GB18030_BMP } from '../../../lib/protocol/charset/planes.js';

const plane = new DigitPlane([
  { first: 0x81, last: 0x82 },
  { first: 0x40, last: 0x43 },
]);

function found(decode: (bytes: Uint8Array) => string): unknown[] {
  const all: unknown[] = [];
  findCharacters(plane, decode, (...each) => all.push(each));
  return all;
}

it('keeps what is one character, or two code units, and nothing else', () => {
  const texts = ['Ж', '\ufffd', '', '😀', 'ЖЖЖ', '\ufffdA', '\x1a', 'е\u0304'];
  expect(found(() => texts.join('\n'))).toEqual([
    [0x8140, 0, 'Ж'],
    [0x8143, 3, '😀'],
    [0x8243, 7, 'е\u0304'],
  ]);
});

it('asks for all sequences in order, each with a line end behind it', () => {
  let asked: number[] = [];
  found((bytes) => {
    asked = [...bytes];
    return '';
  });
  expect(asked.slice(0, 6)).toEqual([0x81, 0x40, 0x0a, 0x81, 0x41, 0x0a]);
  expect(asked.slice(-3)).toEqual([0x82, 0x43, 0x0a]);
});

it('takes U+FFFD for a character where GB 18030 has it, and nowhere else', () => {
  const all: unknown[] = [];
  const decode = (): string => new Array<string>(GB18030_BMP.size).fill('\ufffd').join('\n');
  findCharacters(GB18030_BMP, decode, (...each) => all.push(each));
  expect(all).toEqual([[0x8431a437, 39_417, '\ufffd']]);
});

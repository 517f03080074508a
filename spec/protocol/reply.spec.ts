import { describe, expect, it } from 'vitest';
import { printable } from '../../lib/protocol/printable.js';
import { createReply, formatReply } from '../../lib/protocol/reply.js';

describe('formatReply', () => {
  it.each([
    [[''], '550'],
    [['No such file'], '550 No such file'],
    [['No', 'such file'], '550 No / such file'],
    [['\x1b]0;owned\x07'], '550 \\x1b]0;owned\\x07'],
    [['a\tb\rc'], '550 a\\x09b\\x0dc'],
  ])('shows %j as %s', (lines, shown) => {
    expect(formatReply(createReply(550, lines))).toBe(shown);
  });

  it('is bounded, whatever the reply', () => {
    const lines = new Array<string>(1000).fill('x'.repeat(8000));
    expect(formatReply(createReply(220, lines))).toHaveLength(201);
  });
});

describe('printable', () => {
  it.each([
    ['plain ASCII ~', 'plain ASCII ~'],
    ['Grüße 文 😀', 'Grüße 文 😀'],
    ['\0\x7f\x85', '\\x00\\x7f\\x85'],
    ['txt.\u202egpj', 'txt.\\u{202e}gpj'],
    ['\u2066\u200b\u061c\ufeff', '\\u{2066}\\u{200b}\\u{61c}\\u{feff}'],
    ['\udcff raw', '\\xff raw'],
    ['\ud800', '\\u{d800}'],
  ])('shows %j as %s', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('cuts between characters, not within one', () => {
    expect(printable('😀😀😀', 2)).toBe('😀😀…');
    expect(printable('ab', 2)).toBe('ab');
  });
});

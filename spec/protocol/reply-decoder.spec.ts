import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError } from '../../lib/errors.js';
import { decodeUtf8 } from '../../lib/protocol/encoding.js';
import type { Reply } from '../../lib/protocol/reply.js';
import { ReplyDecoder } from '../../lib/protocol/reply-decoder.js';
import { cut, cutAt, feeds, latin1, utf8 } from './feeds.js';

const LIMITS = { maxLineBytes: 8192, maxReplyBytes: 65_536, decode: latin1 };

function repliesOf(chunks: readonly Uint8Array[]): Reply[] {
  const decoder = new ReplyDecoder(LIMITS);
  return chunks.flatMap((chunk) => decoder.push(chunk));
}

/** What is given before a fault, whether the push with the fault throws or the decoder is found dead after it. */
function untilFault(chunks: readonly Uint8Array[], limits: Partial<typeof LIMITS> & { maxReplyLines?: number } = {}) {
  const decoder = new ReplyDecoder({ ...LIMITS, ...limits });
  const replies: Reply[] = [];
  for (const chunk of chunks) {
    if (decoder.failure !== undefined) break;
    try {
      replies.push(...decoder.push(chunk));
    } catch (error) {
      expect(error).toBe(decoder.failure);
    }
  }
  return { replies: replies.map(({ code }) => code), failure: decoder.failure };
}

const CASES: [string, string, [number, string[]][]][] = [
  ['a single line', '220 Ready\r\n', [[220, ['Ready']]]],
  ['a bare LF (inetutils)', '220 Ready\n', [[220, ['Ready']]]],
  ['a code with a space and no text', '220 \r\n', [[220, ['']]]],
  ['a code alone', '220\r\n', [[220, ['']]]],
  [
    'two replies',
    '426 Aborted\r\n226 Done\r\n',
    [
      [426, ['Aborted']],
      [226, ['Done']],
    ],
  ],
  ['many lines', '220-Hello\r\n there\r\n220 End\r\n', [[220, ['Hello', ' there', 'End']]]],
  ['prefixed inner lines', '150-Accepted\r\n150-FILE: x\r\n150 Go\r\n', [[150, ['Accepted', 'FILE: x', 'Go']]]],
  [
    "vsftpd's banner that looks like replies",
    '220-220 fake\r\n220-230-more\r\n230 x\r\n220 \r\n',
    [[220, ['220 fake', '230-more', '230 x', '']]],
  ],
  [
    'other codes inside as text',
    '211-Status\r\n226 not the end\r\n211x\r\n2110 no\r\n211 End\r\n',
    [[211, ['Status', '226 not the end', '211x', '2110 no', 'End']]],
  ],
  ['an end that is a bare code', '211-a\r\n211\r\n', [[211, ['a', '']]]],
  [
    'an end without text inside a FEAT',
    '211-Features:\r\n MDTM\r\n\r\n211 End\r\n',
    [[211, ['Features:', ' MDTM', '', 'End']]],
  ],
  ['an unfinished second reply', '200 a\r\n25', [[200, ['a']]]],
];

describe('ReplyDecoder', () => {
  for (const [title, text, expected] of CASES) {
    for (const { feed, chunks } of feeds(utf8(text))) {
      it(`reads ${title}, fed ${feed}`, () => {
        expect(repliesOf(chunks).map(({ code, lines }) => [code, lines])).toEqual(expected);
      });
    }
  }

  it('reads the same replies however the bytes are cut', () => {
    const text = CASES.map(([, sample]) => sample)
      .slice(0, -1)
      .join('');
    const whole = repliesOf([utf8(text)]);
    expect(whole).toHaveLength(12);
    fc.assert(
      fc.property(fc.array(fc.nat(2000)), (places) => {
        expect(repliesOf(cutAt(utf8(text), places))).toEqual(whole);
      }),
    );
  });

  it('fails at the same reply however hostile bytes are cut', () => {
    const part = fc.constantFrom('220 a\r\n', '220-', '220', ' ', '-', '\r', '\n', 'x', '\0', '999 ', '150-b\r\n');
    const hostile = fc.array(part, { maxLength: 20 }).map((parts) => utf8(parts.join('')));
    fc.assert(
      fc.property(hostile, (bytes) => {
        const whole = untilFault([bytes]);
        const pieces = untilFault(cut(bytes, 1));
        expect(pieces.replies).toEqual(whole.replies);
        expect(pieces.failure?.message).toBe(whole.failure?.message);
      }),
    );
  });

  it('makes frozen replies with text and class', () => {
    const [reply] = repliesOf([utf8('550-No\r\n550 such file\r\n')]);
    expect(reply).toEqual({ code: 550, lines: ['No', 'such file'], text: 'No\nsuch file', class: 5 });
    expect(Object.isFrozen(reply)).toBe(true);
    expect(Object.isFrozen(reply?.lines)).toBe(true);
  });

  it('decodes text by the codec it is given', () => {
    const decoder = new ReplyDecoder({ ...LIMITS, decode: decodeUtf8 });
    expect(decoder.push(utf8('257 "/Grüße"\r\n'))[0]?.text).toBe('"/Grüße"');
  });

  it('counts the bytes of an unfinished reply, earlier lines included (CVE-2021-22947)', () => {
    const decoder = new ReplyDecoder(LIMITS);
    expect(decoder.push(utf8('234 go\r\n230 injected')).map(({ code }) => code)).toEqual([234]);
    expect(decoder.pendingBytes).toBe(12);
    const many = new ReplyDecoder(LIMITS);
    many.push(utf8('220-a\r\nbc'));
    expect(many.pendingBytes).toBe(7 + 2);
    many.push(utf8('\r\n220 \r\n'));
    expect(many.pendingBytes).toBe(0);
  });

  describe('lines between replies that are none', () => {
    it.each([
      ['text without a code', 'hello there'],
      ['an HTTP server', 'HTTP/1.1 400 Bad Request'],
      ['code 099', '099 x'],
      ['code 000', '000 x'],
      ['code 600', '633 protected'],
      ['code 999', '999 x'],
      ['two digits', '22 x'],
      ['four digits', '2200 x'],
      ['no separator', '220Ready'],
      ['an empty line', ''],
      ['signs for digits', '2-2 x'],
    ])('are skipped and told: %s', (_title, text) => {
      for (const { chunks } of feeds(utf8(`${text}\r\n220 a\r\n${text}\r\n200 b\r\n`))) {
        const skipped: string[] = [];
        const decoder = new ReplyDecoder({ ...LIMITS, onSkipped: (line) => skipped.push(line) });
        const replies = chunks.flatMap((chunk) => decoder.push(chunk));
        expect(replies.slice(0, 2).map(({ code }) => code)).toEqual([220, 200]);
        expect(skipped.slice(0, 2)).toEqual([text, text]);
      }
    });

    it('tell how many replies their chunk has completed before them', () => {
      const told: [string, number][] = [];
      const decoder = new ReplyDecoder({ ...LIMITS, onSkipped: (line, before) => told.push([line, before]) });
      decoder.push(utf8('a\r\n200 x\r\nb\r\n'));
      decoder.push(utf8('c\r\n'));
      expect(told).toEqual([
        ['a', 0],
        ['b', 1],
        ['c', 0],
      ]);
    });

    it('are told concealed, and count for no reply', () => {
      const told: string[] = [];
      const conceal = (line: string): string => line.replace('secret', '***');
      const limits = { ...LIMITS, maxReplyBytes: 20, conceal, onSkipped: (line: string) => told.push(line) };
      const decoder = new ReplyDecoder(limits);
      for (let count = 0; count < 10; count += 1) decoder.push(utf8('a secret\r\n'));
      expect(told[9]).toBe('a ***');
      expect(decoder.pendingBytes).toBe(0);
    });
  });

  describe('refusals', () => {
    it.each([
      ['a NUL', '220 a\0b\r\n'],
      ['a NUL in an inner line (curl 2108)', '220-a\r\n\0\r\n220 b\r\n'],
      ['a NUL between replies', '\0\r\n'],
    ])('refuses %s', (_title, text) => {
      for (const { chunks } of feeds(utf8(text))) {
        expect(untilFault(chunks)).toMatchObject({ replies: [], failure: expect.any(FtpProtocolError) });
      }
    });

    it('gives the replies before a fault in the same chunk, then throws for ever', () => {
      const decoder = new ReplyDecoder(LIMITS);
      expect(decoder.push(utf8('426 Aborted\r\n226 Done\r\n2\0\r\n200 x\r\n')).map(({ code }) => code)).toEqual([
        426, 226,
      ]);
      expect(decoder.failure?.message).toContain('NUL');
      expect(() => decoder.push(utf8('200 x\r\n'))).toThrow(decoder.failure);
      expect(() => decoder.push(new Uint8Array())).toThrow(decoder.failure);
    });

    it('turns a codec that throws into a protocol error, with the cause', () => {
      const cause = new TypeError('bad bytes');
      const decoder = new ReplyDecoder({
        ...LIMITS,
        decode: () => {
          throw cause;
        },
      });
      expect(() => decoder.push(utf8('220 x\r\n'))).toThrow(
        expect.objectContaining({ name: 'FtpProtocolError', cause }),
      );
    });
  });

  describe('limits (GHSA-rpmf-866q-6p89)', () => {
    it('bounds a line that never ends', () => {
      const decoder = new ReplyDecoder({ ...LIMITS, maxLineBytes: 100 });
      for (const piece of cut(utf8('x'.repeat(100)), 10)) decoder.push(piece);
      expect(() => decoder.push(utf8('x'))).toThrow('more than 100 bytes');
    });

    it('bounds the bytes of a reply that never ends', () => {
      const decoder = new ReplyDecoder({ ...LIMITS, maxReplyBytes: 1000 });
      const line = utf8('220-0123456789\r\n');
      for (let bytes = line.length; bytes <= 1000; bytes += line.length) decoder.push(line);
      expect(() => decoder.push(line)).toThrow('more than 1000 bytes');
    });

    it('counts the unfinished line of a reply too', () => {
      const decoder = new ReplyDecoder({ ...LIMITS, maxReplyBytes: 10 });
      decoder.push(utf8('220-ab\r\n'));
      expect(() => decoder.push(utf8('cde'))).toThrow('more than 10 bytes');
    });

    it('bounds the lines of a reply, 1024 unless told', () => {
      const text = `220-\r\n${'\r\n'.repeat(1023)}`;
      expect(untilFault([utf8(text)]).failure).toBeUndefined();
      expect(untilFault([utf8(`${text}\r\n`)]).failure?.message).toContain('more than 1024 lines');
      expect(untilFault([utf8('220-a\r\nb\r\nc\r\n')], { maxReplyLines: 2 }).failure?.message).toContain(
        'more than 2 lines',
      );
    });

    it('strikes at the same reply in every feed', () => {
      const text = utf8('220-a\r\n220 b\r\n150 0123456789012\r\n226-0\r\n 1\r\n 2\r\n226 3\r\n');
      for (let maxReplyBytes = 1; maxReplyBytes < 40; maxReplyBytes += 1) {
        for (let maxLineBytes = 1; maxLineBytes < 20; maxLineBytes += 1) {
          const whole = untilFault([text], { maxReplyBytes, maxLineBytes });
          const pieces = untilFault(cut(text, 1), { maxReplyBytes, maxLineBytes });
          expect(pieces.replies).toEqual(whole.replies);
          expect(pieces.failure === undefined).toBe(whole.failure === undefined);
        }
      }
    });

    it('does not count across replies', () => {
      const decoder = new ReplyDecoder({ ...LIMITS, maxReplyBytes: 20, maxReplyLines: 2 });
      expect(decoder.push(utf8('220-a\r\n220 b\r\n'.repeat(50)))).toHaveLength(50);
    });
  });
});

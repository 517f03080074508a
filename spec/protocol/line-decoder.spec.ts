import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError, FtpUsageError } from '../../lib/errors.js';
import { LineDecoder } from '../../lib/protocol/line-decoder.js';
import { cut, cutAt, feeds, latin1, utf8 } from './feeds.js';

function linesOf(chunks: readonly Uint8Array[], maxLineBytes = 100): string[] {
  const decoder = new LineDecoder({ maxLineBytes });
  return chunks.flatMap((chunk) => decoder.push(chunk).map(latin1));
}

describe('LineDecoder', () => {
  const cases: [string, string, string[]][] = [
    ['lines ended by CRLF', 'one\r\ntwo\r\n', ['one', 'two']],
    ['lines ended by a bare LF', 'one\ntwo\n', ['one', 'two']],
    ['empty lines', '\r\n\n\r\n', ['', '', '']],
    ['a CR that is not followed by LF', 'a\rb\r\r\n', ['a\rb\r']],
    ['no unfinished line', 'one\r\ntw', ['one']],
    ['nothing', '', []],
  ];
  for (const [title, text, lines] of cases) {
    for (const { feed, chunks } of feeds(utf8(text))) {
      it(`gives ${title}, fed ${feed}`, () => {
        expect(linesOf(chunks)).toEqual(lines);
      });
    }
  }

  it('gives the same lines however the bytes are cut', () => {
    const text = fc
      .array(fc.constantFrom('a', 'bc', '\r', '\n', '\r\n', ' '), { maxLength: 60 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(200)), (whole, places) => {
        expect(linesOf(cutAt(utf8(whole), places))).toEqual(linesOf([utf8(whole)]));
      }),
    );
  });

  it('counts what it holds, and gives it up at the end', () => {
    const decoder = new LineDecoder({ maxLineBytes: 10 });
    decoder.push(utf8('one\r\ntwo'));
    expect(decoder.pendingBytes).toBe(3);
    expect(latin1(decoder.end() ?? new Uint8Array())).toBe('two');
    expect(decoder.pendingBytes).toBe(0);
    expect(decoder.end()).toBeUndefined();
  });

  it('goes on holding a line after the memory of its first chunk was used again', () => {
    const decoder = new LineDecoder({ maxLineBytes: 10 });
    const memory = utf8('abc');
    decoder.push(memory);
    memory.fill(0);
    expect(decoder.push(utf8('\n')).map(latin1)).toEqual(['abc']);
  });

  it.each([
    ['text', 'a\r\n'],
    ['numbers', [97, 10]],
    ['memory without a view', Uint8Array.of(97, 10).buffer],
  ])('refuses %s, and does not take it for nothing', (_kind, chunk) => {
    const decoder = new LineDecoder({ maxLineBytes: 5 });
    expect(() => decoder.push(chunk as never)).toThrow(FtpUsageError);
  });

  describe('limit (GHSA-rpmf-866q-6p89)', () => {
    it('admits a line of just the limit, its terminator not counted', () => {
      for (const size of [1, 2, 100]) {
        expect(linesOf(cut(utf8('12345\r\n12345\n'), size), 5)).toEqual(['12345', '12345']);
      }
    });

    it.each(['123456\r\n', '123456\n', '123456', '12345\rx', '12345\r\r\n'])('refuses %j in every feed', (text) => {
      for (const { chunks } of feeds(utf8(text))) {
        expect(() => linesOf(chunks, 5)).toThrow(FtpProtocolError);
      }
    });

    it('strikes without waiting for a terminator, and holds nothing of a long line', () => {
      const decoder = new LineDecoder({ maxLineBytes: 8192 });
      expect(() => decoder.push(new Uint8Array(1 << 20))).toThrow(FtpProtocolError);
      expect(decoder.pendingBytes).toBe(0);
    });

    it('gives the lines before the long one, and throws at the next push and ever after', () => {
      const decoder = new LineDecoder({ maxLineBytes: 5 });
      expect(decoder.push(utf8('a\r\nb\r\n123456\r\nc\r\n')).map(latin1)).toEqual(['a', 'b']);
      expect(decoder.failure).toBeInstanceOf(FtpProtocolError);
      expect(() => decoder.push(utf8('d\r\n'))).toThrow(decoder.failure);
      expect(() => decoder.push(utf8('d\r\n'))).toThrow(decoder.failure);
    });

    it('refuses a line that a later chunk makes too long', () => {
      const decoder = new LineDecoder({ maxLineBytes: 5 });
      decoder.push(utf8('1234'));
      expect(() => decoder.push(utf8('5678\r\n'))).toThrow('more than 5 bytes');
    });
  });
});

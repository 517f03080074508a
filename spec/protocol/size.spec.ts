import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError } from '../../lib/errors.js';
import { createReply } from '../../lib/protocol/reply.js';
import { parseSize, parseSpace, parseTransferSize } from '../../lib/protocol/size.js';
import { parseStoredName } from '../../lib/protocol/stored-name.js';

describe('parseSize', () => {
  it.each([
    ['0', 0],
    ['1234', 1234],
    [' 1234 ', 1234],
    ['a.txt 1234', 1234],
    ['first\n1234', 1234],
    ['0000000000001234', 1234],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('reads %j', (text, size) => {
    expect(parseSize(text)).toBe(size);
  });

  it.each([
    '',
    'File status',
    '-1',
    '+1',
    '1.5',
    '1e3',
    '0x10',
    '1,234',
    'file: 213, Size =51',
    '9007199254740992',
    '99999999999999999999',
    '00000000000001234',
    '١٢',
  ])('refuses %j', (text) => {
    expect(() => parseSize(text)).toThrow(FtpProtocolError);
  });

  it('gives a safe integer for any text, or refuses', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.bigInt().map(String)), (text) => {
        try {
          expect(Number.isSafeInteger(parseSize(text))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(FtpProtocolError);
        }
      }),
    );
  });
});

describe('parseSpace', () => {
  it.each([
    ['0', 0],
    ['5000000000', 5_000_000_000],
    ['Available: 5000', 5000],
    ['5000 bytes', 5000],
    ['There are 5000 bytes left in /2024', 5000],
    ['9007199254740991 bytes', Number.MAX_SAFE_INTEGER],
  ])('reads %j', (text, space) => {
    expect(parseSpace(text)).toBe(space);
  });

  it.each([
    '',
    'plenty',
    '-5',
    '5 GB',
    '5 KB',
    '1,000 bytes',
    '5 bytes of 9 bytes',
    '9007199254740992 bytes',
    '1e9',
  ])('does not guess what %j is', (text) => {
    expect(() => parseSpace(text)).toThrow(FtpProtocolError);
  });

  it('takes time that grows with the length of the text alone', () => {
    const started = performance.now();
    expect(() => parseSpace(`${'1 '.repeat(100_000)}x`)).toThrow(FtpProtocolError);
    expect(() => parseSpace(`${'1'.repeat(200_000)}x`)).toThrow(FtpProtocolError);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('parseTransferSize', () => {
  it.each([
    ['Opening BINARY mode data connection for a.txt (1000 bytes).', 1000],
    ['Opening BINARY mode data connection for a.txt (1000 BYTES)', 1000],
    ['Opening data connection for (5 bytes) (1000 bytes)', 1000],
    ['Accepted\nOpening a.txt (7 bytes)\ngo', 7],
    ['(0 bytes)', 0],
  ])('reads %j', (text, size) => {
    expect(parseTransferSize(text)).toBe(size);
  });

  it.each([
    '',
    'Here comes the directory listing.',
    '18.3 kbytes to download',
    '(1000 byte)',
    '(-5 bytes)',
    '(99999999999999999999 bytes)',
    '(9999999999999999 bytes)',
  ])('finds none in %j', (text) => {
    expect(parseTransferSize(text)).toBeUndefined();
  });

  it('stays quick on hostile text', () => {
    // In more than linear time this would not end within the spec's own time limit.
    expect(parseTransferSize('('.repeat(1 << 20))).toBeUndefined();
    expect(parseTransferSize('(1'.repeat(1 << 19))).toBeUndefined();
    expect(parseTransferSize(`(${'1'.repeat(1 << 20)}`)).toBeUndefined();
  });
});

describe('parseStoredName', () => {
  it.each<[string, number, string[], string | undefined]>([
    ['RFC 1123', 150, ['FILE: a b.txt'], 'a b.txt'],
    ['RFC 1123 with 125', 125, ['file: x'], 'x'],
    ['Pure-FTPd', 150, ['Accepted data connection', 'FILE: pureftpd.1', 'go'], 'pureftpd.1'],
    ['inetutils', 226, ['Transfer complete (unique file name:a).1).'], 'a).1'],
    ['ftp-srv', 226, ['/a b'], '/a b'],
    ['a plain 150', 150, ['Opening data connection'], undefined],
    ['an empty name', 150, ['FILE: '], undefined],
    ['a plain 226', 226, ['Transfer complete.'], undefined],
    ['an unfinished one', 226, ['(unique file name:x'], undefined],
    ['a 226 of two lines', 226, ['/a', '/b'], undefined],
    ['a 150 that is a path', 150, ['/a'], undefined],
  ])('reads %s', (_title, code, lines, name) => {
    expect(parseStoredName(createReply(code, lines))).toBe(name);
  });

  it('refuses control characters', () => {
    expect(() => parseStoredName(createReply(150, ['FILE: a\x1bb']))).toThrow(FtpProtocolError);
  });
});

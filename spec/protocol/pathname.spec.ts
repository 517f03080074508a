import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpProtocolError } from '../../lib/errors.js';
import { parsePathname } from '../../lib/protocol/pathname.js';

describe('parsePathname', () => {
  it.each([
    ['"/" is current directory.', '/'],
    ['"/a b/c"', '/a b/c'],
    ['Current directory is "/a"', '/a'],
    ['"/dir""quote" is cwd', '/dir"quote'],
    ['"/""" is cwd', '/"'],
    ['"/dir"quote" is cwd', '/dir"quote'],
    ['"/dir"quote"', '/dir"quote'],
    ['"  /a  " created', '  /a  '],
    ['"\'HLQ.DATA\'" is the working directory', "'HLQ.DATA'"],
    ['Welcome\n"/second/line" is cwd\nthird', '/second/line'],
  ])('reads %j', (text, pathname) => {
    expect(parsePathname(text)).toBe(pathname);
  });

  it.each(['directory created', '', '""', '"" is cwd'])('finds no name in %j (IIS 2003)', (text) => {
    expect(parsePathname(text)).toBeUndefined();
  });

  it.each([
    '"/a',
    '"',
    '/a"b',
    '"/a"b',
    'x" y',
  ])('refuses %j, a quote that is not closed (CVE-2017-1000254)', (text) => {
    expect(() => parsePathname(text)).toThrow(FtpProtocolError);
  });

  it.each([
    '\0',
    '\x1b',
    '\t',
    '\x7f',
    '\r',
  ])('refuses the control character %j, and does not show it (curl 2108)', (character) => {
    expect(() => parsePathname(`"/a${character}b"`)).toThrow(/\\x/);
  });

  it('reads what servers that double quotes write, comment or not', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => [...text].every((c) => c >= ' ' && c !== '\x7f'));
    fc.assert(
      fc.property(name, fc.constantFrom('', ' is cwd', ' created'), (text, comment) => {
        expect(parsePathname(`"${text.replaceAll('"', '""')}"${comment}`)).toBe(text);
      }),
    );
  });
});

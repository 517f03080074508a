import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HASH_ALGORITHMS, type HashAlgorithm, hashAlgorithm } from '../../lib/protocol/hash-algorithms.js';
import { holdsChecksum, parseChecksum, parseHash } from '../../lib/protocol/hash-reply.js';
import { createReply, type Reply } from '../../lib/protocol/reply.js';

const reply = (...lines: readonly string[]): Reply => createReply(213, lines);
const named = (name: string): HashAlgorithm => {
  const found = hashAlgorithm(name);
  if (found === undefined) throw new Error(name);
  return found;
};
const sha1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';
const md5 = 'd41d8cd98f00b204e9800998ecf8427e';

describe('parseHash', () => {
  it.each<[string, readonly string[], object]>([
    ['as the draft has it', [`SHA-1 0-256 ${sha1} filename.ext`], { range: { first: 0, last: 256 }, value: sha1 }],
    ['in upper case', [`sha-1 0-9 ${sha1.toUpperCase()} a`], { range: { first: 0, last: 9 }, value: sha1 }],
    [
      'behind a line that says what goes on (ProFTPD)',
      ['Computing SHA-1 digest', `SHA-1 0-0 ${sha1} a`],
      { value: sha1 },
    ],
    ['without a range', [`SHA-1 ${sha1} a`], { range: undefined, value: sha1 }],
    ['without a name', [`SHA-1 0-5 ${sha1}`], { value: sha1 }],
    ['of a name with blanks and quotes', [`SHA-1 0-5 ${sha1} a "b  c`], { value: sha1 }],
  ])('reads a value %s', (_how, lines, expected) => {
    expect(parseHash(reply(...lines))).toMatchObject({ algorithm: named('SHA-1'), ...expected });
  });

  it('tells of an algorithm that it does not know', () => {
    expect(parseHash(reply(`WHIRL 0-5 ${sha1} a`))).toMatchObject({ algorithm: undefined, value: sha1 });
  });

  it.each([
    '',
    'Done.',
    'SHA-1',
    `${sha1}`,
    `SHA-1 0-256 ${sha1.slice(1)}g a`,
    'SHA-1 0-256 abc a',
    `SHA-1 -1-256 ${sha1} a`,
    `SHA-1 0-99999999999999999 ${sha1} a`,
    `SHA-1 0-9999999999999999 ${sha1} a`,
    `SHA-1 0 ${sha1} a`,
    `SHA-1 0-256 ${'a'.repeat(129)} a`,
  ])('refuses %j', (text) => {
    expect(parseHash(reply(text))).toBeUndefined();
  });

  it('throws for no text, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (lines) => {
        parseHash(reply(...lines));
        for (const algorithm of HASH_ALGORITHMS) parseChecksum(reply(...lines), algorithm, '/a');
      }),
    );
  });
});

describe('parseChecksum', () => {
  it.each<[string, string, string]>([
    ['alone', md5, '/a'],
    ['in upper case (ProFTPD)', md5.toUpperCase(), '/a'],
    ['behind the name', `a ${md5}`, '/a'],
    ['behind a name in quotation marks', `"/a b" ${md5}`, '/a b'],
    ['before the name', `${md5} /a`, '/a'],
    ['in quotation marks', `"${md5}"`, '/a'],
    ['behind a name that looks like a value', `${'0'.repeat(32)} ${md5}`, `/dir/${'0'.repeat(32)}`],
    ['of a file that is called by its value', `${md5} ${md5.toUpperCase()}`, `/${md5}`],
  ])('finds a value %s', (_where, text, path) => {
    expect(parseChecksum(reply('Computing MD5 digest', text), named('MD5'), path)).toBe(md5);
  });

  it.each<[string, string]>([
    ['of another length', md5.slice(1)],
    ['of another algorithm', sha1],
    ['that is one of two', `${md5} ${'0'.repeat(32)}`],
    ['within a word', `x${md5}`],
    ['that is none', 'Done.'],
  ])('takes no value %s', (_what, text) => {
    expect(parseChecksum(reply(text), named('MD5'), '/a')).toBeUndefined();
  });
});

describe('holdsChecksum', () => {
  it.each<[string, string, boolean]>([
    ['XMD5', md5, true],
    ['MD5', `a ${md5}`, true],
    ['XSHA1', md5, false],
    ['XCRC', '0123abcd', true],
    ['HASH', `SHA-1 0-1 ${sha1} a`, true],
    ['HASH', 'Command okay.', false],
  ])('tells for %s whether %j has one', (verb, text, expected) => {
    expect(holdsChecksum(verb, reply(text))).toBe(expected);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { dialogue, type Line, loggedIn } from '../support/raw.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('HASH', () => {
  it('tells the hash of a file, or of the range of RANG', async () => {
    await using at = await loggedIn({ files: { '/a.txt': 'hello', '/none': '', '/dir/': '' } });
    const lines: Line[] = [
      ['HASH a.txt', `213 SHA-256 0-4 ${sha256('hello')} a.txt`],
      ['RANG 1 3', '350 '],
      ['HASH a.txt', `213 SHA-256 1-3 ${sha256('ell')} a.txt`],
      ['HASH a.txt', `213 SHA-256 0-4 ${sha256('hello')} a.txt`],
      ['RANG 1 3', '350 '],
      ['RANG 1 0', '350 '],
      ['HASH a.txt', `213 SHA-256 0-4 ${sha256('hello')} a.txt`],
      ['RANG 3 99', '350 '],
      ['HASH a.txt', `213 SHA-256 3-4 ${sha256('lo')} a.txt`],
      ['RANG 5 9', '350 '],
      ['HASH a.txt', '501 '],
      ['RANG 3 2', '501 '],
      ['RANG x', '501 '],
      ['HASH none', `213 SHA-256 0-0 ${sha256('')} none`],
      ['HASH dir', '553 '],
      ['HASH nope', '550 '],
      ['OPTS HASH MD5', '200 MD5'],
      ['HASH a.txt', '213 MD5 0-4 5d41402abc4b2a76b9719d911017c592 a.txt'],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('reads a made file slice by slice', async () => {
    const asked: number[] = [];
    const size = 200_000;
    const read = (start: number, end: number): Uint8Array => {
      asked.push(end - start);
      return new Uint8Array(end - start).fill(1);
    };
    await using at = await loggedIn({ files: { '/made': { size, read } } });
    const value = createHash('sha256').update(new Uint8Array(size).fill(1)).digest('hex');
    expect(await at.client.send('HASH made')).toBe(`213 SHA-256 0-${size - 1} ${value} made`);
    expect(asked).toEqual([65_536, 65_536, 65_536, 3392]);
  });
});

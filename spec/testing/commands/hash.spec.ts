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

  it.each(['session', 'server'])('reads no more after the end of its %s', async (which) => {
    await using at = await loggedIn();
    let asked = 0;
    let begun = (): void => {};
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const read = (start: number, end: number): Uint8Array => {
      asked += 1;
      begun();
      return new Uint8Array(end - start);
    };
    at.server.files.set('/endless', { size: 2 ** 50, read });
    at.client.write('HASH endless\r\n');
    await isBegun;
    if (which === 'session') at.client.socket.destroy();
    else await at.server[Symbol.asyncDispose]();
    for (let before = -1; before !== asked; ) {
      before = asked;
      for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(asked).toBeGreaterThan(0);
  });
});

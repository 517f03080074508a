import { describe, expect, it } from 'vitest';
import { dialogue, files, type Line, loggedIn } from '../support/raw.js';

describe('files', () => {
  it('have a size and a time', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['SIZE a.txt', '213 5'],
      ['SIZE dir', '550 '],
      ['SIZE nope', '550 '],
      ['MDTM a.txt', '213 20240203040506'],
      ['MDTM dir', '213 20240101000000'],
      ['MDTM nope', '550 '],
      ['MFMT 20200304050607 a.txt', '213 Modify=20200304050607; a.txt'],
      ['MFMT 20200304050607 dir', '213 '],
      ['MFMT 20201304050607 a.txt', '501 '],
      ['MFMT 20200304050607 nope', '550 '],
      ['MFMT 20200304050607 /', '550 '],
      ['MDTM a.txt', '213 20200304050607'],
      ['MDTM dir', '213 20200304050607'],
      ['TYPE A', '200 '],
      ['SIZE a.txt', '550 SIZE needs TYPE I'],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
    expect(at.server.files.get('a.txt')?.modified).toEqual(new Date('2020-03-04T05:06:07Z'));
  });

  it('have no CR and no NUL in their names', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['DELE a\0b', '501 '],
      ['MKD a\rb', '501 '],
      ['NOOP', '200 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('are deleted and renamed', async () => {
    await using at = await loggedIn({ files: { ...files, '/top.txt': 't' } });
    const lines: Line[] = [
      ['DELE dir', '550 '],
      ['DELE nope', '550 '],
      ['RNTO x', '503 '],
      ['RNFR nope', '550 '],
      ['RNFR /', '550 '],
      ['RNFR a.txt', '350 '],
      ['NOOP', '200 '],
      ['RNTO x', '503 '],
      ['RNFR a.txt', '350 '],
      ['RNTO nope/x', '550 '],
      ['RNFR a.txt', '350 '],
      ['RNTO dir', '553 '],
      ['RNFR a.txt', '350 '],
      ['RNTO a.txt', '250 '],
      ['RNFR a.txt', '350 '],
      ['RNTO dir/b.txt', '250 '],
      ['RNFR dir', '350 '],
      ['RNTO dir/inner', '553 '],
      ['RNFR dir', '350 '],
      ['RNTO top.txt', '553 '],
      ['RNFR dir', '350 '],
      ['RNTO empty/moved', '250 '],
      ['DELE nope', '550 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
    expect([...at.server.files].map(([path, { text }]) => [path, text])).toEqual([
      ['/empty/', ''],
      ['/top.txt', 't'],
      ['/empty/moved/b.txt', 'hello'],
    ]);
  });
});

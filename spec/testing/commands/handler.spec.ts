import { describe, expect, it } from 'vitest';
import { quoted } from '../../../lib/testing/commands/handler.js';
import { dialogue, type Line, loggedIn } from '../support/raw.js';

describe('a path', () => {
  it('is seen from the directory of the session', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['CWD dir', '250 '],
      ['SIZE b.txt', '213 4'],
      ['SIZE ./b.txt', '213 4'],
      ['SIZE ../a.txt', '213 5'],
      ['SIZE /a.txt', '213 5'],
      ['SIZE ../../a.txt', '213 5'],
      ['SIZE a.txt', '550 a.txt: No such file or directory.'],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('has its quotes doubled in a 257', () => {
    expect([quoted('/'), quoted('/a "b"')]).toEqual(['"/"', '"/a ""b"""']);
  });
});

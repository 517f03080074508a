import { describe, expect, it } from 'vitest';
import { dialogue, type Line, loggedIn } from '../support/raw.js';

describe('directories', () => {
  it('are gone to, made and removed', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['PWD', '257 "/" '],
      ['CWD dir', '250 '],
      ['XPWD', '257 "/dir" '],
      ['CWD b.txt', '550 '],
      ['CWD nope', '550 '],
      ['CWD', '501 '],
      ['CDUP', '250 '],
      ['CDUP', '250 '],
      ['PWD', '257 "/" '],
      ['XCWD /empty/../dir//.', '250 The directory is /dir'],
      ['XCUP', '250 '],
      ['MKD new', '257 "/new" '],
      ['MKD new', '550 '],
      ['MKD a.txt', '550 '],
      ['MKD no/such', '550 '],
      ['XMKD new/x"y', '257 "/new/x""y" '],
      ['RMD new', '550 '],
      ['XRMD new/x"y', '250 '],
      ['RMD new', '250 '],
      ['RMD new', '550 '],
      ['RMD a.txt', '550 '],
      ['RMD /', '550 '],
      ['RMD empty', '250 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
    expect([...at.server.files.keys()]).toEqual(['/a.txt', '/dir/b.txt']);
  });

  it('stay when their last file goes', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['DELE dir/b.txt', '250 '],
      ['CWD dir', '250 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
    expect([...at.server.files.keys()]).toEqual(['/a.txt', '/empty/', '/dir/']);
  });
});

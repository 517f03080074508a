import { describe, expect, it } from 'vitest';
import { connected, dialogue, type Line, loggedIn } from '../support/raw.js';

describe('a login', () => {
  it.each<[string, object, readonly Line[]]>([
    [
      'anybody gets in where no user is named',
      {},
      [
        ['USER me', '331 '],
        ['PASS x', '230 '],
      ],
    ],
    [
      'any password will do where none is named',
      { user: 'me' },
      [
        ['USER me', '331 '],
        ['PASS x', '230 '],
      ],
    ],
    [
      'the user and the password must be right',
      { user: 'me', password: 'good' },
      [
        ['USER me', '331 '],
        ['PASS bad', '530 '],
        ['PWD', '530 '],
        ['USER you', '331 '],
        ['PASS good', '530 '],
        ['USER me', '331 '],
        ['PASS good', '230 '],
        ['PWD', '257 "/" '],
        ['PASS bad', '530 '],
        ['PWD', '530 '],
      ],
    ],
    ['USER comes before PASS', {}, [['PASS x', '503 ']]],
    [
      'without it little is answered',
      {},
      [
        ['SYST', '215 UNIX Type: L8'],
        ['NOOP', '200 '],
        ['FEAT', '211-'],
        ['ACCT x', '202 '],
        ['PWD', '530 '],
        ['RETR a.txt', '530 '],
        ['XYZZ', '500 '],
      ],
    ],
  ])('%s', async (_what, options, lines) => {
    await using at = await connected(options);
    expect(await at.client.reply()).toBe('220 Ready (rxftp test server)');
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('ends by REIN, which forgets the directory and the type', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['CWD dir', '250 '],
      ['REIN', '220 '],
      ['PWD', '530 '],
      ['USER me', '331 '],
      ['PASS x', '230 '],
      ['PWD', '257 "/" '],
      ['SIZE a.txt', '550 SIZE needs TYPE I'],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('ends by QUIT, and the connection with it', async () => {
    await using at = await loggedIn();
    expect(await at.client.send('QUIT')).toBe('221 Goodbye.');
    expect(await at.client.reply()).toBeUndefined();
  });

  it('is shown in the commands without its secrets', async () => {
    await using at = await connected({ greeting: 'Hello' });
    expect(await at.client.reply()).toBe('220 Hello');
    for (const line of [
      'user me',
      'pass secret',
      'ACCT secret',
      'PASS',
      'PASS\tsecret',
      ' PASS secret',
      'PASS a\0secret',
    ]) {
      await at.client.send(line);
    }
    expect(at.server.commands).toEqual(['USER me', 'PASS ***', 'ACCT ***', 'PASS', 'PASS ***', 'PASS ***', 'PASS ***']);
  });
});

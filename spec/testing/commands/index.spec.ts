import { describe, expect, it } from 'vitest';
import { VERBS } from '../../../lib/testing/verbs.js';
import { connected, dialogue, type Line, loggedIn } from '../support/raw.js';

const BEFORE_LOGIN = 'USER PASS ACCT REIN QUIT AUTH PBSZ PROT CCC FEAT OPTS SYST HELP NOOP'.split(' ');

describe('a command', () => {
  it('needs a login, but for those of the login itself', async () => {
    await using at = await connected();
    await at.client.reply();
    const lines = VERBS.filter((verb) => !BEFORE_LOGIN.includes(verb)).map((verb): Line => [verb, '530 Log in']);
    expect(lines.length).toBeGreaterThan(30);
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('needs its argument, without CR and NUL', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ...['DELE', 'CWD', 'RNFR', 'TYPE', 'RETR', 'STOR'].map((verb): Line => [verb, `501 ${verb} needs an argument.`]),
      ['DELE a\rtxt', '501 The argument holds a CR or a NUL.'],
      ['DELE a\0txt', '501 The argument holds a CR or a NUL.'],
      ['LIST', '425 '],
      ['RETT a.txt', '500 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
  });

  it('between RNFR and RNTO ends the rename', async () => {
    await using at = await loggedIn();
    const lines: Line[] = [
      ['RNFR a.txt', '350 '],
      ['NOOP', '200 '],
      ['RNTO b.txt', '503 '],
    ];
    expect(await dialogue(at.client, lines)).toEqual(lines);
    expect(at.server.files.has('/a.txt')).toBe(true);
  });
});

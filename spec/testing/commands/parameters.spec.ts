import { describe, expect, it } from 'vitest';
import { dialogue, type Line, loggedIn } from '../support/raw.js';

describe('the parameters of transfers', () => {
  const lines: Line[] = [
    ['TYPE A', '200 '],
    ['TYPE A N', '200 '],
    ['TYPE L 8', '200 '],
    ['type i', '200 '],
    ['TYPE E', '504 '],
    ['TYPE', '501 '],
    ['STRU F', '200 '],
    ['STRU R', '504 '],
    ['MODE S', '200 '],
    ['MODE B', '504 '],
    ['ALLO 1000', '202 '],
    ['SMNT /', '502 '],
    ['SYST', '215 UNIX Type: L8'],
    ['NOOP', '200 '],
    ['HELP', '214-'],
    ['HELP retr', '214 '],
    ['HELP nope', '502 '],
    ['STAT', '211-'],
    ['SITE CHMOD 600 a.txt', '200 '],
    ['SITE CHMOD 600 nope', '550 '],
    ['SITE CHMOD 600 /', '550 '],
    ['SITE CHMOD 999 a.txt', '504 '],
    ['SITE HELP', '504 '],
    ['', '500 '],
    ['toString', '500 '],
  ];

  it('are answered as RFC 959 says', async () => {
    await using at = await loggedIn();
    expect(await dialogue(at.client, lines)).toEqual(lines);
    expect(at.server.files.get('/a.txt')?.mode).toBe(0o600);
  });

  it('name Windows where LIST is to look like that', async () => {
    await using at = await loggedIn({ listing: 'dos' });
    expect(await at.client.send('SYST')).toBe('215 Windows_NT');
  });
});

import { describe, expect, it } from 'vitest';
import { EXCHANGES } from '../../lib/protocol/exchange.js';
import { isExtension } from '../../lib/protocol/extensions.js';

/** RFC 959 section 4.1, what it has of RFC 775, and what RFC 2389 itself brings. */
const BASE = [
  ...[
    'GREETING',
    'USER',
    'PASS',
    'ACCT',
    'CWD',
    'CDUP',
    'SMNT',
    'REIN',
    'QUIT',
    'PORT',
    'PASV',
    'TYPE',
    'STRU',
    'MODE',
  ],
  ...['RETR', 'STOR', 'STOU', 'APPE', 'ALLO', 'REST', 'RNFR', 'RNTO', 'ABOR', 'DELE', 'RMD', 'MKD', 'PWD', 'LIST'],
  ...['NLST', 'SITE', 'SYST', 'STAT', 'HELP', 'NOOP', 'XCWD', 'XCUP', 'XPWD', 'XMKD', 'XRMD', 'FEAT', 'OPTS', 'ADAT'],
];

describe('isExtension', () => {
  it('is true of every verb of the table of replies that is not of RFC 959', () => {
    const extensions = Object.keys(EXCHANGES).filter((verb) => !BASE.includes(verb));
    expect(extensions.filter((verb) => !isExtension(verb))).toEqual([]);
    expect(extensions.length).toBeGreaterThan(25);
  });

  it.each([...BASE, 'XYZZY', 'size', ''])('is false of %j', (verb) => {
    expect(isExtension(verb)).toBe(false);
  });
});

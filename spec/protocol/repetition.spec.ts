import { describe, expect, it } from 'vitest';
import { command } from '../../lib/protocol/command.js';
import { EXCHANGES } from '../../lib/protocol/exchange.js';
import { mustNotComeLate, repetitionOf, showsNotBegun } from '../../lib/protocol/repetition.js';

const expected = {
  asks: 'AVBL FEAT HASH HELP LIST MD5 MDTM MLSD MLST NLST PWD RETR SIZE STAT SYST XCRC XMD5 XPWD XSHA1 XSHA256 XSHA512',
  sets: 'CDUP CWD NOOP OPTS PBSZ PROT STOR TYPE XCUP XCWD',
  once: 'ABOR ACCT AUTH CCC PASS QUIT REIN RNTO USER',
  acts: 'APPE DELE MFMT MKD RMD RNFR SITE SMNT STOU XMKD XRMD NEWVERB CONSTRUCTOR',
};

describe('the repetition of a command', () => {
  it.each(Object.entries(expected))('is that of a verb that %s', (repetition, verbs) => {
    for (const verb of verbs.split(' ')) expect([verb, repetitionOf(command(verb))]).toEqual([verb, repetition]);
  });

  it('is known of no verb by chance: all others of the table of replies act', () => {
    const named = Object.values(expected).join(' ').split(' ');
    for (const verb of Object.keys(EXCHANGES)) if (!named.includes(verb)) expect(repetitionOf({ verb })).toBe('acts');
  });

  it.each([
    [421, true],
    [425, true],
    [450, true],
    [426, false],
    [451, false],
    [452, false],
    [550, false],
  ])('may follow the refusal %i: %s', (code, shows) => {
    expect(showsNotBegun(code)).toBe(shows);
  });

  it('is harmful when it comes late, where it changes files by itself', () => {
    const harmful = ['STOR', 'APPE', 'STOU', 'DELE', 'MKD', 'XMKD', 'RMD', 'XRMD', 'RNTO', 'MFMT', 'SITE'];
    for (const verb of harmful) expect([verb, mustNotComeLate({ verb })]).toEqual([verb, true]);
    for (const verb of Object.keys(EXCHANGES)) {
      if (!harmful.includes(verb)) expect([verb, mustNotComeLate({ verb })]).toEqual([verb, false]);
    }
  });
});

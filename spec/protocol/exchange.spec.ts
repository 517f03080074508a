import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriesValue, EXCHANGES, type Outcome, outcomeOf, outcomeOfAnswer } from '../../lib/protocol/exchange.js';
import { createReply } from '../../lib/protocol/reply.js';

/** A text with the value that the verb promises. */
const TEXTS: Readonly<Record<string, string>> = {
  ...{
    SIZE: '12',
    AVBL: '12',
    MDTM: '20240229010203',
    PASV: 'Here (127,0,0,1,1,2)',
    PWD: '"/a"',
    XPWD: '"/a"',
    MKD: '"/a"',
    XMKD: '"/a"',
  },
  EPSV: 'Here (|||258|) or (127,0,0,1,1,2)',
  HASH: 'CRC32 0-1 0123abcd a',
  XCRC: '0123ABCD',
  XMD5: 'a'.repeat(32),
  MD5: `a ${'a'.repeat(32)}`,
  XSHA: 'a'.repeat(40),
  XSHA1: 'a'.repeat(40),
  XSHA256: 'a'.repeat(64),
  XSHA512: 'a'.repeat(128),
};
const text = (verb: string): string => (Object.hasOwn(TEXTS, verb) ? TEXTS[verb] : undefined) ?? 'text';

const outcome = (verb: string, code: number): Outcome => outcomeOf(verb, createReply(code, [text(verb)]));

/** The usual codes of the whole range, as a row of the table prints them. */
function row(verb: string): string {
  const names: [Outcome, string][] = [
    ['preliminary', '1'],
    ['intermediate', '3'],
    ['completion', '2'],
  ];
  return names
    .map(([name]) => {
      const codes: number[] = [];
      for (let code = 100; code < 400; code += 1) if (outcome(verb, code) === name) codes.push(code);
      return codes.length === 0 ? '' : `${name} ${codes.length === 100 ? 'any' : codes.join(' ')}`;
    })
    .filter((part) => part !== '')
    .join('; ');
}

const DONE = 'completion 200 202 250';
const TRANSFER = 'preliminary 110 125 150; completion 226 250';
const ANY = 'preliminary any; intermediate any; completion any';

const ROWS: Readonly<Record<string, string>> = {
  GREETING: 'preliminary 120; completion 220 230',
  USER: 'intermediate 331 332 336; completion 230 232',
  PASS: 'intermediate 332; completion 202 230 232',
  ACCT: 'completion 202 230',
  REIN: 'preliminary 120; completion 220',
  QUIT: 'completion any',
  AUTH: 'intermediate 334; completion 234',
  ADAT: 'intermediate 335; completion 235',
  HOST: 'completion 200 202 220 250',
  PWD: 'completion 257',
  XPWD: 'completion 257',
  MKD: 'completion 200 250 257',
  XMKD: 'completion 200 250 257',
  RNFR: 'intermediate 350',
  REST: 'intermediate 350',
  RANG: 'intermediate 350',
  SITE: 'intermediate 350; completion 200 202 210 211 212 213 214 215 250 257',
  PASV: 'completion 227',
  EPSV: 'completion 227 229',
  ABOR: 'completion 200 225 226',
  SYST: 'completion 200 215',
  STAT: 'completion 211 212 213',
  HELP: 'completion 200 211 214',
  FEAT: 'completion 211',
  MLST: 'completion 250',
  MD5: 'completion 200 213 250 251',
  MMD5: 'completion 252',
};
for (const verb of 'RETR STOR STOU APPE LIST NLST MLSD'.split(' ')) Object.assign(ROWS, { [verb]: TRANSFER });
for (const verb of 'SIZE MDTM AVBL'.split(' ')) Object.assign(ROWS, { [verb]: 'completion 213' });
for (const verb of 'MFMT MFCT MFF'.split(' ')) Object.assign(ROWS, { [verb]: 'completion 200 202 213 250' });
for (const verb of 'HASH XCRC XMD5 XSHA XSHA1 XSHA256 XSHA512'.split(' '))
  Object.assign(ROWS, { [verb]: 'completion 200 213 250' });
for (const verb of 'PBSZ PROT CCC CWD XCWD CDUP XCUP SMNT RMD XRMD DELE RNTO TYPE MODE STRU ALLO OPTS LANG CLNT NOOP PRET PORT EPRT'.split(
  ' ',
)) {
  Object.assign(ROWS, { [verb]: DONE });
}

describe('EXCHANGES', () => {
  it('has just these rows', () => {
    expect(Object.keys(EXCHANGES).sort()).toEqual(Object.keys(ROWS).sort());
  });

  it.each(Object.keys(ROWS))('%s is usually answered as the RFCs say and servers do', (verb) => {
    expect(row(verb)).toBe(ROWS[verb]);
  });

  it('is frozen, rows and codes too', () => {
    for (const value of [
      EXCHANGES,
      ...Object.values(EXCHANGES),
      ...Object.values(EXCHANGES).map((e) => e.completion),
    ]) {
      expect(Object.isFrozen(value)).toBe(true);
    }
  });
});

describe('outcomeOf', () => {
  it('calls every 4yz and 5yz a refusal, whatever the command', () => {
    const verb = fc.constantFrom(...Object.keys(EXCHANGES), 'XYZZY');
    fc.assert(fc.property(verb, fc.integer({ min: 400, max: 599 }), (name, code) => outcome(name, code) === 'refusal'));
  });

  it.each([
    'XYZZY',
    'CONSTRUCTOR',
    'toString',
    '__proto__',
  ])('takes the replies to %s, which it does not know, as they come', (verb) => {
    expect(row(verb)).toBe(ANY);
  });

  it.each<[string, string, number]>([
    ['a stray 250 for PWD', 'PWD', 250],
    ["a late NOOP's 200 for a transfer", 'RETR', 200],
    ["ABOR's 225 for a transfer", 'STOR', 225],
    ["a transfer's 226 for CWD", 'CWD', 226],
    ["a transfer's 226 for SITE", 'SITE', 226],
    ['an injected 230 for AUTH (CVE-2021-22947)', 'AUTH', 230],
    ['a preliminary reply to NOOP', 'NOOP', 150],
    ['a 331 for PASS', 'PASS', 331],
  ])('calls %s odd', (_title, verb, code) => {
    expect(outcome(verb, code)).toBe('odd');
  });

  it.each(Object.keys(TEXTS))('calls a 2yz odd that does not bring the value of %s', (verb) => {
    const usual = EXCHANGES[verb]?.completion ?? [];
    for (const code of usual === 'any' ? [] : usual) {
      for (const bad of ['', 'text', '"/\x07"', '99999999999999999999', '(|||0|)', '(1,2,3)']) {
        expect(outcomeOf(verb, createReply(code, [bad]))).toBe('odd');
      }
    }
  });
});

describe('outcomeOfAnswer', () => {
  const answer = (verb: string, code: number, said = text(verb)): string =>
    outcomeOfAnswer(verb, createReply(code, [said]));

  it('goes by the class: a 2yz completes, and a 3yz leads nowhere', () => {
    expect([answer('CWD', 226), answer('CWD', 331), answer('RETR', 200), answer('TYPE', 226)]).toEqual([
      ...['completion', 'refusal', 'completion', 'completion'],
    ]);
  });

  it('is a refusal without the value that was asked for; MKD needs none', () => {
    expect([answer('SIZE', 250), answer('SIZE', 250, 'x'), answer('EPSV', 229, 'x'), answer('PWD', 250, 'x')]).toEqual([
      ...['completion', 'refusal', 'refusal', 'refusal'],
    ]);
    expect(answer('MKD', 250, 'done')).toBe('completion');
  });
});

describe('carriesValue', () => {
  const carries = (verb: string, code: number): boolean => carriesValue(verb, createReply(code, [text(verb)]));

  it.each([
    ['PWD', 257],
    ['MKD', 257],
    ['SIZE', 213],
    ['EPSV', 229],
    ['RETR', 150],
    ['STOU', 226],
    ['FEAT', 211],
    ['SITE', 214],
    ['XFOO', 200],
  ])('%s %i is an answer', (verb, code) => {
    expect(carries(verb, code)).toBe(true);
  });

  it.each([
    ['PASS', 230],
    ['USER', 331],
    ['QUIT', 221],
    ['ABOR', 226],
    ['NOOP', 200],
    ['RNFR', 350],
    ['GREETING', 220],
  ])('%s %i only says how it went', (verb, code) => {
    expect(carries(verb, code)).toBe(false);
  });

  it.each([
    ['PWD', 550],
    ['SIZE', 450],
    ['PWD', 250],
    ['SIZE', 150],
  ])('%s %i is none', (verb, code) => {
    expect(carries(verb, code)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { requireKnownVerb, requireVerb, VERBS } from '../../lib/testing/verbs.js';
import { dialogue, loggedIn } from './support/raw.js';

describe('the verbs of the test server', () => {
  it('are all verbs', () => {
    for (const verb of VERBS) expect(requireVerb(verb.toLowerCase())).toBe(verb);
  });

  it('are all answered', async () => {
    await using at = await loggedIn();
    const plain = VERBS.filter((verb) => !['QUIT', 'REIN', 'USER', 'PASS'].includes(verb));
    const seen = await dialogue(
      at.client,
      plain.map((verb) => [verb, '500 ']),
    );
    expect(seen.filter(([, reply]) => reply === '500 ')).toEqual([]);
  });

  it('are joined by those of a handler', () => {
    expect(requireKnownVerb('avbl', new Set(['AVBL']))).toBe('AVBL');
    expect(() => requireKnownVerb('AVBL', new Set())).toThrow('"AVBL" is no verb of the test server');
  });

  it.each([
    'MD5',
    'XSHA256',
    'XMD5',
    'CLNT',
    'AVBL',
    'MFCT',
    'HELLO',
  ])('may be one of an extension: %s', async (verb) => {
    expect(requireVerb(verb.toLowerCase())).toBe(verb);
    await using at = await loggedIn();
    at.server.on(verb, () => '251 Done.');
    expect(await at.client.send(`${verb} a.txt`)).toBe('251 Done.');
  });

  it.each(['M', 'M5', '5MD', 'MD-5', 'MD 5', 'MÄD', 'M'.repeat(17), 5, undefined])('are no other text: %s', (verb) => {
    expect(() => requireVerb(verb as string)).toThrow('is no FTP verb');
  });

  it.each([
    ['RETRIEVE', 'RETR'],
    ['mkdir', 'MKD'],
  ])('are not the names of people: %s', (name, verb) => {
    expect(() => requireVerb(name)).toThrow(`is no FTP verb: did you mean ${verb}?`);
  });
});

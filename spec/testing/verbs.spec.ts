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

  it('may be experimental ones', () => {
    expect(requireVerb('XSHA256')).toBe('XSHA256');
  });
});

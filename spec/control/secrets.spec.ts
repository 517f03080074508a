import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secrets } from '../../lib/control/secrets.js';
import { createReply } from '../../lib/protocol/reply.js';

describe('secrets', () => {
  it('are found and masked in every line of a reply, whose code stays', () => {
    const secrets = new Secrets();
    secrets.add(['open sesame']);
    const reply = createReply(530, ['No: open sesame', 'and again open sesame, open sesame']);
    expect(secrets.areIn(reply)).toBe(true);
    const concealed = secrets.conceal(reply);
    expect([concealed.code, concealed.lines]).toEqual([530, ['No: ***', 'and again ***, ***']]);
    expect(secrets.areIn(concealed)).toBe(false);
  });

  it('are none before one was sent, and stay when others are sent', () => {
    const secrets = new Secrets();
    expect([secrets.areIn(createReply(200, ['one'])), secrets.mask('one')]).toEqual([false, 'one']);
    secrets.add(['one']);
    secrets.add(['two']);
    expect(secrets.mask('one and two')).toBe('*** and ***');
    expect(secrets.areIn(createReply(200, ['three']))).toBe(false);
  });

  it('of one or two characters are left alone, since they would stand all over the text', () => {
    const secrets = new Secrets();
    secrets.add(['ab', 'abc']);
    expect(secrets.mask('ab abc')).toBe('ab ***');
  });

  it('are never left in a masked line', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcd'), minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), fc.string(), (texts, around) => {
        const secrets = new Secrets();
        secrets.add(texts);
        const masked = secrets.mask(`${around}${texts.join(around)}`);
        for (const text of texts) expect(masked).not.toContain(text);
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { Representation } from '../../lib/control/representation.js';
import { FtpReplyError } from '../../lib/errors.js';
import { createReply } from '../../lib/protocol/reply.js';
import { FakeSession } from '../data/support/fake-session.js';

const done = { outcome: 'completion', reply: createReply(200, ['Type set.']) } as const;
const refused = { outcome: 'refusal', reply: createReply(504, ['No.']) } as const;

function representing(answer: FakeSession['answer'] = () => done) {
  const session = new FakeSession();
  session.answer = answer;
  return { session, representation: new Representation(session.real) };
}

describe('the representation type', () => {
  it('is set when it is another one, and not again', async () => {
    const { session, representation } = representing();
    for (const type of ['I', 'I', 'A', 'A', 'I']) await representation.ensure(type, {});
    expect(session.told).toEqual(['TYPE I', 'TYPE A', 'TYPE I']);
  });

  it('is asked for once by all that wait for it', async () => {
    const { session, representation } = representing();
    await Promise.all([1, 2, 3].map(() => representation.ensure('I', {})));
    expect(session.told).toEqual(['TYPE I']);
  });

  it('that is refused fails all that wait for it, and is asked for again', async () => {
    const { session, representation } = representing(() => refused);
    const waiting = await Promise.allSettled([representation.ensure('I', {}), representation.ensure('I', {})]);
    expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(representation.ensure('I', {})).rejects.toThrow(FtpReplyError);
    session.answer = () => done;
    await representation.ensure('I', {});
    expect(session.told).toEqual(['TYPE I', 'TYPE I', 'TYPE I']);
  });

  it('passes on a lost connection', async () => {
    const lost = new Error('lost');
    const { representation } = representing(() => Promise.reject(lost));
    await expect(representation.ensure('A', {})).rejects.toBe(lost);
  });
});

/** Checks when the client names a transfer by PRET before a passive port opens. */
import { describe, expect, it } from 'vitest';
import { needsPret, pretFor, sendPret } from '../../lib/control/pret.js';
import type { FinalReply } from '../../lib/control/request.js';
import { profileOf } from '../../lib/control/server-profile.js';
import { FtpReplyError } from '../../lib/errors.js';
import { command } from '../../lib/protocol/command.js';
import { Features } from '../../lib/protocol/features.js';
import { createReply } from '../../lib/protocol/reply.js';
import { FakeSession } from '../data/support/fake-session.js';

const RETR = command('RETR', '/a b');

/** A session whose server names PRET. */
function session(change: (session: FakeSession) => void = () => {}): FakeSession {
  const made = new FakeSession();
  made.learn({ type: 'features named', features: Features.of(['PRET', 'SIZE']) });
  change(made);
  return made;
}

describe('PRET', () => {
  it.each(['passive', 'epsv', 'pasv'] as const)('tells of the transfer where FEAT names it (mode %s)', (mode) => {
    const { real } = session(({ settings }) => Object.assign(settings, { mode }));
    expect(needsPret(real)).toBe(true);
    expect(pretFor(real, RETR)?.line).toBe('PRET RETR /a b');
    expect(pretFor(real, command('LIST'))?.line).toBe('PRET LIST');
  });

  it.each<[string, (session: FakeSession) => void]>([
    ['in active mode', ({ settings }) => Object.assign(settings, { mode: 'active' })],
    ['where FEAT does not name it', (one) => one.learn({ type: 'features named', features: Features.of(['SIZE']) })],
    ['where nothing is known', (one) => one.learn({ type: 'features named', features: Features.none })],
    ['to Pure-FTPd, which names it and does without', (one) => Object.assign(one, { profile: profileOf('Pure-FTPd') })],
  ])('is not sent %s', (_where, change) => {
    const { real } = session(change);
    expect([needsPret(real), pretFor(real, RETR)]).toEqual([false, undefined]);
  });

  it.each([true, false])('lets the transfer go on, with a fence at its end where the reply is odd: %s', async (odd) => {
    const at = session();
    const final: FinalReply = { reply: createReply(200, ['Fine.']), outcome: 'completion', odd };
    at.answer = () => final;
    expect(await sendPret(at.real, command('PRET', RETR.line))).toBe(odd);
    expect(at.told).toEqual(['PRET RETR /a b']);
  });

  it('refused is the error', async () => {
    const at = session();
    at.answer = () => ({ reply: createReply(550, ['No slave is up.']), outcome: 'refusal' });
    const sent = sendPret(at.real, command('PRET', RETR.line));
    await expect(sent).rejects.toBeInstanceOf(FtpReplyError);
    await expect(sent).rejects.toMatchObject({ command: 'PRET RETR /a b', reply: { code: 550 }, outcome: 'refused' });
  });
});

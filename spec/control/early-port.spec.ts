/** Checks when a port is asked for early, and the use of that port; spec/control/next-port.spec.ts has the transfers. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { askPortEarly, asksByEpsv, doubtEarlyPort, takeEarlyPort } from '../../lib/control/early-port.js';
import type { FinalReply } from '../../lib/control/request.js';
import { profileOf } from '../../lib/control/server-profile.js';
import { Features } from '../../lib/protocol/features.js';
import { createReply } from '../../lib/protocol/reply.js';
import { FakeSession } from '../data/support/fake-session.js';

const granted: FinalReply = { outcome: 'completion', reply: createReply(229, ['Entering (|||4000|)']) };
const refusal = (code: number): FinalReply => ({ outcome: 'refusal', reply: createReply(code, ['No.']) });

/** A session for which all is right, and a transfer waits. */
function session(change: (session: FakeSession) => void = () => {}): FakeSession {
  const made = new FakeSession();
  made.profile = profileOf('(vsFTPd 3.0.3)');
  made.nextKind = 'transfer';
  made.answer = () => granted;
  change(made);
  return made;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});

describe('asksByEpsv', () => {
  it.each([
    ['passive', true, false],
    ['epsv', true, true],
    ['pasv', false, false],
    ['active', false, false],
  ] as const)('mode %s: %s, and %s once the server is known to be without it', (mode, before, after) => {
    const at = session((one) => {
      one.settings = { mode };
    });
    expect(asksByEpsv(at.real)).toBe(before);
    at.learned.doWithout('EPSV');
    expect(asksByEpsv(at.real)).toBe(after);
  });
});

describe('askPortEarly', () => {
  it.each(['transfer', 'listing'] as const)('asks where a %s waits, once', (kind) => {
    const at = session((one) => {
      one.nextKind = kind;
    });
    expect([askPortEarly(at.real), askPortEarly(at.real)]).toEqual([true, false]);
    expect(at.told).toEqual(['EPSV']);
  });

  it.each<[string, (session: FakeSession) => void]>([
    ['the server is not known', (one) => Object.assign(one, { profile: profileOf('') })],
    ['the trust is lost', ({ learned }) => learned.doWithout('EPSV ahead')],
    ['ports are asked for by PASV', ({ settings }) => Object.assign(settings, { mode: 'pasv' })],
    ['the server wants PRET first', (one) => one.learn({ type: 'features named', features: Features.of(['PRET']) })],
    ['no work waits', (one) => Object.assign(one, { nextKind: undefined })],
    ['a plain command waits', (one) => Object.assign(one, { nextKind: 6 })],
    ['a sequence waits', (one) => Object.assign(one, { nextKind: 'exclusive' })],
  ])('asks for nothing where %s', (_what, change) => {
    const at = session(change);
    expect(askPortEarly(at.real)).toBe(false);
    expect([at.told, at.earlyPort]).toEqual([[], undefined]);
  });

  it.each<[string, () => FinalReply | Promise<FinalReply>, boolean]>([
    ['a port', () => granted, true],
    ['a refusal', () => refusal(500), false],
    ['the refusal of a login (530)', () => refusal(530), true],
    ['the end of the connection', () => Promise.reject(new Error('lost')), false],
  ])('keeps or loses the trust by the answer: %s', async (_what, answer, held) => {
    const at = session((one) => {
      one.answer = answer;
    });
    askPortEarly(at.real);
    await at.earlyPort?.final.catch(() => undefined);
    expect(!at.learned.lacks('EPSV ahead')).toBe(held);
  });
});

describe('takeEarlyPort', () => {
  it('gives the port once, and none where none was asked for', async () => {
    const at = session();
    expect(await takeEarlyPort(at.real)).toBeUndefined();
    askPortEarly(at.real);
    expect(await takeEarlyPort(at.real)).toEqual(granted);
    expect(await takeEarlyPort(at.real)).toBeUndefined();
  });

  it.each([
    [2_000, granted],
    [2_001, undefined],
  ])('after %i ms gives %j', async (ms, port) => {
    const at = session();
    askPortEarly(at.real);
    vi.advanceTimersByTime(ms);
    expect(await takeEarlyPort(at.real)).toEqual(port);
    expect(at.earlyPort).toBeUndefined();
  });

  it('gives a refusal too, and passes on a lost connection', async () => {
    const lost = new Error('lost');
    const [refused, broken] = [session(), session()];
    refused.answer = () => refusal(500);
    broken.answer = () => Promise.reject(lost);
    askPortEarly(refused.real);
    askPortEarly(broken.real);
    expect(await takeEarlyPort(refused.real)).toEqual(refusal(500));
    await expect(takeEarlyPort(broken.real)).rejects.toBe(lost);
  });
});

describe('doubtEarlyPort', () => {
  it('loses the trust at once, and waits for the answer, whatever that is', async () => {
    const at = session();
    let lose: (error: Error) => void = () => {};
    at.answer = () =>
      new Promise((_resolve, reject) => {
        lose = reject;
      });
    askPortEarly(at.real);
    const over = vi.fn();
    const doubted = doubtEarlyPort(at.real).then(over);
    expect(at.learned.lacks('EPSV ahead')).toBe(true);
    await new Promise(setImmediate);
    expect(over).not.toHaveBeenCalled();
    lose(new Error('lost'));
    await doubted;
    await doubtEarlyPort(session().real);
  });
});

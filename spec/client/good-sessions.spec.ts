import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { GoodSessions, isClosedHere, isGivenUp, lostEarly } from '../../lib/client/good-sessions.js';
import type { ControlSession } from '../../lib/control/control-session.js';
import { FtpConnectionError, FtpSecurityError, FtpTimeoutError } from '../../lib/errors.js';

/** A session, as far as it is looked at. */
function sessionOf(settled?: Promise<void>): { readonly session: ControlSession; readonly answer: () => void } {
  const progress$ = new Subject<void>();
  const session = { settled, channel: { progress$ } } as unknown as ControlSession;
  return { session, answer: () => progress$.next() };
}

function goodSessions(): { readonly good: GoodSessions; readonly told: () => number } {
  let told = 0;
  const good = new GoodSessions(() => {
    told += 1;
  });
  return { good, told: () => told };
}

describe('a session', () => {
  it('is good once it has answered an operation, which is told once', () => {
    const { good, told } = goodSessions();
    const { session, answer } = sessionOf();
    answer();
    good.watch(session);
    good.watch(session);
    expect([good.has(session), told()]).toEqual([false, 0]);
    answer();
    answer();
    expect([good.has(session), told()]).toEqual([true, 1]);
  });

  it('is not good by what is still answered of its login', async () => {
    const { good } = goodSessions();
    let settle = (): void => {};
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const { session, answer } = sessionOf(settled);
    good.watch(session);
    answer();
    settle();
    await settled;
    expect(good.has(session)).toBe(false);
    answer();
    expect(good.has(session)).toBe(true);
  });

  it('is never good where the rest of its login fails', async () => {
    const { good } = goodSessions();
    const settled = Promise.reject(new Error('lost'));
    const { session, answer } = sessionOf(settled);
    good.watch(session);
    await settled.catch(() => undefined);
    answer();
    expect(good.has(session)).toBe(false);
  });
});

const lost = (phase: 'close' | 'command'): FtpConnectionError =>
  new FtpConnectionError('The server hung up.', { channel: 'control', phase, transient: true });
const late = (phase: 'abort' | 'reply', command?: string): FtpTimeoutError =>
  new FtpTimeoutError('Late.', { phase, afterMs: 1, command });

describe('the loss of a session', () => {
  it('right after its login is told so, as nothing that was done', () => {
    const cause = lost('command');
    const error = lostEarly(cause);
    expect(error).toMatchObject({ phase: 'command', transient: true, outcome: 'none', cause });
    expect(error.message).toContain('The login was accepted');
    const security = new FtpSecurityError('No.', {});
    expect(lostEarly(security)).toBe(security);
  });

  it.each([
    [lost('close'), true],
    [lost('command'), false],
    [late('abort'), false],
  ])('may be the client’s own end of it: %o', (cause, expected) => {
    expect(isClosedHere(cause)).toBe(expected);
  });

  it.each([
    [late('abort'), true],
    [late('reply', 'EPSV'), true],
    [late('reply', 'PASV'), false],
    [lost('command'), false],
  ])('may have a reason that the next session does not share: %o', (cause, expected) => {
    expect(isGivenUp(cause)).toBe(expected);
  });
});

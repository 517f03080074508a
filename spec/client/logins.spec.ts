import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Logins } from '../../lib/client/logins.js';
import { type RetryOptions, retryPolicy } from '../../lib/client/retry.js';
import { SessionLimit } from '../../lib/client/session-limit.js';
import type { LimitEvent } from '../../lib/control/events.js';
import { FtpConnectionError, FtpReplyError } from '../../lib/errors.js';
import { createReply } from '../../lib/protocol/reply.js';

const lost = new FtpConnectionError('Lost.', { channel: 'control', phase: 'connect', transient: true });
const refused = (code: number): FtpReplyError =>
  new FtpReplyError('No.', { command: 'PASS ****', reply: createReply(code, ['No.']) });
const wrong = refused(530);
const NONE = { open: 0, opening: 0 };
const NEVER = Number.POSITIVE_INFINITY;

function loginsOf(retry: boolean | RetryOptions = true, connectIntervalMs = 0) {
  const told: LimitEvent[] = [];
  const limit = new SessionLimit(4, (event) => told.push(event));
  return { logins: new Logins({ retry: retryPolicy(retry), limit, connectIntervalMs }), limit, told };
}

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
});

describe('the next login', () => {
  it('may begin at once, up to the limit', () => {
    const { logins } = loginsOf();
    expect([0, 3, 4].map((open) => logins.nextAt({ open, opening: 0 }))).toEqual([0, 0, NEVER]);
  });

  it('waits for the interval', () => {
    const { logins } = loginsOf(true, 1_000);
    logins.begun(50);
    expect(logins.nextAt(NONE)).toBe(1_050);
  });

  it('waits longer after each failure, and one at a time', () => {
    const { logins } = loginsOf({ delayMs: 100, maxDelayMs: 300 });
    const waits = [100, 200, 300, 300].map(() => {
      logins.failed({ error: lost, left: NONE, passwordIsGood: false }, 0);
      return logins.nextAt(NONE);
    });
    expect(waits).toEqual([100, 200, 300, 300]);
    expect(logins.nextAt({ open: 1, opening: 1 })).toBe(NEVER);
    logins.succeeded();
    logins.failed({ error: lost, left: NONE, passwordIsGood: false }, 0);
    expect(logins.nextAt(NONE)).toBe(100);
  });

  it('waits after a session that was lost before it answered, and not after another', () => {
    const { logins } = loginsOf({ delayMs: 100 });
    logins.lost(false, 0);
    expect(logins.nextAt(NONE)).toBe(0);
    logins.lost(true, 0);
    expect(logins.nextAt(NONE)).toBe(100);
  });

  it('beside open sessions waits for one of them to end, where it was refused for good', () => {
    const { logins } = loginsOf({ delayMs: 100 });
    const left = { open: 1, opening: 0 };
    logins.failed({ error: wrong, left, passwordIsGood: false }, 0);
    expect(logins.nextAt(left)).toBe(NEVER);
    logins.lost(false, 0);
    expect(logins.nextAt(left)).toBe(100);
  });

  it('beside open sessions shows a limit by 421, which is no failure', () => {
    const { logins, limit } = loginsOf();
    const left = { open: 2, opening: 0 };
    logins.failed({ error: refused(421), left, passwordIsGood: false }, 0);
    expect([limit.inUse, logins.nextAt({ open: 1, opening: 0 })]).toEqual([2, 0]);
    expect(logins.nextAt(left)).toBe(60_000);
  });
});

describe('another try without a session', () => {
  it('is as often as the policy says, and anew for later operations', () => {
    const { logins } = loginsOf({ attempts: 3 });
    const tries = (): boolean[] => [1, 2, 3].map(() => logins.mayTryAgain(lost));
    expect([tries(), tries()]).toEqual([
      [true, true, false],
      [true, true, false],
    ]);
    logins.mayTryAgain(lost);
    logins.nothingWaits();
    expect(tries()).toEqual([true, true, false]);
    logins.mayTryAgain(lost);
    logins.succeeded();
    expect(tries()).toEqual([true, true, false]);
  });

  it('is not after what is for good, or without `retry`', () => {
    expect(loginsOf().logins.mayTryAgain(wrong)).toBe(false);
    expect(loginsOf(false).logins.mayTryAgain(lost)).toBe(false);
  });

  it('is asked of `when`, whose error is thrown', () => {
    const asked: unknown[] = [];
    const when = (error: unknown, attempt: number): boolean => {
      asked.push([error, attempt]);
      if (attempt === 2) throw new Error('of the user');
      return true;
    };
    const { logins } = loginsOf({ when });
    expect(logins.mayTryAgain(lost)).toBe(true);
    expect(() => logins.mayTryAgain(lost)).toThrow('of the user');
    expect(asked).toEqual([
      [lost, 1],
      [lost, 2],
    ]);
    expect(loginsOf({ when: () => false }).logins.mayTryAgain(lost)).toBe(false);
  });
});

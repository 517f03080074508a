import { describe, expect, it } from 'vitest';
import { retryPolicy } from '../../lib/client/retry.js';
import { Tries } from '../../lib/client/tries.js';
import { FtpConnectionError, FtpUsageError } from '../../lib/errors.js';

const lost = new FtpConnectionError('The connection was lost.', { channel: 'control', phase: 'command' });

describe('the tries of an operation', () => {
  it('end after as many as the policy allows', () => {
    const tries = new Tries(retryPolicy({ attempts: 3, delayMs: 8 }));
    expect([tries.after(lost)?.attempt, tries.after(lost)?.attempt, tries.after(lost)]).toEqual([2, 3, undefined]);
  });

  it('are counted anew once something has moved, and numbered on', () => {
    const tries = new Tries(retryPolicy({ attempts: 2 }));
    expect(tries.after(lost)?.attempt).toBe(2);
    tries.moved();
    expect(tries.after(lost)?.attempt).toBe(3);
    expect(tries.after(lost)).toBeUndefined();
  });

  it('wait a random time whose bound doubles, and begins anew once something has moved', () => {
    const tries = new Tries(retryPolicy({ attempts: 100, delayMs: 10, maxDelayMs: 40 }));
    const waits = [10, 20, 40, 40].map((bound) => ({ bound, delayMs: tries.after(lost)?.delayMs ?? Number.NaN }));
    for (const { bound, delayMs } of waits) expect(delayMs >= 0 && delayMs <= bound).toBe(true);
    tries.moved();
    expect(tries.after(lost)?.delayMs).toBeLessThanOrEqual(10);
  });

  it.each([
    ['is for good', new FtpUsageError('no')],
    ['is not of this library', new Error('no')],
  ])('are over at an error that %s', (_what, error) => {
    expect(new Tries(retryPolicy(true)).after(error)).toBeUndefined();
  });

  it('are over where `when` says so, which hears of the tries since something has moved', () => {
    const heard: number[] = [];
    const when = (_error: unknown, attempt: number): boolean => heard.push(attempt) < 3;
    const tries = new Tries(retryPolicy({ when }));
    tries.after(lost);
    tries.moved();
    tries.after(lost);
    expect(tries.after(lost)).toBeUndefined();
    expect(heard).toEqual([1, 1, 2]);
  });
});

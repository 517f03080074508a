import { expect, it } from 'vitest';
import { sessionOwner } from '../../lib/client/session-owner.js';
import { SYSTEM_CLOCK } from '../../lib/net/clock.js';

it('the owner of sessions numbers them, and shares what is learned', () => {
  const work = { onFree: () => {}, nextKind: () => 'transfer' as const };
  const [one, other] = [sessionOwner(SYSTEM_CLOCK, work), sessionOwner(SYSTEM_CLOCK, work)];
  expect([one.number(), one.number(), other.number()]).toEqual([1, 2, 1]);
  expect([one.nextKind(), one.onFree]).toEqual(['transfer', work.onFree]);
  one.learned.doWithout('SIZE');
  expect([one.learned.lacks('SIZE'), other.learned.lacks('SIZE')]).toEqual([true, false]);
});

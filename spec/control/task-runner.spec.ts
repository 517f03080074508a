import { expect, it } from 'vitest';
import type { LeaseKind } from '../../lib/control/lane.js';
import { profileOf } from '../../lib/control/server-profile.js';
import { leaseOn } from '../../lib/control/task-runner.js';

const session = { profile: profileOf('') };

it.each<[LeaseKind, LeaseKind, boolean | undefined]>([
  [{ bytes: 10 }, { bytes: 10 }, undefined],
  [{ bytes: 10 }, { bytes: 10 }, true],
  [{ bytes: 10 }, 'exclusive', false],
  ['transfer', 'transfer', undefined],
])('a task of kind %j has the lease %j where it may share one: %s', (kind, lease, shares) => {
  const sharesOn = shares === undefined ? undefined : (): boolean => shares;
  expect(leaseOn(session, { kind, sharesOn })).toEqual(lease);
});

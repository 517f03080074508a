import { describe, expect, it } from 'vitest';
import { keepAlive, leaseFor, wouldStart } from '../../lib/client/pooled-work.js';
import type { ControlSession } from '../../lib/control/control-session.js';
import type { LeaseKind } from '../../lib/control/lane.js';

interface Shown {
  readonly idle?: boolean;
  readonly isApplied?: boolean;
  readonly mustBeReplaced?: boolean;
  readonly admits?: boolean;
  /** What runs on it shares its lane. */
  readonly shared?: boolean;
}

function sessionOf(shown: Shown): ControlSession {
  const { idle = true, isApplied = true, mustBeReplaced = false, admits = true, shared = !idle } = shown;
  const lane = { idle, shared, admits: () => admits };
  return { lane, user: { isApplied }, mustBeReplaced } as unknown as ControlSession;
}

describe('a session takes work', () => {
  it.each<[boolean, LeaseKind, Shown]>([
    [true, 'transfer', {}],
    [true, { bytes: 10 }, { isApplied: false }],
    [false, 'transfer', { admits: false }],
    [true, { bytes: 10 }, { idle: false }],
    [false, { bytes: 10 }, { idle: false, admits: false }],
    [false, { bytes: 10 }, { idle: false, shared: false }],
    [false, { bytes: 10 }, { idle: false, isApplied: false }],
    [false, { bytes: 10 }, { idle: false, mustBeReplaced: true }],
    [false, 'exclusive', { idle: false }],
    [false, 'transfer', { idle: false }],
  ])('%s: %j on %o', (expected, kind, shown) => {
    expect(wouldStart(sessionOf(shown), { kind })).toBe(expected);
  });

  it.each<[LeaseKind, LeaseKind, boolean]>([
    [{ bytes: 10 }, { bytes: 10 }, true],
    [{ bytes: 10 }, 'exclusive', false],
    ['transfer', 'transfer', false],
  ])('of kind %j as %j, where the wanted state is applied: %s', (kind, expected, isApplied) => {
    expect(leaseFor(sessionOf({ isApplied }), { kind })).toEqual(expected);
  });

  it('alone where its server does not let it share: then not beside other work', () => {
    const alone = { kind: { bytes: 10 }, sharesOn: () => false };
    expect(leaseFor(sessionOf({}), alone)).toBe('exclusive');
    expect([true, false].map((idle) => wouldStart(sessionOf({ idle }), alone))).toEqual([true, false]);
    expect(leaseFor(sessionOf({}), { ...alone, sharesOn: () => true })).toEqual({ bytes: 10 });
  });
});

it('the socket of a session keeps the process alive on demand, where it can', () => {
  const calls: string[] = [];
  const socket = { ref: () => calls.push('ref'), unref: () => calls.push('unref') };
  const session = { channel: { transport: socket } } as unknown as ControlSession;
  keepAlive(session, true);
  keepAlive(session, false);
  expect(calls).toEqual(['ref', 'unref']);
  const pipe = { channel: { transport: {} } } as unknown as ControlSession;
  expect(() => keepAlive(pipe, false)).not.toThrow();
});

import { describe, expect, it } from 'vitest';
import { keepAlive, kindOn, takes } from '../../lib/client/pooled-work.js';
import type { ControlSession } from '../../lib/control/control-session.js';
import type { LeaseKind } from '../../lib/control/lane.js';

interface Shown {
  readonly idle?: boolean;
  readonly isUpToDate?: boolean;
  readonly spent?: boolean;
  readonly admits?: boolean;
}

function sessionOf({ idle = true, isUpToDate = true, spent = false, admits = true }: Shown): ControlSession {
  return { lane: { idle, admits: () => admits }, user: { isUpToDate }, spent } as unknown as ControlSession;
}

describe('a session takes work', () => {
  it.each<[boolean, LeaseKind, Shown]>([
    [true, 'transfer', {}],
    [true, 10, { isUpToDate: false }],
    [false, 'transfer', { admits: false }],
    [true, 10, { idle: false }],
    [false, 10, { idle: false, admits: false }],
    [false, 10, { idle: false, isUpToDate: false }],
    [false, 10, { idle: false, spent: true }],
    [false, 'exclusive', { idle: false }],
    [false, 'transfer', { idle: false }],
  ])('%s: %s on %o', (expected, kind, shown) => {
    expect(takes(sessionOf(shown), kind)).toBe(expected);
  });

  it.each<[LeaseKind, LeaseKind, boolean]>([
    [10, 10, true],
    [10, 'exclusive', false],
    ['transfer', 'transfer', false],
  ])('of kind %s as %s, where it is up to date: %s', (kind, expected, isUpToDate) => {
    expect(kindOn(sessionOf({ isUpToDate }), kind)).toBe(expected);
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

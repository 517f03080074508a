import { describe, expect, it } from 'vitest';
import { type SharedSessions, TransferShare } from '../../lib/client/transfer-share.js';

/** A share of so many sessions, all open, with a clock that the spec sets. */
function shareOf(inUse: number, more: Partial<SharedSessions> = {}) {
  const clock = { now: 0 };
  const sessions = { inUse, open: inUse, transfers: 0, holdsTransfer: () => false, ...more };
  return { clock, sessions, share: new TransferShare(sessions, () => clock.now) };
}

const ALL = Number.POSITIVE_INFINITY;

describe('the share of transfers', () => {
  it('is all sessions while nothing else is asked for', () => {
    const { share } = shareOf(3);
    share.asked('transfer');
    expect(share.most(0)).toBe(ALL);
    expect(share.mayBePassed).toBe(true);
  });

  it.each([
    'exclusive',
    'listing',
    { bytes: 8 },
  ] as const)('is all but one for 10 seconds after other work (%j)', (kind) => {
    const { share, clock } = shareOf(3);
    clock.now = 5;
    share.asked(kind);
    clock.now = 10_004;
    expect([share.most(0), share.most(2)]).toEqual([2, 4]);
    clock.now = 10_005;
    expect(share.most(0)).toBe(ALL);
  });

  it('stays all sessions for parts of a work that has transfers of its own', () => {
    const { share } = shareOf(3);
    share.asParts(() => share.asked({ bytes: 8 }));
    expect(share.most(0)).toBe(ALL);
    expect(() =>
      share.asParts(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    share.asked({ bytes: 8 });
    expect(share.most(0)).toBe(2);
  });

  it('counts sessions that may be opened still', () => {
    const { share } = shareOf(3, { open: 1 });
    share.asked({ bytes: 8 });
    expect([share.most(0), share.most(1), share.most(5)]).toEqual([2, 2, 5]);
  });

  it('is the only session where there is one', () => {
    const { share } = shareOf(1);
    share.asked({ bytes: 8 });
    expect(share.most(0)).toBe(ALL);
    expect(share.mayBePassed).toBe(false);
  });

  it('says when to ask again for a transfer that is held back', () => {
    const { share, clock } = shareOf(2, { transfers: 1 });
    expect(share.askAgainAt(false)).toBe(ALL);
    share.asked({ bytes: 8 });
    clock.now = 4_000;
    expect(share.askAgainAt(true)).toBe(5_000);
    clock.now = 9_500;
    expect(share.askAgainAt(true)).toBe(10_000);
    share.asked({ bytes: 8 });
    expect(share.askAgainAt(true)).toBe(10_500);
  });

  it('holds none back while another one is held by its user, perhaps for that one', () => {
    const held = { forMs: 0 };
    const { share } = shareOf(2, { transfers: 1, holdsTransfer: (ms) => held.forMs >= ms });
    share.asked({ bytes: 8 });
    held.forMs = 999;
    expect(share.most(0)).toBe(1);
    held.forMs = 1_000;
    expect(share.most(0)).toBe(ALL);
    held.forMs = 0;
    expect(share.most(0)).toBe(1);
  });
});

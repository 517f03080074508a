import { describe, expect, it } from 'vitest';
import { WokenSessions } from '../../lib/client/woken-sessions.js';

const session = () => ({ channel: { progressCount: 7 } });

describe('a session that was idle', () => {
  it('is unheard until the server has answered', () => {
    const woken = new WokenSessions();
    const one = session();
    expect(woken.isUnheard(one)).toBe(false);
    woken.woke(one, 0);
    expect([woken.isUnheard(one), woken.isUnheard(session())]).toEqual([true, false]);
    one.channel.progressCount += 1;
    expect(woken.isUnheard(one)).toBe(false);
  });

  it.each([
    [10_000, false],
    [10_001, true],
  ])('for %d ms is doubtful: %s', (silentMs, expected) => {
    const woken = new WokenSessions();
    const one = session();
    woken.woke(one, silentMs);
    expect(woken.isDoubtful(one)).toBe(expected);
    one.channel.progressCount += 1;
    expect(woken.isDoubtful(one)).toBe(false);
  });
});

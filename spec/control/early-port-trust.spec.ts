/** The trust alone; spec/client/early-port-trust.spec.ts has the servers that lose it. */
import { describe, expect, it } from 'vitest';
import { EarlyPortTrust } from '../../lib/control/early-port-trust.js';

describe('the trust in early ports', () => {
  it('is held until it is lost, once and for all', () => {
    const [lost, other] = [new EarlyPortTrust(), new EarlyPortTrust()];
    expect(lost.held).toBe(true);
    lost.lose();
    lost.lose();
    expect([lost.held, other.held]).toEqual([false, true]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSubnet } from '../../lib/net/subnet.js';

describe('parseSubnet', () => {
  it.each<[string, string, boolean]>([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['0.0.0.0/0', '203.0.113.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['2001:db8::/32', '2001:db8:1::9', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['::/0', '10.0.0.1', false],
    ['10.0.0.0/8', 'ten.example', false],
    ['10.0.0.0/8', '', false],
  ])('%s has %s: %s', (subnet, address, has) => {
    expect(parseSubnet(subnet)?.has(address)).toBe(has);
  });

  it.each([
    '',
    '/',
    '10.0.0.0/33',
    '::/129',
    '10.0.0/8',
    'a.example',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
  ])('knows %j for none', (text) => {
    expect(parseSubnet(text)).toBeUndefined();
  });

  it('has the addresses whose first bits are the same, and no other', () => {
    const number = fc.nat(0xffffffff);
    const dotted = (address: number): string => [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
    fc.assert(
      fc.property(number, number, fc.nat(32), (network, address, bits) => {
        const same = bits === 0 || (network >>> 0) >>> (32 - bits) === (address >>> 0) >>> (32 - bits);
        expect(parseSubnet(`${dotted(network)}/${bits}`)?.has(dotted(address))).toBe(same);
      }),
    );
  });
});

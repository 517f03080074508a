import { describe, expect, it } from 'vitest';
import { addressesOf, plainAddress } from '../../lib/net/address.js';

describe('plainAddress', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:10.1.2.3', '10.1.2.3'],
    ['::1', '::1'],
    ['::ffff:999.1.1.1', '::ffff:999.1.1.1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['', ''],
  ])('%j is %j', (address, plain) => {
    expect(plainAddress(address)).toBe(plain);
  });
});

describe('addressesOf', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
  ])('gives an address as it is: %s', async (host, address) => {
    expect(await addressesOf(host, 0)).toEqual([address]);
  });

  it('gives what a name stands for, in the family asked for', async () => {
    expect(await addressesOf('localhost', 4)).toEqual(['127.0.0.1']);
    expect(await addressesOf('localhost', 0)).toContain('127.0.0.1');
  });

  it("rejects with node's own error for a name that stands for nothing", async () => {
    await expect(addressesOf('no such name', 0)).rejects.toMatchObject({ syscall: 'getaddrinfo' });
  });
});

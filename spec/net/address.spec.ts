import { describe, expect, it } from 'vitest';
import { plainAddress } from '../../lib/net/address.js';

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

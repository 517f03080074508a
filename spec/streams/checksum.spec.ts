import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { HASH_ALGORITHMS } from '../../lib/protocol/hash-algorithms.js';
import { openChecksum } from '../../lib/streams/checksum.js';

function checksum(algorithm: string, ...chunks: readonly string[]): string {
  const opened = openChecksum(algorithm);
  for (const chunk of chunks) opened.update(Buffer.from(chunk));
  return opened.hex();
}

describe('openChecksum', () => {
  it.each(HASH_ALGORITHMS)('knows $name, with $digits digits', ({ name, digits }) => {
    expect(checksum(name, 'a', 'bc')).toHaveLength(digits);
    expect(checksum(name, 'a', 'bc')).toBe(checksum(name, 'abc'));
    expect(checksum(name.toLowerCase().replace('-', ''), 'abc')).toBe(checksum(name, 'abc'));
    expect(checksum(name)).toMatch(/^[\da-f]+$/);
  });

  it.each([
    ['SHA-512', 'sha512'],
    ['SHA-384', 'sha384'],
    ['SHA-256', 'sha256'],
    ['SHA-224', 'sha224'],
    ['SHA-1', 'sha1'],
    ['MD5', 'md5'],
    ['sha3-256', 'sha3-256'],
  ])('computes %s as node:crypto does %s', (algorithm, node) => {
    expect(checksum(algorithm, 'abc')).toBe(createHash(node).update('abc').digest('hex'));
  });

  it('writes CRC-32 with its leading zeros', () => {
    expect(checksum('CRC-32', '123456789')).toBe('cbf43926');
    expect(checksum('crc32')).toBe('00000000');
  });

  it.each(['rot13', '', 'CRC-64', undefined, null, 5])('refuses %j', (algorithm) => {
    expect(() => openChecksum(algorithm as string)).toThrow(FtpUsageError);
  });
});

import { describe, expect, it } from 'vitest';
import { Features } from '../../lib/protocol/features.js';
import {
  HASH_ALGORITHMS,
  hashAlgorithm,
  hashWays,
  initialHash,
  mayTakeRange,
} from '../../lib/protocol/hash-algorithms.js';

const ways = (features: readonly string[], wanted?: string): string[] =>
  hashWays(Features.of(features), wanted === undefined ? undefined : hashAlgorithm(wanted)).map(({ verb, option }) =>
    verb === 'HASH' ? `HASH ${option}` : verb,
  );

describe('hashAlgorithm', () => {
  it.each(HASH_ALGORITHMS.map(({ name }) => name))('knows %s in each spelling', (name) => {
    for (const spelled of [name, name.toLowerCase(), name.replace('-', ''), name.replace('-', '_')]) {
      expect(hashAlgorithm(spelled)?.name).toBe(name);
    }
  });

  it.each(['', 'SHA', 'SHA-3', 'SHA-2560', 'CRC', 'toString', '__proto__'])('does not know %j', (name) => {
    expect(hashAlgorithm(name)).toBeUndefined();
  });
});

describe('hashWays', () => {
  const proftpd = [
    'HASH CRC32;MD5;SHA-1*;SHA-256;SHA-512;',
    'MD5',
    'XCRC',
    'XMD5',
    'XSHA',
    'XSHA1',
    'XSHA256',
    'XSHA512',
  ];

  it('are the strongest first, and HASH first', () => {
    expect(ways(proftpd)).toEqual([
      'HASH SHA-512',
      'XSHA512',
      'HASH SHA-256',
      'XSHA256',
      'HASH SHA-1',
      'XSHA1',
      'XSHA',
      'HASH MD5',
      'XMD5',
      'MD5',
      'HASH CRC32',
      'XCRC',
    ]);
  });

  it('are of one algorithm where that is named', () => {
    expect(ways(proftpd, 'crc-32')).toEqual(['HASH CRC32', 'XCRC']);
    expect(ways(proftpd, 'SHA-384')).toEqual([]);
    expect(ways(['XMD5'], 'MD5')).toEqual(['XMD5']);
  });

  it('may be any of HASH where FEAT names none', () => {
    expect(ways(['HASH'], 'SHA-256')).toEqual(['HASH SHA-256']);
    expect(ways(['HASH'])).toHaveLength(HASH_ALGORITHMS.length);
  });

  it('are none without such a feature', () => {
    expect(ways([])).toEqual([]);
    expect(ways(['HASH WHIRLPOOL*', 'MMD5', 'SIZE'])).toEqual([]);
  });

  it('take a range by RANG, or by themselves; MD5 takes none', () => {
    const features = Features.of(['HASH SHA-1*', 'XSHA1', 'MD5']);
    const withRang = Features.of(['HASH SHA-1*', 'RANG STREAM']);
    expect(hashWays(features).map((way) => [way.verb, mayTakeRange(way, features)])).toEqual([
      ['HASH', false],
      ['XSHA1', true],
      ['MD5', false],
    ]);
    expect(hashWays(withRang).map((way) => mayTakeRange(way, withRang))).toEqual([true]);
  });

  it('begin with the algorithm that FEAT marks', () => {
    expect(initialHash(Features.of(proftpd))).toBe('SHA-1');
    expect(initialHash(Features.of(['HASH SHA-1;MD5']))).toBeUndefined();
  });
});

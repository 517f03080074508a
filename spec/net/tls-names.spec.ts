import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { requireTlsNames } from '../../lib/net/tls-names.js';
import { overhear, secret } from '../support/canary.js';

function refusal(options: object): FtpUsageError {
  try {
    requireTlsNames(options);
  } catch (error) {
    expect(error).toBeInstanceOf(FtpUsageError);
    return error as FtpUsageError;
  }
  throw new Error('the names were accepted');
}

describe('requireTlsNames', () => {
  it('takes the names of node:tls that secure a connection, and fingerprint256', () => {
    const given = [
      'fingerprint256',
      'ca',
      'servername',
      'pskCallback',
      'ALPNProtocols',
      'highWaterMark',
      'requestOCSP',
    ];
    expect(() => requireTlsNames({})).not.toThrow();
    expect(() => requireTlsNames(Object.fromEntries(given.map((name) => [name, undefined])))).not.toThrow();
  });

  it.each([
    ['fingerprint', 'fingerprint256'],
    ['caFile', 'ca, with the content of the file'],
    ['insecure', 'rejectUnauthorized: false'],
    ['verify', 'rejectUnauthorized'],
    ['sni', 'servername'],
    ['private_key', 'key'],
    ['tlsVersion', 'minVersion'],
    ['host', 'host and port beside tls'],
    ['socket', 'connector beside tls'],
    ['timeout', 'connectTimeoutMs beside tls'],
    ['rejectunauthorized', 'rejectUnauthorized'],
  ])('refuses %s, and names %s', (name, meant) => {
    expect(refusal({ [name]: 'x' }).message).toMatch(new RegExp(`no part ${name}\\b.*${meant}`));
  });

  it('lists its names for one that is like none', () => {
    const { message } = refusal({ colour: 'x' });
    expect(message).toContain('no part colour');
    for (const name of ['fingerprint256', 'checkServerIdentity', 'ciphers']) expect(message).toContain(name);
  });

  it('refuses a name that is inherited, since a copy would lose it', () => {
    expect(refusal(Object.create({ ca: 'x' })).message).toMatch(/\bca is inherited/);
  });

  it('shows no value', () => {
    secret('canary-value');
    overhear('the error', inspect(refusal({ keyFile: 'canary-value' }), { depth: 99, showHidden: true }));
  });
});

import { createPrivateKey } from 'node:crypto';
import { type ConnectionOptions, createSecureContext } from 'node:tls';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { FtpUsageError } from '../../lib/errors.js';
import { requireTlsOptions } from '../../lib/net/tls-options.js';
import { overhear, secret } from '../support/canary.js';
import { type Certificate, CertificateAuthority } from '../support/certificates.js';

/** Its words differ between versions. */
const ofOpenSsl = /cannot be used: .*\w/;

let identity: Certificate;
let locked: string;
beforeAll(async () => {
  identity = await (await CertificateAuthority.create()).issueClient();
  const cipher = { cipher: 'aes-256-cbc', passphrase: 'the right one' };
  locked = String(createPrivateKey(identity.key).export({ type: 'pkcs8', format: 'pem', ...cipher }));
});

function refusal(options: unknown): FtpUsageError {
  try {
    requireTlsOptions(options as ConnectionOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(FtpUsageError);
    return error as FtpUsageError;
  }
  throw new Error('the options were accepted');
}

describe('requireTlsOptions', () => {
  it('takes what node takes', () => {
    const { key, cert } = identity;
    for (const options of [
      {},
      { key, cert },
      { key: Buffer.from(key), cert: [cert] },
      { key: locked, cert, passphrase: 'the right one' },
      { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' },
      { secureContext: createSecureContext() },
      {
        secureContext: createSecureContext(),
        key: undefined,
        servername: 'ftp.example.com',
        rejectUnauthorized: false,
      },
      { ca: `The one we trust:\n${cert}` },
      { ca: [cert, Buffer.from(cert)], key: [{ pem: key }], cert: new Uint8Array(Buffer.from(cert)) },
      { rejectUnauthorized: false, checkServerIdentity: () => undefined, servername: '' },
      { ALPNProtocols: ['ftp'], ciphers: 'HIGH', ecdhCurve: 'auto', sigalgs: 'ECDSA+SHA256', minDHSize: 2048 },
      {
        session: Buffer.alloc(0),
        requestOCSP: true,
        enableTrace: false,
        highWaterMark: 65_536,
        pskCallback: undefined,
      },
    ] as const) {
      expect(() => requireTlsOptions(options as ConnectionOptions)).not.toThrow();
    }
  });

  it.each([
    ['a version that is none', () => ({ minVersion: 'TLSv9' }), /minimum TLS protocol version/],
    ['a key that is none', () => ({ key: 'no key' }), ofOpenSsl],
    ['a key for another certificate', async () => ({ ...identity, key: await anotherKey() }), ofOpenSsl],
    ['a passphrase that is not the key’s', () => ({ cert: identity.cert, key: locked, passphrase: 'x' }), ofOpenSsl],
    ['no passphrase', () => ({ cert: identity.cert, key: locked }), ofOpenSsl],
    ['a path in place of PEM', () => ({ ca: '/etc/ssl/file' }), /ca holds no PEM text/],
    ['a fingerprint that is none', () => ({ fingerprint256: 'AB:CD' }), /fingerprint256 must be 64 hexadecimal/],
    ['a check that is none', () => ({ checkServerIdentity: true }), /checkServerIdentity must be a function/],
    ['a name that is none', () => ({ servername: 5 }), /servername must be text/],
  ])('refuses %s, and says so', async (_what, options, message) => {
    expect(refusal(await options()).message).toMatch(message);
  });

  it.each([
    ['key', () => ({ key: identity.key })],
    ['ca', () => ({ ca: identity.cert })],
    ['cert, key', () => ({ cert: identity.cert, key: identity.key })],
    ['passphrase', () => ({ passphrase: 'x' })],
    ['minVersion', () => ({ minVersion: 'TLSv1.3' })],
    ['ciphers', () => ({ ciphers: 'HIGH' })],
  ])('refuses %s beside secureContext, where node would ignore it in silence', (names, options) => {
    const { message } = refusal({ secureContext: createSecureContext(), ...options() });
    expect(message).toContain('beside secureContext');
    for (const name of names.split(', ')) expect(message).toContain(name);
  });

  it.each([
    ['key', { key: 'canary-value' }],
    ['passphrase', { key: 'x', passphrase: { canary: 'canary-value' } }],
    ['passphrase', { key: 'x', passphrase: Symbol('canary-value') }],
    ['key', { key: Symbol('canary-value') }],
    ['pfx', { pfx: Buffer.from('canary-value') }],
    ['pfx', { pfx: 'canary-value', passphrase: 'canary-value' }],
    ['secureOptions', { secureOptions: 'canary-value' }],
  ])('shows nothing of a bad %s', (_name, options) => {
    secret('canary-value');
    overhear('the error', inspect(refusal(options), { depth: 99, showHidden: true }));
  });
});

async function anotherKey(): Promise<string> {
  return (await (await CertificateAuthority.create()).issueClient()).key;
}

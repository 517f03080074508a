import { createPrivateKey, X509Certificate } from 'node:crypto';
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
    ['a check that is none', () => ({ checkServerIdentity: true }), /checkServerIdentity must be a function/],
    ['a name that is none', () => ({ servername: 5 }), /servername must be text/],
  ])('refuses %s, and says so', async (_what, options, message) => {
    expect(refusal(await options()).message).toMatch(message);
  });

  it.each([
    ...['ca', 'cert', 'key', 'crl', 'pfx'].flatMap((name) => [
      { title: `${name}: '/etc/ssl/file'`, name, options: { [name]: '/etc/ssl/file' } },
      { title: `${name}: ['C:\\file']`, name, options: { [name]: ['C:\\file'] } },
      { title: `${name}: Buffer.from('file')`, name, options: { [name]: Buffer.from('file') } },
      { title: `${name}: ''`, name, options: { [name]: '' } },
    ]),
    { title: "key: [{ pem: '/etc/ssl/file' }]", name: 'key', options: { key: [{ pem: '/etc/ssl/file' }] } },
    { title: "pfx: [{ buf: '/etc/ssl/file' }]", name: 'pfx', options: { pfx: [{ buf: '/etc/ssl/file' }] } },
  ])('says to give the content where a path is given: $title', ({ name, options }) => {
    const { message } = refusal(options);
    expect(message).toContain(`content of the file, not its path: ${name}: readFileSync(path)`);
    expect(message).not.toMatch(/etc|C:/);
  });

  it.each(['ca', 'cert'])('says that PEM is wanted where %s is DER', (name) => {
    const der = new X509Certificate(identity.cert).raw;
    const latin1 = der.toString('latin1');
    for (const value of [der, new Uint8Array(der), [identity.cert, der], latin1, der.toString('utf8')]) {
      const { message } = refusal({ [name]: value });
      expect(message).toContain(`${name} holds DER, and must be PEM`);
      expect(message).not.toContain('path');
    }
  });

  it.each<readonly [string, string, () => unknown]>([
    ['ca', 'holds a private key in place of a certificate', () => identity.key],
    ['ca', 'holds a private key in place of a certificate', () => Buffer.from(locked)],
    ['ca', 'ends in the middle of a certificate', () => identity.cert.slice(0, 200)],
    ['ca', 'ends in the middle of a certificate', () => identity.cert.trimEnd().slice(0, -3)],
    [
      'ca',
      'ends in the middle of a certificate',
      () => [identity.cert, `${identity.cert}\n${identity.cert.slice(0, 200)}`],
    ],
    ['ca', 'ends in the middle of a certificate', () => `${identity.cert.slice(0, 200)}\n${identity.cert}`],
    ['ca', 'holds a certificate that cannot be read', () => `${identity.cert}\n${damaged(identity.cert)}`],
    ['ca', 'line breaks are written as \\n', () => identity.cert.replaceAll('\n', '\\n')],
    ['ca', 'lines are indented', () => identity.cert.replaceAll(/^/gm, '  ')],
    [
      'ca',
      'holds a certificate request in place of',
      () => identity.cert.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST'),
    ],
    ['ca', 'holds something else in place of', () => identity.cert.replaceAll('CERTIFICATE', 'PKCS7')],
    ['cert', 'holds a private key in place of a certificate', () => identity.key],
    ['cert', 'ends in the middle of a certificate', () => identity.cert.slice(0, 200)],
    ['key', 'holds a certificate in place of a private key', () => identity.cert],
    ['key', 'ends in the middle of a private key', () => identity.key.slice(0, 80)],
    ['crl', 'holds a certificate in place of a revocation list', () => identity.cert],
  ])('says of %s that it %s', (name, fault, value) => {
    expect(refusal({ [name]: value() }).message).toContain(fault);
  });

  it('takes a key beside the certificate, and lines that end in CRLF', () => {
    const { key, cert } = identity;
    for (const ca of [`${key}\n${cert}`, cert.replaceAll('\n', '\r\n')]) {
      expect(() => requireTlsOptions({ ca })).not.toThrow();
    }
  });

  it('finds a path among certificates', () => {
    expect(refusal({ ca: [identity.cert, './company-ca.pem'] }).message).toContain('not its path');
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

/** Whole by its first and last line alone. */
function damaged(certificate: string): string {
  return certificate.replace(/(?<=-----\n)...../, 'AAAAA');
}

async function anotherKey(): Promise<string> {
  return (await (await CertificateAuthority.create()).issueClient()).key;
}

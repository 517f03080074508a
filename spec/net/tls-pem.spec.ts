import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentFault } from '../../lib/net/tls-pem.js';
import { type Certificate, CertificateAuthority } from '../support/certificates.js';

let identity: Certificate;
let locked: string;
beforeAll(async () => {
  identity = await (await CertificateAuthority.create()).issueClient();
  const cipher = { cipher: 'aes-256-cbc', passphrase: 'the right one' };
  locked = String(createPrivateKey(identity.key).export({ type: 'pkcs8', format: 'pem', ...cipher }));
});

const faultOf = (options: unknown): string | undefined => contentFault(options as ConnectionOptions);

describe('contentFault', () => {
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
    const fault = faultOf(options);
    expect(fault).toContain(`content of the file, not its path: ${name}: readFileSync(path)`);
    expect(fault).not.toMatch(/etc|C:/);
  });

  it.each(['ca', 'cert'])('says that PEM is wanted where %s is DER', (name) => {
    const der = new X509Certificate(identity.cert).raw;
    const latin1 = der.toString('latin1');
    for (const value of [der, new Uint8Array(der), [identity.cert, der], latin1, der.toString('utf8')]) {
      const fault = faultOf({ [name]: value });
      expect(fault).toContain(`${name} holds DER, and must be PEM`);
      expect(fault).not.toContain('path');
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
    expect(faultOf({ [name]: value() })).toContain(fault);
  });

  it('takes a key beside the certificate, and lines that end in CRLF', () => {
    const { key, cert } = identity;
    for (const ca of [`${key}\n${cert}`, cert.replaceAll('\n', '\r\n')]) {
      expect(faultOf({ ca })).toBeUndefined();
    }
  });

  it('finds no fault with what is whole, missing, or for node to judge', () => {
    const { key, cert } = identity;
    for (const options of [{}, { key, cert, ca: [cert, Buffer.from(cert)] }, { ca: undefined, key: 5, cert: null }]) {
      expect(faultOf(options)).toBeUndefined();
    }
    expect(faultOf({ pfx: Buffer.from([0x30, 0x82, 0x01]) })).toBeUndefined();
  });

  it('finds a path among certificates', () => {
    expect(faultOf({ ca: [identity.cert, './company-ca.pem'] })).toContain('not its path');
  });
});

/** Whole by its first and last line alone. */
function damaged(certificate: string): string {
  return certificate.replace(/(?<=-----\n)...../, 'AAAAA');
}

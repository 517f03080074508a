/** Checks a device whose certificate no authority has signed: its fingerprint identifies it, on control and data connections. */
import { X509Certificate } from 'node:crypto';
import { lastValueFrom } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { FtpSecurityError } from '../../lib/index.js';
import type { FtpTlsOptions } from '../../lib/net/tls-pin.js';
import { type Certificate, CertificateAuthority } from '../support/certificates.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { expectNothingInClear, names, secureClient } from './support/secure-client.js';

const files = { [names.file]: 'hello' };
const untrusted = { ca: undefined };

let trusted: CertificateAuthority;
let device: Certificate;
let other: Certificate;
let fingerprint: string;
let otherFingerprint: string;
beforeAll(async () => {
  const vendor = await CertificateAuthority.create('vendor');
  trusted = await CertificateAuthority.create();
  [device, other] = await Promise.all([vendor.issueExpired(), vendor.issue()]);
  fingerprint = new X509Certificate(device.cert).fingerprint256;
  otherFingerprint = new X509Certificate(other.cert).fingerprint256;
});

async function expectSuccess(server: ScriptedServer, tls: FtpTlsOptions): Promise<void> {
  await using ftp = secureClient(server, { tls: { ...untrusted, ...tls } });
  await lastValueFrom(ftp.retr$(names.file));
  await lastValueFrom(ftp.stor$(`${names.directory}/new`, 'sent'));
  expectNothingInClear(server);
}

async function refusal(server: ScriptedServer, tls: FtpTlsOptions): Promise<FtpSecurityError> {
  await using ftp = secureClient(server, { tls: { ...untrusted, ...tls } });
  const error = await observe(ftp.retr$(names.file)).failed;
  expect(error).toBeInstanceOf(FtpSecurityError);
  expect(server.clear.toString('latin1')).not.toContain(names.file);
  return error as FtpSecurityError;
}

describe.each(['explicit', 'implicit'] as const)('%s: a device that is pinned', (mode) => {
  it.each<[string, (text: string) => string]>([
    ['as OpenSSL writes it', (text) => text],
    ['in small letters', (text) => text.toLowerCase()],
    ['without colons', (text) => text.replaceAll(':', '')],
    ['in small letters without colons', (text) => text.replaceAll(':', '').toLowerCase()],
  ])('is accepted by its fingerprint %s, though its certificate is of nobody and expired', async (_how, write) => {
    await using server = await scriptedServer({ tls: { mode, certificate: device }, files });
    await expectSuccess(server, { fingerprint256: write(fingerprint) });
  });

  it('is refused with another certificate, before the login: the error shows the fingerprint of that', async () => {
    await using server = await scriptedServer({ tls: { mode, certificate: other }, files });
    const error = await refusal(server, { fingerprint256: fingerprint });
    expect(error.message).toContain(otherFingerprint);
    expect(server.commands).toEqual(mode === 'explicit' ? ['AUTH TLS'] : []);
    expectNothingInClear(server);
  });

  it('is refused with another certificate on the data connection alone', async () => {
    const tls = { mode, certificate: device, dataCertificate: other, separateSessions: true };
    await using server = await scriptedServer({ tls, files });
    const error = await refusal(server, { fingerprint256: fingerprint });
    expect(error.message).toMatch(/data connection/);
    expect(error.message).toContain(otherFingerprint);
  });
});

describe('a fingerprint beside other options', () => {
  it('does not replace what rejectUnauthorized: true asks for', async () => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate: device }, files });
    const tls = { fingerprint256: fingerprint, rejectUnauthorized: true };
    expect((await refusal(server, tls)).cause).toMatchObject({
      code: expect.stringMatching(/UNABLE_TO_VERIFY|EXPIRED/),
    });
  });

  it.each([true, false])('counts with rejectUnauthorized: %s where the certificate is another one', async (reject) => {
    const certificate = await trusted.issue();
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate }, files });
    const tls = { fingerprint256: fingerprint, rejectUnauthorized: reject, ca: trusted.cert };
    expect((await refusal(server, tls)).message).toContain(new X509Certificate(certificate.cert).fingerprint256);
  });

  it('lets the name count with rejectUnauthorized: true', async () => {
    const certificate = await trusted.issueForOtherHost();
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate }, files });
    const { fingerprint256 } = new X509Certificate(certificate.cert);
    await expectSuccess(server, { fingerprint256, ca: trusted.cert });
    const error = await refusal(server, { fingerprint256, ca: trusted.cert, rejectUnauthorized: true });
    expect(error.message).toMatch(/another name/);
  });

  it('lets a checkServerIdentity count besides', async () => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate: device }, files });
    const checkServerIdentity = (): Error => new Error('not today');
    expect((await refusal(server, { fingerprint256: fingerprint, checkServerIdentity })).message).toContain(
      'not today',
    );
  });
});

/**
 * Checks the server's proof of identity, on the control connection and on every data connection: chain, date, host name, and the user's
 * checks in `tls`.
 */
import { X509Certificate } from 'node:crypto';
import type { ConnectionOptions, PeerCertificate, TlsOptions } from 'node:tls';
import { lastValueFrom } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { FtpSecurityError } from '../../lib/index.js';
import { type Certificate, CertificateAuthority } from '../support/certificates.js';
import { observe } from '../support/observe.js';
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.js';
import { expectNothingInClear, names, secureClient } from './support/secure-client.js';

const files = { [names.file]: 'hello' };
const modes = ['explicit', 'implicit'] as const;
const versions = ['TLSv1.2', 'TLSv1.3'] as const;

let authority: CertificateAuthority;
let valid: Certificate;
let another: Certificate;
let otherHost: Certificate;
let expired: Certificate;
let stranger: Certificate;
let namesake: Certificate;
beforeAll(async () => {
  authority = await CertificateAuthority.create();
  [valid, another, otherHost, expired, stranger, namesake] = await Promise.all([
    authority.issue(),
    authority.issue(),
    authority.issueForOtherHost(),
    authority.issueExpired(),
    CertificateAuthority.create('somebody else').then((somebody) => somebody.issue()),
    CertificateAuthority.create().then((newer) => newer.issue()),
  ]);
});

/** The error of a download by a client that trusts `authority`, and what `tls` says besides. */
async function refusal(server: ScriptedServer, tls: ConnectionOptions = {}): Promise<FtpSecurityError> {
  await using ftp = secureClient(server, { tls: { ca: authority.cert, ...tls } });
  const error = await observe(ftp.retr$(names.file)).failed;
  expect(error).toBeInstanceOf(FtpSecurityError);
  expectNoPath(server);
  return error as FtpSecurityError;
}

function expectNoPath(server: ScriptedServer): void {
  expect(server.clear.toString('latin1')).not.toContain(names.file);
}

async function expectSuccess(server: ScriptedServer, tls: ConnectionOptions = {}): Promise<void> {
  await using ftp = secureClient(server, { tls: { ca: authority.cert, ...tls } });
  await lastValueFrom(ftp.retr$(names.file));
  await lastValueFrom(ftp.stor$(`${names.directory}/new`, 'sent'));
  expectNothingInClear(server);
}

describe.each(modes)('%s: on the control connection', (mode) => {
  it.each([
    ['expired', () => expired, 'CERT_HAS_EXPIRED', /has expired/],
    ['of another host', () => otherHost, 'ERR_TLS_CERT_ALTNAME_INVALID', /for another name/],
    ['of an unknown authority', () => stranger, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', /tls\.ca/],
    ['of a newer authority by that name', () => namesake, 'CERT_SIGNATURE_FAILURE', /tls\.ca has not signed/],
  ])('a certificate that is %s ends the session before the login', async (_what, certificate, code, advice) => {
    await using server = await scriptedServer({ tls: { mode, certificate: certificate() }, files });
    const error = await refusal(server);
    expect(error.cause).toMatchObject({ code });
    expect(error.message).toMatch(advice);
    expect(server.commands).toEqual(mode === 'explicit' ? ['AUTH TLS'] : []);
    expectNothingInClear(server);
  });

  it('the system’s authorities are what counts without `ca`', async () => {
    await using server = await scriptedServer({ tls: { mode, certificate: valid }, files });
    const error = await refusal(server, { ca: undefined });
    expect(error.cause).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  it('`rejectUnauthorized: false` is the user’s own decision', async () => {
    await using server = await scriptedServer({ tls: { mode, certificate: expired }, files });
    await expectSuccess(server, { rejectUnauthorized: false });
  });
});

describe.each(versions)('%s: on the data connection only', (version) => {
  // Under TLS 1.3 a server that allows half-open connections does not see that the client has left the handshake.
  const options = { minVersion: version, maxVersion: version, handshakeTimeout: 200 };

  /** A server whose data connections are of another TLS context: no session of the control connection is known there. */
  function start(dataCertificate: Certificate): Promise<ScriptedServer> {
    return scriptedServer({
      tls: { mode: 'explicit', certificate: valid, dataCertificate, options, separateSessions: true },
      files,
    });
  }

  it.each([
    ['expired', () => expired, 'CERT_HAS_EXPIRED'],
    ['of another host', () => otherHost, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['of an unknown authority', () => stranger, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ])('a certificate that is %s fails the transfer', async (_what, certificate, code) => {
    await using server = await start(certificate());
    const error = await refusal(server);
    expect(error.cause).toMatchObject({ code });
    expect(error.message).toMatch(/data connection/);
  });

  it('another valid certificate is another server', async () => {
    await using server = await start(another);
    const error = await refusal(server);
    expect(error.message).toMatch(/another server's: its certificate is not the one of the control connection/);
  });

  it('is refused again and again: its tickets are not offered to it', async () => {
    await using server = await start(another);
    await using ftp = secureClient(server, { tls: { ca: authority.cert } });
    for (let n = 0; n < 3; n += 1) {
      expect(await observe(ftp.retr$(names.file)).failed).toBeInstanceOf(FtpSecurityError);
    }
    expect(server.journal.of('data-secured').filter(({ resumed }) => resumed)).toEqual([]);
  });

  it('nothing of an upload is written to another server', async () => {
    await using server = await start(another);
    await using ftp = secureClient(server, { tls: { ca: authority.cert } });
    const upload = observe(ftp.stor$(`${names.directory}/new`, 'this is private'));
    expect(await upload.failed).toBeInstanceOf(FtpSecurityError);
    expect(server.tree.file(`${names.directory}/new`)?.bytes.toString() ?? '').toBe('');
  });

  it('no session is carried to another certificate: it must be verified, and a good one is', async () => {
    await using server = await start(valid);
    await expectSuccess(server);
    // The second one resumes the first one's, as its ticket is newer than the control connection's.
    expect(server.journal.of('data-secured').map(({ resumed }) => resumed)).toEqual([false, true]);
  });

  it('the failed transfer is reported as what it is when the server hangs up on it', async () => {
    await using server = await start(otherHost);
    server.on('RETR', async (session, _path, { byDefault }) => {
      await byDefault();
      await session.closeControl('rst');
    });
    expect((await refusal(server)).cause).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it('the session stays usable where the server lets it', async () => {
    await using server = await start(otherHost);
    await using ftp = secureClient(server, { tls: { ca: authority.cert } });
    expect(await observe(ftp.retr$(names.file)).failed).toBeInstanceOf(FtpSecurityError);
    expect(await lastValueFrom(ftp.size$(names.file))).toBe(5);
  });
});

describe.each([true, false])("the user's own check (chain verified: %s)", (rejectUnauthorized) => {
  it.each<[string, () => unknown, RegExp]>([
    ['throws', () => fail(new Error('not him')), /not him/],
    ['throws no error', () => fail('not him'), /not him/],
    ['gives an error', () => new Error('not him'), /not him/],
    ['gives a text', () => 'not him', /an Error or undefined.*not him/],
    ['gives false', () => false, /an Error or undefined.*false/],
    ['gives true', () => true, /an Error or undefined.*true/],
    ['is async and refuses', async () => fail(new Error('too late')), /at once.*a promise/],
    ['is async and gives an error', async () => new Error('too late'), /at once.*a promise/],
    ['is async and agrees', async () => undefined, /at once.*a promise/],
  ])('refuses when it %s', async (_what, check, message) => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate: valid }, files });
    const checkServerIdentity = check as NonNullable<ConnectionOptions['checkServerIdentity']>;
    expect(String(await refusal(server, { rejectUnauthorized, checkServerIdentity }))).toMatch(message);
    expect(server.commands).toEqual(['AUTH TLS']);
  });

  it.each([undefined, null])('agrees when it gives %s', async (verdict) => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate: valid }, files });
    await expectSuccess(server, { rejectUnauthorized, checkServerIdentity: () => verdict as undefined });
  });
});

function fail(error: unknown): never {
  throw error;
}

describe.each(versions)('%s: a pinned fingerprint', (version) => {
  const options = { minVersion: version, maxVersion: version };
  const pin =
    (certificate: Certificate) =>
    (_host: string, peer: PeerCertificate): Error | undefined =>
      peer.fingerprint256 === new X509Certificate(certificate.cert).fingerprint256
        ? undefined
        : new Error('not the pinned certificate');

  it.each([true, false])('that is right opens the session (chain verified: %s)', async (rejectUnauthorized) => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate: valid, options }, files });
    await expectSuccess(server, { rejectUnauthorized, checkServerIdentity: pin(valid) });
  });

  it.each([
    true,
    false,
  ])('that is wrong closes it before the login (chain verified: %s)', async (rejectUnauthorized) => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate: valid, options }, files });
    const error = await refusal(server, { rejectUnauthorized, checkServerIdentity: pin(another) });
    expect(error.message).toMatch(/not the pinned certificate/);
    expect(server.commands).toEqual(['AUTH TLS']);
    expectNothingInClear(server);
  });

  it('is held against a data connection that is not resumed', async () => {
    await using server = await scriptedServer({
      tls: { mode: 'explicit', certificate: valid, dataCertificate: another, options, separateSessions: true },
      files,
    });
    const error = await refusal(server, { rejectUnauthorized: false, checkServerIdentity: pin(valid) });
    expect(error.message).toMatch(/not the pinned certificate/);
  });
});

describe('checkServerIdentity', () => {
  it('that throws refuses, and takes nothing down with it', async () => {
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate: valid }, files });
    const checkServerIdentity = (): never => {
      throw new TypeError('a bug in the check');
    };
    expect((await refusal(server, { checkServerIdentity })).message).toMatch(/a bug in the check/);
    const careless = await refusal(server, { checkServerIdentity, rejectUnauthorized: false });
    expect(careless.message).toMatch(/a bug in the check/);
  });

  it('is asked about the name that the user connects to, or the one given as servername', async () => {
    const example = await authority.issue({ names: ['ftp.example'] });
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate: example }, files });
    await expectSuccess(server, { servername: 'ftp.example' });
    expect(server.journal.of('secured')[0]?.servername).toBe('ftp.example');
    expect(server.journal.of('data-secured').map(({ servername }) => servername)).toEqual([
      'ftp.example',
      'ftp.example',
    ]);
    expect((await refusal(server, { servername: 'other.example' })).cause).toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });
});

describe('an address instead of a name', () => {
  it.each(['127.0.0.1', '::1'] as const)('%s must be in the certificate', async (host) => {
    const withAddress = await authority.issue({ names: ['somewhere.example'], addresses: [host] });
    await using good = await scriptedServer({ host, tls: { mode: 'implicit', certificate: withAddress }, files });
    await expectSuccess(good);
    const elsewhere = await authority.issue({ names: ['localhost', host], addresses: ['192.0.2.1', '2001:db8::1'] });
    await using bad = await scriptedServer({ host, tls: { mode: 'implicit', certificate: elsewhere }, files });
    expect((await refusal(bad)).cause).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });
});

describe('a client certificate', () => {
  const demanding = (): TlsOptions => ({ requestCert: true, rejectUnauthorized: true, ca: authority.cert });

  it.each(versions)('is shown on both connections (%s)', async (version) => {
    const options = { ...demanding(), minVersion: version, maxVersion: version };
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate: valid, options }, files });
    await expectSuccess(server, await authority.issueClient());
  });

  it.each(versions)('that is missing is refused by the server (%s)', async (version) => {
    const options = { ...demanding(), minVersion: version, maxVersion: version };
    await using server = await scriptedServer({ tls: { mode: 'explicit', certificate: valid, options }, files });
    await using ftp = secureClient(server, { tls: { ca: authority.cert } });
    const error = await observe(ftp.retr$(names.file)).failed;
    expect(error).toMatchObject({
      code: 'ERR_FTP_SECURITY',
      message: expect.stringContaining('give tls.cert and tls.key'),
    });
    expect(String(error)).not.toContain('\n');
    expectNothingInClear(server);
  });
});

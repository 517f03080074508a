import { describe, expect, it } from 'vitest';
import { FtpConnectionError, FtpSecurityError } from '../../lib/errors.js';
import { handshakeError, isKnownAt } from '../../lib/net/tls.js';

const coded = (code: string, message = 'it failed'): Error => Object.assign(new Error(message), { code });

describe('handshakeError', () => {
  it.each([
    'ECONNRESET',
    'ECONNREFUSED',
    'EPIPE',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETDOWN',
  ])('is about the connection for %s', (code) => {
    const cause = coded(code);
    const error = handshakeError(cause, 'data', 'ftp.example.com');
    expect(error).toBeInstanceOf(FtpConnectionError);
    expect(error).toMatchObject({ channel: 'data', phase: 'tls', cause });
    expect(error.message).toContain('the data connection to ftp.example.com');
  });

  it.each([
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'for another name'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'give the CA in tls.ca'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'give the CA in tls.ca'],
    ['CERT_HAS_EXPIRED', 'must renew it; or it is the one in tls.ca that has expired'],
    ['CERT_SIGNATURE_FAILURE', 'The CA in tls.ca has not signed this certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'check host and port'],
    ['CERT_NOT_YET_VALID', 'check the clocks'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'give tls.cert and tls.key'],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'check virtualHost and tls.servername'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'which TLS versions both sides allow'],
  ])('is about security for %s, and says what to do', (code, advice) => {
    const error = handshakeError(coded(code), 'control', 'ftp.example.com');
    expect(error).toBeInstanceOf(FtpSecurityError);
    expect(error.message).toContain(advice);
    expect(error.message).toContain(code);
  });

  it('leaves what is said already', () => {
    const said = new FtpSecurityError('another server');
    expect(handshakeError(said, 'data', 'ftp.example.com')).toBe(said);
  });
});

describe('the name of a server that TLS connects to itself', () => {
  it.each([
    ['192.0.2.1', 'ftp.example.com', undefined, true],
    ['192.0.2.1', '192.0.2.1', undefined, true],
    ['192.0.2.1', '192.0.2.2', undefined, false],
    ['192.0.2.1', '192.0.2.2', 'ftp.example.com', true],
    ['::1', '0:0:0:0:0:0:0:1', undefined, false],
    // No name is sent then, and node goes by where it connects to.
    ['192.0.2.1', 'ftp.example.com', '', false],
  ])('at %s, of %s, with servername %s: known is %s', (at, host, servername, known) => {
    const options = servername === undefined ? {} : { servername };
    expect(isKnownAt(at, { host, options })).toBe(known);
  });
});

/** Checks a pinned certificate: the fingerprint identifies the server, and the signer and the name do not count. */
import type { ConnectionOptions, PeerCertificate } from 'node:tls';
import { FtpSecurityError } from '../errors.js';
import { checkIdentity } from './tls.js';

/** The destination and time limits of node's own connection, which have no effect on a connection that is made for it. */
type Elsewhere = 'host' | 'port' | 'path' | 'socket' | 'lookup' | 'timeout';

/**
 * Options of node's `tls.connect`, but those that name a connection; and the fingerprint of the server's certificate. Any other
 * name is an `FtpUsageError`.
 */
export interface FtpTlsOptions extends Omit<ConnectionOptions, Elsewhere> {
  /**
   * The SHA-256 fingerprint of the server's certificate: 64 hexadecimal digits, with or without colons. Only that certificate is
   * accepted, on control and data connections, even if it is self-signed, expired or for another name. With
   * `rejectUnauthorized: true` its chain and name must be right too. Another certificate is an `FtpSecurityError` that shows the
   * fingerprint of it.
   */
  readonly fingerprint256?: string | undefined;
}

/** The hexadecimal digits alone; undefined for a text that is no fingerprint. */
export function fingerprintDigits(fingerprint: unknown): string | undefined {
  const digits = typeof fingerprint === 'string' ? fingerprint.replaceAll(':', '').toUpperCase() : '';
  return /^[0-9A-F]{64}$/.test(digits) ? digits : undefined;
}

/** The options for node:tls, which compare the server with the fingerprint if one is given. */
export function pinned({ fingerprint256, ...options }: FtpTlsOptions): ConnectionOptions {
  if (fingerprint256 === undefined) return options;
  const { rejectUnauthorized = false, checkServerIdentity } = options;
  const check = checkServerIdentity ?? (rejectUnauthorized ? checkIdentity : () => undefined);
  return {
    ...options,
    rejectUnauthorized,
    checkServerIdentity: (host, peer) => faultOf(peer, fingerprint256) ?? check(host, peer),
  };
}

function faultOf({ fingerprint256: actual }: PeerCertificate, expected: string): FtpSecurityError | undefined {
  if (fingerprintDigits(actual) === fingerprintDigits(expected)) return undefined;
  return new FtpSecurityError(
    `The certificate of the server is not the one that tls.fingerprint256 names: its fingerprint is ${actual ?? 'unknown'}. Give that one only if you know that it is the server's.`,
  );
}

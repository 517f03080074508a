/**
 * Lists the names that `tls` may have: `fingerprint256`, and the options of node's `tls.connect` that secure a connection. Node ignores any
 * other name in silence: `fingerprint` would pin no certificate, and `caFile` would add no authority.
 *
 * It refuses names such as `host` too. The options beside `tls` name the server, and the connector makes the connection.
 */
import { type OptionAliases, requireKnownParts } from '../protocol/option-names.js';
import type { FtpTlsOptions } from './tls-pin.js';

/** The two are node's, but not in its types. */
const NAMES: Readonly<Record<keyof FtpTlsOptions | 'highWaterMark' | 'requestOCSP', true>> = {
  fingerprint256: true,
  rejectUnauthorized: true,
  checkServerIdentity: true,
  servername: true,
  ca: true,
  cert: true,
  key: true,
  pfx: true,
  passphrase: true,
  crl: true,
  minVersion: true,
  maxVersion: true,
  secureContext: true,
  secureProtocol: true,
  secureOptions: true,
  ciphers: true,
  sigalgs: true,
  ecdhCurve: true,
  dhparam: true,
  minDHSize: true,
  honorCipherOrder: true,
  allowPartialTrustChain: true,
  clientCertEngine: true,
  privateKeyEngine: true,
  privateKeyIdentifier: true,
  session: true,
  sessionIdContext: true,
  sessionTimeout: true,
  ticketKeys: true,
  pskCallback: true,
  requestOCSP: true,
  requestCert: true,
  ALPNProtocols: true,
  ALPNCallback: true,
  SNICallback: true,
  enableTrace: true,
  highWaterMark: true,
};

/** Their names in other programs, and the names that belong elsewhere. */
const ALIASES: OptionAliases = {
  fingerprint256: ['fingerprint', 'fingerprintsha', 'sslfingerprint', 'pin', 'pinned', 'sha', 'thumbprint'],
  'rejectUnauthorized: false': ['insecure', 'allowselfsigned', 'selfsigned', 'skipverify', 'noverify', 'trustall'],
  rejectUnauthorized: ['verify', 'verifypeer', 'strictssl', 'certreqs', 'verifymode'],
  checkServerIdentity: ['checkhostname', 'verifyhost', 'verifyhostname'],
  servername: ['sni', 'hostname', 'serverhostname'],
  'ca, with the content of the file': ['cafile', 'cafiles', 'capath', 'cacert', 'cacerts', 'cabundle', 'cadata'],
  'cert, with the content of the file': ['certfile', 'certpath', 'clientcert', 'certchain'],
  cert: ['certificate', 'certificates'],
  'key, with the content of the file': ['keyfile', 'keypath'],
  key: ['privatekey', 'clientkey'],
  'pfx, with the content of the file': ['pfxfile', 'pfxpath', 'pkcs'],
  passphrase: ['password', 'keypassword', 'passwd'],
  crl: ['crlfile', 'revocationlist'],
  minVersion: ['tlsversion', 'sslversion', 'version', 'minprotocol'],
  secureContext: ['context', 'sslcontext', 'tlscontext'],
  'host and port beside tls, and servername for the name in the certificate': ['host', 'port'],
  'connector beside tls': ['socket', 'path', 'lookup', 'agent', 'proxy'],
  'connectTimeoutMs beside tls': ['timeout', 'handshaketimeout', 'timeoutms'],
};

/** Throws FtpUsageError for a name in `tls` that there is none of. It shows no value. */
export function requireTlsNames(options: object): void {
  requireKnownParts('tls', options, NAMES, ALIASES);
}

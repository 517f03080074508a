/** Refuses TLS options that are recognisably wrong before there is a connection. */
import type { ConnectionOptions } from 'node:tls';
import { FtpUsageError } from '../errors.js';
import { nodeTls } from './builtins.js';
import { requireTlsNames } from './tls-names.js';
import { contentFault } from './tls-pem.js';
import { type FtpTlsOptions, fingerprintDigits } from './tls-pin.js';

/** Node makes a secure context of these options. Beside a given one it looks at none of them. */
const CONTEXT = [
  'ca',
  'cert',
  'key',
  'pfx',
  'passphrase',
  'crl',
  'ciphers',
  'sigalgs',
  'ecdhCurve',
  'dhparam',
  'minVersion',
  'maxVersion',
  'secureProtocol',
  'secureOptions',
  'honorCipherOrder',
  'clientCertEngine',
  'privateKeyEngine',
  'privateKeyIdentifier',
  'sessionIdContext',
  'sessionTimeout',
  'ticketKeys',
  'allowPartialTrustChain',
] as const;

/** Throws FtpUsageError for a value that node:tls or OpenSSL does not take, and for an unknown name. It shows no value, since that may be a key. */
export function requireTlsOptions(options: FtpTlsOptions): void {
  requireTlsNames(options);
  const { checkServerIdentity, fingerprint256, servername } = options;
  if (fingerprint256 !== undefined && fingerprintDigits(fingerprint256) === undefined) {
    throw refusal('fingerprint256 must be 64 hexadecimal digits, with or without colons');
  }
  if (checkServerIdentity !== undefined && typeof checkServerIdentity !== 'function') {
    throw refusal('checkServerIdentity must be a function');
  }
  if (servername !== undefined && typeof servername !== 'string') throw refusal('servername must be text');
  requireContextAlone(options);
  const fault = contentFault(options);
  if (fault !== undefined) throw refusal(fault);
  try {
    nodeTls().createSecureContext(options);
  } catch (error) {
    throw refusal(reasonOf(error));
  }
}

function requireContextAlone(options: ConnectionOptions): void {
  if (options.secureContext === undefined) return;
  const ignored = CONTEXT.filter((name) => options[name] !== undefined);
  if (ignored.length === 0) return;
  throw refusal(`beside secureContext node ignores ${ignored.join(', ')}: give createSecureContext these`);
}

/** Node names the option, and then shows its value. OpenSSL names only the missing part. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return message.replace(/\.? Received .*$/s, '').replace(/^error:[0-9a-f]+:/i, '');
}

/** Without a cause: node's own error shows the value. */
function refusal(why: string): FtpUsageError {
  return new FtpUsageError(`The option tls cannot be used: ${why}.`);
}

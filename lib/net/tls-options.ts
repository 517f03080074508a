/** What of node's TLS options can be known to be wrong before there is a connection. */
import type { ConnectionOptions } from 'node:tls';
import { FtpUsageError } from '../errors.js';
import { nodeTls } from './builtins.js';
import { requireTlsNames } from './tls-names.js';
import { type FtpTlsOptions, fingerprintDigits } from './tls-pin.js';

/** Options that hold PEM. Of a `ca` that holds none, node trusts nobody, without a word. */
const PEM = ['ca', 'cert', 'key', 'crl'] as const;

/** A long sequence of ASN.1; read as UTF-8, its second byte is a replacement character. */
const DER = /^0[\x81-\x84\ufffd]/;

/** What node makes a secure context of; beside one that is given it looks at none of them. */
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

/** Throws FtpUsageError for what node:tls, or OpenSSL, does not take, and for a name that there is none of. It shows no value: those are keys and passphrases. */
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
  requireContent(options);
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

/** A path in place of what its file holds is the usual mistake. */
function requireContent(options: ConnectionOptions): void {
  for (const name of PEM) {
    const other = textsOf(options[name]).find((text) => !text.includes('-----BEGIN '));
    if (other === undefined) continue;
    if (DER.test(other)) throw refusal(`${name} holds DER, and must be PEM: openssl converts it, from -inform DER`);
    throw refusal(`${name} holds no PEM text. ${contentOf(name)}`);
  }
  // A PKCS #12 file is binary.
  const isText = textsOf(options.pfx).some((text) => /^[\x20-\x7e]*$/.test(text));
  if (isText) throw refusal(`pfx holds no PKCS #12. ${contentOf('pfx')}`);
}

function contentOf(name: string): string {
  return `Give the content of the file, not its path: ${name}: readFileSync(path)`;
}

/** The texts in an option that may be one or many, as text or bytes; what is neither is left to node. */
function textsOf(option: unknown): string[] {
  return [option].flat().flatMap((item) => {
    const { pem, buf } = Object(item) as { readonly pem?: unknown; readonly buf?: unknown };
    const value = pem ?? buf ?? item;
    if (typeof value === 'string') return [value];
    return ArrayBuffer.isView(value)
      ? [Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')]
      : [];
  });
}

/** Node names the option, and then shows its value. OpenSSL only says what it missed. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return message.replace(/\.? Received .*$/s, '').replace(/^error:[0-9a-f]+:/i, '');
}

/** Without a cause: node's own error shows the value. */
function refusal(why: string): FtpUsageError {
  return new FtpUsageError(`The option tls cannot be used: ${why}.`);
}

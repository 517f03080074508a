/** What of node's TLS options can be known to be wrong before there is a connection. */
import type { ConnectionOptions } from 'node:tls';
import { FtpUsageError } from '../errors.js';
import { nodeTls } from './builtins.js';

/** Throws FtpUsageError for what node:tls, or OpenSSL, does not take. It shows no value: those are keys and passphrases. */
export function requireTlsOptions(options: ConnectionOptions): void {
  const { checkServerIdentity, servername } = options;
  if (checkServerIdentity !== undefined && typeof checkServerIdentity !== 'function') {
    throw refusal('checkServerIdentity must be a function');
  }
  if (servername !== undefined && typeof servername !== 'string') throw refusal('servername must be text');
  try {
    nodeTls().createSecureContext(options);
  } catch (error) {
    throw refusal(reasonOf(error));
  }
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

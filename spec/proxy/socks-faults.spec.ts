import { describe, expect, it } from 'vitest';
import { socksFault } from '../../lib/proxy/socks-faults.js';

const REJECTED = 'Socks5 proxy rejected connection - ';

describe('an error of the library socks', () => {
  it.each<[string, object]>([
    [`${REJECTED}NotAllowed`, { transient: false, message: 'its rules do not allow it', ofAddress: false }],
    [`${REJECTED}Failure`, { transient: true, code: undefined, ofAddress: true }],
    [`${REJECTED}NetworkUnreachable`, { transient: true, code: 'ENETUNREACH', ofAddress: true }],
    [`${REJECTED}HostUnreachable`, { transient: true, code: 'EHOSTUNREACH', ofAddress: true }],
    [`${REJECTED}ConnectionRefused`, { transient: true, code: 'ECONNREFUSED', ofAddress: true }],
    [`${REJECTED}TTLExpired`, { transient: true, code: 'ETIMEDOUT', ofAddress: true }],
    [`${REJECTED}CommandNotSupported`, { transient: false, ofAddress: false }],
    [`${REJECTED}AddressNotSupported`, { transient: false, ofAddress: true }],
    ['Socks4 Proxy rejected connection - (Failed)', { transient: true, ofAddress: true }],
    ['Socks4 Proxy rejected connection - (Rejected)', { transient: false, message: /identd/ }],
    ['Socks4 Proxy rejected connection - (RejectedIdent)', { transient: false, message: /identd/ }],
    ['Socks4 Proxy rejected connection - (undefined)', { transient: true }],
    ['Socks5 Authentication failed', { transient: false, message: /user and password/ }],
    [
      'Received invalid Socks5 initial handshake (no accepted authentication type)',
      { transient: false, message: /another authentication/ },
    ],
    [
      'Received invalid Socks5 initial handshake (unknown authentication type)',
      { transient: false, message: /was not offered/ },
    ],
    ['Received invalid Socks5 initial handshake (invalid socks version)', { transient: false, message: /no SOCKS5/ }],
    [`${REJECTED}undefined`, { transient: false, message: /was not understood .*undefined/ }],
    ['SocksClient internal error (this should not happen)', { transient: false, message: /was not understood/ }],
    ['\u001b[2J', { message: /\\x1b\[2J/ }],
  ])('%j', (text, { message, ...expected }: { readonly message?: unknown }) => {
    const fault = socksFault(text);
    expect(fault).toMatchObject(expected);
    if (message !== undefined) expect(fault.message).toMatch(message as string | RegExp);
    expect(fault.advice).toMatch(/\.$/);
  });
});

/** Explains the refusals of SOCKS proxies by the text of the library `socks` (RFC 1928 section 6, and the memo of SOCKS4). */
import { printable } from '../protocol/printable.js';
import { ProxyFault, type ProxyFaultDetails } from './proxy-fault.js';

const RULES = "Ask the proxy's administrator to allow it: an FTP server's data ports may be any above 1023.";
const SERVER = 'Check host and port, and that the server runs.';
const LOGIN = "Check user and password in the proxy's URL.";
const NO_SOCKS = 'Check the port and the version: SOCKS4 and SOCKS5 are different protocols.';

type Row = readonly [text: RegExp, reason: string, details: ProxyFaultDetails];

const ROWS: readonly Row[] = /* @__PURE__ */ Object.freeze<Row[]>([
  [/ - NotAllowed$/, 'its rules do not allow it', { transient: false, advice: RULES }],
  [/ - Failure$/, 'the proxy failed, and gives no reason', { transient: true, advice: SERVER, ofAddress: true }],
  [
    / - NetworkUnreachable$/,
    "it cannot reach the server's network",
    { transient: true, advice: SERVER, code: 'ENETUNREACH', ofAddress: true },
  ],
  [
    / - HostUnreachable$/,
    'it cannot reach the server',
    { transient: true, advice: SERVER, code: 'EHOSTUNREACH', ofAddress: true },
  ],
  [
    / - ConnectionRefused$/,
    'the server refused the connection',
    { transient: true, advice: SERVER, code: 'ECONNREFUSED', ofAddress: true },
  ],
  [
    / - TTLExpired$/,
    'the server did not answer the proxy in time',
    { transient: true, advice: SERVER, code: 'ETIMEDOUT', ofAddress: true },
  ],
  [/ - CommandNotSupported$/, 'it does not make connections', { transient: false, advice: NO_SOCKS }],
  [
    / - AddressNotSupported$/,
    'it knows no addresses of this kind',
    { transient: false, advice: 'Try a host name, or an address of the other IP version.', ofAddress: true },
  ],
  [/\(RejectedIdent\)$|\(Rejected\)$/, 'it refused the user (by identd)', { transient: false, advice: LOGIN }],
  [
    /Socks4 Proxy rejected/,
    'it refused or failed, and gives no reason',
    { transient: true, advice: SERVER, ofAddress: true },
  ],
  [/Authentication failed/, 'it refused user and password', { transient: false, advice: LOGIN }],
  [/no accepted authentication/, 'it wants another authentication', { transient: false, advice: LOGIN }],
  [/unknown authentication/, 'it chose an authentication that it was not offered', { transient: false, advice: LOGIN }],
  [/invalid socks version/, 'its answer is no SOCKS5', { transient: false, advice: NO_SOCKS }],
]);

/** The message of an error of `socks` as a fault. The error itself holds the password, and is not kept. */
export function socksFault(message: string): ProxyFault {
  const row = ROWS.find(([text]) => text.test(message));
  if (row !== undefined) return new ProxyFault(row[1], row[2]);
  return new ProxyFault(`its answer was not understood (${printable(message)})`, {
    transient: false,
    advice: NO_SOCKS,
  });
}

/**
 * Reads and writes the address of a data connection. The replies of PASV and EPSV tell it, and so do the arguments of PORT and EPRT. See
 * RFC 959 section 3.3, RFC 2428 sections 2 and 3.
 *
 * This module reads only the notation. The data connection decides whether it trusts an address. By default it ignores the host of a 227
 * (CVE-2020-8284, CVE-2021-4189).
 */
import { FtpProtocolError, FtpUsageError } from '../errors.js';
import { printable } from './printable.js';

/** A host and a port that a connection can be made to. */
export interface Endpoint {
  /** A host name or an IP address. */
  readonly host: string;
  readonly port: number;
}

/** Six numbers, commas between them, spaces tolerated; a minus is matched to be refused. Every repetition is bounded. */
const SIX_NUMBERS = /(?<![\d-])(-?\d{1,9})(?: {0,9}, {0,9}(-?\d{1,9})){5}(?!\d)/;

/**
 * `|||port|`, the port second of the groups and the delimiter the first. That may be any of ASCII 33 to 126; letters and
 * digits only right after the parenthesis, or every word would do. Protocol and address are both left out, as RFC 2428
 * section 3 asks for, or both filled in: the commas of a 227 must not pass for delimiters. Every repetition is bounded.
 */
const EPSV_FIELDS =
  /([!-/:-@[-`{-~]|(?<=\()[0-9A-Za-z])(?:(?:(?!\1)\d){1,2}\1(?:(?!\1)[^.:]){0,63}(?!\1)[.:](?:(?!\1).){0,63}|\1)\1((?:(?!\1)\d){1,9})\1/s;

/**
 * The endpoint of a 227: the first six numbers `h1,h2,h3,h4,p1,p2` wherever they stand, with or without parentheses
 * (RFC 1123 section 4.1.2.6).
 *
 * @throws FtpProtocolError when there are none, a number is no octet, or the port is 0.
 */
export function parsePasv(text: string): Endpoint {
  const numbers = SIX_NUMBERS.exec(text)?.[0].split(',').map(Number);
  if (numbers === undefined) throw malformed('PASV', text);
  if (!numbers.every((number) => number >= 0 && number <= 255)) throw malformed('PASV', text);
  const [high = 0, low = 0] = numbers.slice(4);
  const port = high * 256 + low;
  if (port === 0) throw malformed('PASV', text);
  return { host: numbers.slice(0, 4).join('.'), port };
}

/**
 * The port of a 229, `(|||port|)`: any delimiter (IBM: `!`), parentheses or not, and the protocol and address fields may
 * be filled in, though the address is always the control connection's.
 *
 * @throws FtpProtocolError when there is no such thing, or the port is not 1 to 65535.
 */
export function parseEpsv(text: string): number {
  const port = Number(EPSV_FIELDS.exec(text)?.[2]);
  if (!isPort(port)) throw malformed('EPSV', text);
  return port;
}

/**
 * The argument of PORT, `h1,h2,h3,h4,p1,p2`.
 *
 * @throws FtpUsageError when the host is not an IPv4 address (IPv4-mapped counts as one) or the port is not 1 to 65535.
 */
export function formatPort(endpoint: Endpoint): string {
  const host = asIpv4(endpoint.host);
  if (host === undefined) throw new FtpUsageError(`PORT takes an IPv4 address, not "${printable(endpoint.host, 60)}"`);
  const port = checkPort(endpoint.port);
  return [...host.split('.'), port >> 8, port & 0xff].join(',');
}

/**
 * The argument of EPRT, `|1|192.0.2.1|port|` or `|2|2001:db8::1|port|`. An IPv4-mapped address is family 1; a zone id
 * means nothing to the server and is left out.
 *
 * @throws FtpUsageError when the host is no IP address or the port is not 1 to 65535.
 */
export function formatEprt(endpoint: Endpoint): string {
  const port = checkPort(endpoint.port);
  const ipv4 = asIpv4(endpoint.host);
  if (ipv4 !== undefined) return `|1|${ipv4}|${port}|`;
  const ipv6 = endpoint.host.replace(/%.*$/, '');
  if (!/^[0-9a-f]{0,4}:[0-9a-f:.]{1,40}$/i.test(ipv6)) {
    throw new FtpUsageError(`EPRT takes an IP address, not "${printable(endpoint.host, 60)}"`);
  }
  return `|2|${ipv6}|${port}|`;
}

/** The dotted form of an IPv4 address, mapped into IPv6 or not; `undefined` for anything else. */
function asIpv4(host: string): string | undefined {
  const dotted = host.replace(/^::ffff:/i, '');
  const octets = dotted.split('.');
  const valid = octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255);
  return valid ? dotted : undefined;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function checkPort(port: number): number {
  if (!isPort(port)) throw new FtpUsageError(`A port is 1 to 65535, not ${port}`);
  return port;
}

function malformed(verb: string, text: string): FtpProtocolError {
  return new FtpProtocolError(`No usable endpoint in the answer to ${verb}: "${printable(text, 120)}"`);
}

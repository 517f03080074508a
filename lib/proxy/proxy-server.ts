/** Reads a proxy from a URL: `scheme://user:password@host:port`. Its errors name the fault and do not show the URL. */
import { domainToASCII } from 'node:url';
import { FtpUsageError } from '../errors.js';
import { isIP } from '../net/address.js';

/** A proxy, and the credentials for it. */
export interface ProxyServer {
  /** Without its colon. */
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** Percent-decoded; empty if the URL names none. */
  readonly user: string;
  readonly password: string;
  /** As errors name it: host and port. */
  readonly name: string;
}

/** The schemes that are understood, and the port of each. */
export type ProxySchemes = Readonly<Record<string, number>>;

/** Throws FtpUsageError for a text that is no URL of a proxy with one of the schemes. `subject`: the origin of the URL, for the message. */
export function parseProxyUrl(given: string | URL, schemes: ProxySchemes, subject: string): ProxyServer {
  const url = asUrl(given, subject);
  const scheme = url.protocol.slice(0, -1);
  const usualPort = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (usualPort === undefined) {
    const known = Object.keys(schemes).map((name) => `${name}:`);
    throw new FtpUsageError(`${subject} must begin with ${known.join(', ')}.`);
  }
  if (url.hostname === '') throw new FtpUsageError(`${subject} must name a host.`);
  if (!['', '/'].includes(url.pathname) || url.search !== '' || url.hash !== '') {
    throw new FtpUsageError(`${subject} must end after the port: a proxy has no path.`);
  }
  const host = asciiHost(decoded(url.hostname.replace(/^\[|\]$/g, ''), subject));
  const port = url.port === '' ? usualPort : Number(url.port);
  const credentials = { user: credential(url.username, subject), password: credential(url.password, subject) };
  return { scheme, host, port, ...credentials, name: authorityOf({ host, port }) };
}

function asUrl(given: string | URL, subject: string): URL {
  try {
    return new URL(given);
  } catch {
    // Node's error has the text as a property, and with it the password.
    throw new FtpUsageError(`${subject} must be a URL, such as socks5h://proxy.example.com:1080.`);
  }
}

function credential(encoded: string, subject: string): string {
  const text = decoded(encoded, subject);
  if (/[\r\n\0]/.test(text)) throw new FtpUsageError(`${subject} must have no CR, LF and NUL in user and password.`);
  return text;
}

function decoded(encoded: string, subject: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new FtpUsageError(`${subject} has a percent sign that is no escape: write it as %25.`);
  }
}

/** `host` in ASCII, as proxies get it; throws FtpUsageError if it has no such form. */
export function asciiHost(host: string): string {
  if (isIP(host) !== 0 || /^[\w.-]+$/.test(host)) return host;
  // Node's function would cut the name off at a slash.
  const name = /^[\w.\-\u{80}-\u{10ffff}]+$/u.test(host) ? domainToASCII(host) : '';
  if (name === '') throw new FtpUsageError('A proxy cannot be told this host: it is no domain name and no IP address.');
  return name;
}

/** Host and port as one text, an IPv6 address in brackets. */
export function authorityOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Checks the values of the options of a login. */
import { domainToASCII } from 'node:url';
import { isIP, isIPv6 } from '../net/address.js';

/** Completes the sentence "The option virtualHost must be ...". */
export const VIRTUAL_HOST = 'a host name, an IPv4 address, or an IPv6 address in brackets, without a port';

/** Completes the sentence "The option language must be ...". */
export const LANGUAGE = 'a language tag, such as "en" or "fr-CA"';

export function isText(value: unknown): value is string {
  return typeof value === 'string' && !['\r', '\n', '\0'].some((character) => value.includes(character));
}

/** Text that says something. */
export function isName(value: unknown): boolean {
  return isText(value) && value.trim() !== '';
}

/** The code that reads the lines checks them. */
export function isListOfText(value: unknown): boolean {
  return Array.isArray(value) && value.every((line) => typeof line === 'string');
}

/** The hostname of RFC 7151 section 3.1: as in a URL, but without what follows it there. A name may be an international one. */
export function isVirtualHost(value: unknown): boolean {
  if (!isText(value)) return false;
  const [, literal] = /^\[(.*)\]$/.exec(value) ?? [];
  if (literal !== undefined) return isIPv6(literal) && !literal.includes('%');
  if (isIP(value) === 4) return true;
  const isName = value.length <= 253 && value.split('.').every(isLabel);
  const inAscii = isName ? domainToASCII(value) : '';
  // Numbers alone are read as an IPv4 address.
  return inAscii !== '' && isIP(inAscii) === 0;
}

/** The name of a virtual host as TLS has it, in ASCII; empty for an address. */
export function virtualHostName(virtualHost: string): string {
  return isIP(virtualHost) !== 0 || virtualHost.startsWith('[') ? '' : domainToASCII(virtualHost);
}

/** The virtual host as HOST names it. Beyond ASCII that is UTF-8: where another encoding is written, its form in ASCII takes that place. */
export function virtualHostIn(encoding: string, virtualHost: string): string {
  const isPlain = encoding === 'utf8' || /^[ -~]*$/.test(virtualHost);
  return isPlain ? virtualHost : virtualHostName(virtualHost);
}

/** Letters and digits of any language. An underscore is no part of a host name, but names have it. Few hosts need this pattern. */
function isLabel(text: string): boolean {
  return /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_-]{0,61}[\p{L}\p{M}\p{N}_])?$/u.test(text);
}

/** RFC 2640 section 4.1 has the tags of RFC 1766. ProFTPD names locales, such as `en_US.UTF-8`. */
export function isLanguage(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 64 && /^[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*$/.test(value);
}

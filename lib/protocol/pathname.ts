/**
 * Reads the pathname in a 257 (PWD, MKD): in double quotes, a quote in it doubled (RFC 959 appendix II).
 *
 * Pure-FTPd and inetutils do not double quotes, and comments follow the closing quote. So the name ends at the last quote that a space or
 * the end of the line follows. IIS 2003 answers MKD without any name.
 */
import { FtpProtocolError } from '../errors.js';
import { printable } from './printable.js';

/**
 * The pathname, `undefined` when the text names none.
 *
 * @param text of the reply; only its first line that has a quote counts.
 * @throws FtpProtocolError when the quote is not closed, or the name holds control characters (CVE-2017-1000254: such a
 * reply made curl read past its buffer; and a path is shown to people).
 */
export function parsePathname(text: string): string | undefined {
  const line = text.split('\n').find((candidate) => candidate.includes('"'));
  if (line === undefined) return undefined;
  const open = line.indexOf('"');
  const close = closingQuote(line);
  if (close <= open) throw new FtpProtocolError(`A pathname without its closing quote: "${printable(line, 120)}"`);
  const pathname = line.slice(open + 1, close).replaceAll('""', '"');
  if (hasControlCharacter(pathname)) {
    throw new FtpProtocolError(`Control characters in a pathname: "${printable(pathname, 120)}"`);
  }
  return pathname === '' ? undefined : pathname;
}

/** The last quote that a space or the end follows, -1 when there is none. */
function closingQuote(line: string): number {
  let index = line.lastIndexOf('"');
  while (index !== -1 && index + 1 < line.length && line.charAt(index + 1) !== ' ') {
    index = index === 0 ? -1 : line.lastIndexOf('"', index - 1);
  }
  return index;
}

/** Whether there is a C0 control or DEL in `text`: never part of a name that a reply carries. */
export function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit === 0x7f) return true;
  }
  return false;
}

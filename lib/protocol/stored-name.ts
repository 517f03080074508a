/**
 * Finds the name that STOU chose. RFC 1123 section 4.1.2.9 puts it into the 125 or 150 as `FILE: name`. inetutils says
 * `(unique file name:name)` in the 226. ftp-srv's 226 is only the path.
 */
import { FtpProtocolError } from '../errors.js';
import { hasControlCharacter } from './pathname.js';
import { printable } from './printable.js';
import type { Reply } from './reply.js';

const ANNOUNCED = 'file: ';
const UNIQUE = '(unique file name:';

/**
 * The name of the stored file, `undefined` when this reply does not say.
 *
 * @param reply preliminary or final, of STOU.
 * @throws FtpProtocolError when the name holds control characters.
 */
export function parseStoredName(reply: Reply): string | undefined {
  const name = reply.class === 1 ? announcedName(reply.lines) : finalName(reply.lines);
  if (name === undefined || name === '') return undefined;
  if (hasControlCharacter(name)) throw new FtpProtocolError(`Control characters in a name: "${printable(name, 120)}"`);
  return name;
}

function announcedName(lines: readonly string[]): string | undefined {
  const line = lines.find((candidate) => candidate.toLowerCase().startsWith(ANNOUNCED));
  return line?.slice(ANNOUNCED.length);
}

function finalName(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const start = line.toLowerCase().indexOf(UNIQUE);
    const end = line.lastIndexOf(')');
    if (start !== -1 && end > start) return line.slice(start + UNIQUE.length, end).trim();
  }
  const [only] = lines;
  return lines.length === 1 && only?.startsWith('/') ? only : undefined;
}

/** Paths that a server may take for something else than the path of one directory. */
import type { TextCodec } from '../../control/settings.js';
import { decodeLatin1 } from '../../protocol/encoding.js';

/** Patterns and blanks. */
const MAY_BE_MISREAD = /[\s*?[\]{}~\\]|\p{Cc}/u;
const CONTROL = /\p{Cc}/u;

/**
 * Whether the path has blanks, or signs of a pattern. A server looks for them byte by byte: in Shift-JIS, GBK and Big5 the second
 * byte of a character may be a bracket or a backslash.
 */
export function mayBeMisread(path: string, codec: TextCodec): boolean {
  return MAY_BE_MISREAD.test(path) || (mayHideSigns(codec) && MAY_BE_MISREAD.test(asciiOf(path, codec)));
}

/** No character's later byte is a control character, in none of the encodings. */
export function hasControl(path: string): boolean {
  return CONTROL.test(path);
}

/** In UTF-8 and ISO 8859-1 every byte of ASCII is a character by itself. */
function mayHideSigns({ name }: TextCodec): boolean {
  return name === 'charset' || name === 'custom';
}

function asciiOf(path: string, codec: TextCodec): string {
  return decodeLatin1(codec.encode(path).filter((byte) => byte < 0x80));
}

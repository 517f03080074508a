/** Recognises paths that a server may not take for the path of one directory. */
import type { Session } from '../../control/session.js';
import type { TextCodec } from '../../control/settings.js';
import { decodeLatin1 } from '../../protocol/encoding.js';

/** Patterns, blanks, and marks that are left out or replaced. */
const MAY_BE_MISREAD = /[\s*?[\]{}~\\"]|\p{Cc}/u;
/** ftp-srv leaves the one out of every command, and makes a slash of the other: the name is another then. */
const MAY_BE_ANOTHER = /["\\]/;
/** It also leaves each word of a hyphen and one character out of CWD. */
const MAY_LOSE_WORDS = /(?:^| )-\w(?: |$)/;
const CONTROL = /\p{Cc}/u;

/**
 * Whether the path has blanks, or signs of a pattern. A server looks for them byte by byte. In Shift-JIS, GBK and Big5 the second byte of a
 * character may be a bracket or a backslash.
 */
export function mayBeMisread(path: string, codec: TextCodec): boolean {
  return isIn(MAY_BE_MISREAD, path, codec);
}

/** Whether the server may take `path` for that of another file, or directory, without a refusal. */
export function mayBeAnother({ profile, settings }: Session, path: string): boolean {
  return profile.keepsNames !== true && isIn(MAY_BE_ANOTHER, path, settings.codec);
}

/** Whether CWD may enter another directory than `path`, without a refusal. */
export function mayLeadElsewhere(session: Session, path: string): boolean {
  return mayBeAnother(session, path) || (session.profile.keepsNames !== true && MAY_LOSE_WORDS.test(path));
}

function isIn(signs: RegExp, path: string, codec: TextCodec): boolean {
  return signs.test(path) || (mayHideSigns(codec) && signs.test(asciiOf(path, codec)));
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

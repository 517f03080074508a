/** Asks a decoder of the platform which sequences of a plane are characters. */
import type { Plane } from './planes.js';

/** Decodes bytes from their beginning to their end; U+FFFD, and maybe more, replaces bytes that are no character. */
export type DecodeBytes = (bytes: Uint8Array) => string;

/**
 * Told of each sequence that is a character.
 *
 * @param sequence its bytes as one number, the first highest.
 * @param index its number in the plane.
 * @param character one code unit, or two.
 */
export type Found = (sequence: number, index: number, character: string) => void;

const LF = 0x0a;
/** U+FFFD itself has four bytes in GB 18030: 84 31 A4 37. */
const GB_REPLACEMENT = 39_417;

/**
 * Finds the sequences of a plane that the decoder makes one character of. Two bytes of which each is a character by itself look the
 * same: the caller knows them by the first.
 */
export function findCharacters(plane: Plane, decode: DecodeBytes, found: Found): void {
  const stride = plane.bytes + 1;
  const lines = new Uint8Array(plane.size * stride).fill(LF);
  for (let index = 0; index < plane.size; index += 1) plane.write(index, lines, index * stride);
  // A line end follows each, so that an unfinished sequence does not reach the next.
  const decoded = decode(lines).split('\n');
  for (let index = 0; index < plane.size; index += 1) {
    const character = decoded[index] ?? '';
    if (!isCharacter(character) && !isReplacement(plane, index, character)) continue;
    const at = index * stride;
    found(numberOf(lines, at, at + plane.bytes), index, character);
  }
}

function numberOf(bytes: Uint8Array, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at += 1) number = number * 0x100 + (bytes[at] ?? 0);
  return number;
}

/** ASCII is not taken from a sequence: in Shift_JIS a byte that does not fit the one before it is an ASCII character again. */
function isCharacter(text: string): boolean {
  if (text.length !== 1 && text.length !== 2) return false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80 || unit === 0xfffd) return false;
  }
  return true;
}

function isReplacement(plane: Plane, index: number, text: string): boolean {
  return plane.bytes === 4 && index === GB_REPLACEMENT && text === '\ufffd';
}

/** Computes the characters beyond U+FFFF in GB 18030: four bytes each, in the order of their numbers, without a table. */
import { GB18030_ALL } from './planes.js';

/** The number of the four bytes of U+10000. */
const ASTRAL = 189_000;
const LAST = ASTRAL + 0x10_ffff - 0x1_0000;

/** Writes the two code units of the character at `at`; returns how many bytes it has: 0 if none begins there. */
export function decodeAstral(bytes: Uint8Array, at: number, target: Uint16Array, to: number): number {
  const index = GB18030_ALL.indexAt(bytes, at);
  if (index < ASTRAL || index > LAST) return 0;
  const offset = index - ASTRAL;
  target[to] = 0xd800 + (offset >> 10);
  target[to + 1] = 0xdc00 + (offset & 0x3ff);
  return GB18030_ALL.bytes;
}

/** Writes the bytes of a code point; returns how many they are: 0 for one that is not beyond U+FFFF. */
export function encodeAstral(codePoint: number, target: Uint8Array, to: number): number {
  if (codePoint < 0x1_0000) return 0;
  GB18030_ALL.write(codePoint - 0x1_0000 + ASTRAL, target, to);
  return GB18030_ALL.bytes;
}

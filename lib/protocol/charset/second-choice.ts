/** Chooses among several byte sequences of one character, as the Encoding Standard's encoder does. */

/** U+2550, U+255E, U+256A, U+2561, U+5341 and U+5345 in Big5, which come again later: there the last counts. */
const BIG5_EARLY: ReadonlySet<number> = new Set([0xa2a4, 0xa2a5, 0xa2a6, 0xa2a7, 0xa2cc, 0xa2ce]);

/**
 * Whether a sequence is given only for a character that has no other; of several others the first is given.
 *
 * @param encoding its name in the Encoding Standard.
 * @param sequence its bytes as one number, the first highest.
 */
export function isSecondChoice(encoding: string, sequence: number): boolean {
  // If it decides, the standard counts neither NEC's copies of IBM's characters nor Hong Kong's supplement.
  if (encoding === 'shift_jis') return sequence >= 0xed00 && sequence <= 0xeeff;
  if (encoding === 'big5') return sequence > 0xff && (sequence < 0xa100 || BIG5_EARLY.has(sequence));
  // The euro sign of GBK; in GB 18030 it has two bytes.
  return encoding === 'gb18030' && sequence === 0x80;
}

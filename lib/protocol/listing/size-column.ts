/** Reads sizes as listings print them: digits, perhaps in groups of three, and the marks in their place. */
import { beginsWithDigit } from '../digits.js';
import { readSize } from '../size.js';

/** Between thousands, also a blank that does not break, in UTF-8 or in a byte of Windows or of DOS. */
const SEPARATORS = /[.,'’\u00a0\u2009\u202f\udca0\udcff]/g;
const GROUPED = /^\d{1,3}(?:[.,'’\u00a0\u2009\u202f\udca0\udcff]\d{3}){1,5}$/;
const SIZE_LIKE = /^-?\d[\d.,]{0,30}[KMGTPEkmgtpe]?i?B?$/;
/** A fraction of nothing: a time (`11.05`), no size. */
const FRACTION = /^\d{1,2}\.\d{2}$/;
const MAX_LENGTH = 36;

/** Digits, maybe grouped, negative (32-bit servers), or of `ls -h`; device numbers look like this too. */
export function isSizeLike(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  return (
    (beginsWithDigit(text) && readSize(text) !== undefined) ||
    (SIZE_LIKE.test(text) && !FRACTION.test(text)) ||
    GROUPED.test(text)
  );
}

/** The size if it is exact: plain digits, or digits in groups of three. */
export function exactSize(text: string): number | undefined {
  const size = readSize(text);
  if (size !== undefined) return size;
  return text.length < MAX_LENGTH && GROUPED.test(text) ? readSize(text.replaceAll(SEPARATORS, '')) : undefined;
}

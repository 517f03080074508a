/** Reads digits of a text in place: listings have many of them. */

/** The number written by the digits from `start` to `end`; -1 when there are none, or others among them. */
export function readDigits(text: string, start: number, end: number): number {
  return readNumber(text, start, end, 10);
}

/** As {@link readDigits}, of octal digits. */
export function readOctal(text: string, start: number, end: number): number {
  return readNumber(text, start, end, 8);
}

function readNumber(text: string, start: number, end: number, base: number): number {
  if (start >= end) return -1;
  let number = 0;
  for (let index = start; index < end; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    // NaN past the end of the text fails this as well.
    if (!(digit >= 0 && digit < base)) return -1;
    number = number * base + digit;
  }
  return number;
}

/** Whether `text` begins with a digit. */
export function beginsWithDigit(text: string): boolean {
  const unit = text.charCodeAt(0);
  return unit >= 0x30 && unit <= 0x39;
}

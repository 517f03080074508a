/** Makes texts of many characters from their UTF-16 code units at once. */

/** U+DC00 plus a byte, an unpaired surrogate that no valid text has, stands for that byte. */
export const RAW_BYTE = 0xdc00;

/** So many units are made a text at once: they are arguments of a call. */
const UNITS_AT_ONCE = 4096;

/** The number of ASCII bytes at the beginning. */
export function asciiLength(bytes: Uint8Array): number {
  let length = 0;
  while (length < bytes.length && (bytes[length] ?? 0) < 0x80) length += 1;
  return length;
}

export function textOf(units: Uint16Array): string {
  let text = '';
  for (let start = 0; start < units.length; start += UNITS_AT_ONCE) {
    // `apply` takes the array as it is; spreading it would walk an iterator.
    text += Reflect.apply(String.fromCharCode, undefined, units.subarray(start, start + UNITS_AT_ONCE));
  }
  return text;
}

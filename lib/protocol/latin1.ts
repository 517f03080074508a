/** Converts ISO 8859-1: each byte is the character of the same number. */
import { FtpUsageError } from '../errors.js';

/** A decoder of a byte stream, for text that comes in chunks. */
export interface TextDecoding {
  /** The text that `bytes` completes; the beginning of an unfinished character is held back. */
  write(bytes: Uint8Array): string;
  /** The text of the held bytes. */
  end(): string;
}

/** The number of characters that one call may take: far below the engines' limits on arguments. */
const RUN = 4096;

/**
 * Whether a label names ISO 8859-1 here: `latin1`, with case and blanks of no account, as in any label of `TextDecoder`. To the
 * WHATWG this label means windows-1252.
 */
export function namesLatin1(label: string): boolean {
  return /^[\t\n\f\r ]*latin1[\t\n\f\r ]*$/i.test(label);
}

/** Every byte as the character of the same number. */
export function decodeLatin1(bytes: Uint8Array): string {
  // `apply` takes the array as it is; spreading it would walk an iterator, at four times the cost.
  if (bytes.length <= RUN) return Reflect.apply(String.fromCharCode, undefined, bytes);
  let text = '';
  for (let start = 0; start < bytes.length; start += RUN) text += decodeLatin1(bytes.subarray(start, start + RUN));
  return text;
}

/**
 * The inverse of {@link decodeLatin1}.
 *
 * @throws FtpUsageError when a character is above U+00FF: cutting it to a byte would name another file, or make a CR or LF.
 */
export function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0xff) throw new FtpUsageError('The text has characters that ISO 8859-1 does not have');
    bytes[index] = unit;
  }
  return bytes;
}

/** The streaming form: ISO 8859-1 has nothing to hold back. */
export class Latin1Decoder implements TextDecoding {
  write(bytes: Uint8Array): string {
    return decodeLatin1(bytes);
  }

  end(): string {
    return '';
  }
}

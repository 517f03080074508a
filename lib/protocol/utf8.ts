/**
 * Converts UTF-8 so that any bytes survive in both directions. A byte outside of a valid sequence becomes U+DC80..U+DCFF, an unpaired
 * surrogate that no valid text has. The way back restores that byte. Python calls this `surrogateescape`.
 *
 * Overlong forms, encoded surrogates and numbers above U+10FFFF are not valid sequences (RFC 3629 section 3). U+FFFD would lose the byte,
 * and a command would then name the wrong file.
 */
import { FtpUsageError } from '../errors.js';
import { asciiLength, RAW_BYTE, textOf } from './code-units.js';
import { decodeLatin1, type TextDecoding } from './latin1.js';

/** So short a text, as in a reply, is made first and then looked at by one call: a loop over its bytes takes ten times as many steps. */
const SHORT = 256;
const BEYOND_ASCII = /[\u0080-\u00ff]/;

/** Bytes to text; never fails, never loses a byte. */
export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.length > SHORT) return asciiLength(bytes) === bytes.length ? decodeLatin1(bytes) : decodeAll(bytes);
  const text = decodeLatin1(bytes);
  return BEYOND_ASCII.test(text) ? decodeAll(bytes) : text;
}

function decodeAll(bytes: Uint8Array): string {
  // No sequence has more units than bytes. A text that grew by each invalid byte would take ten times as long.
  const units = new Uint16Array(bytes.length);
  let length = 0;
  for (let index = 0; index < bytes.length; ) {
    const byte = bytes[index] ?? 0;
    const codePoint = byte < 0x80 ? byte : sequenceAt(bytes, index);
    index += codePoint === -1 ? 1 : encodedLength(codePoint);
    if (codePoint > 0xffff) {
      units[length] = 0xd7c0 + (codePoint >> 10);
      units[length + 1] = 0xdc00 + (codePoint & 0x3ff);
      length += 2;
    } else {
      units[length] = codePoint === -1 ? RAW_BYTE + byte : codePoint;
      length += 1;
    }
  }
  return textOf(units.subarray(0, length));
}

/** The code point of the valid sequence of two to four bytes that begins at `index`; -1 when there is none. */
function sequenceAt(bytes: Uint8Array, index: number): number {
  const lead = bytes[index] ?? 0;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const second = continuationAt(bytes, index + 1);
  if (second === -1) return -1;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | second;
  const third = continuationAt(bytes, index + 2);
  if (third === -1) return -1;
  if (lead < 0xf0) {
    const codePoint = ((lead & 0x0f) << 12) | (second << 6) | third;
    return codePoint < 0x800 || (codePoint >= 0xd800 && codePoint <= 0xdfff) ? -1 : codePoint;
  }
  const fourth = continuationAt(bytes, index + 3);
  if (fourth === -1) return -1;
  const codePoint = ((lead & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
  return codePoint < 0x10000 || codePoint > 0x10ffff ? -1 : codePoint;
}

/** The six bits of a continuation byte, -1 when there is none at `index`. */
function continuationAt(bytes: Uint8Array, index: number): number {
  const byte = bytes[index] ?? 0;
  return (byte & 0xc0) === 0x80 ? byte & 0x3f : -1;
}

function encodedLength(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/**
 * Text to bytes, the inverse of {@link decodeUtf8}.
 *
 * @throws FtpUsageError for an unpaired surrogate other than U+DC80..U+DCFF.
 */
export function encodeUtf8(text: string): Uint8Array {
  const ascii = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) return encodeRest(text, ascii.subarray(0, index));
    ascii[index] = unit;
  }
  return ascii;
}

function encodeRest(text: string, ascii: Uint8Array): Uint8Array {
  // A code unit takes at most three bytes; a pair of them takes four.
  const bytes = new Uint8Array(ascii.length + (text.length - ascii.length) * 3);
  bytes.set(ascii);
  let length = ascii.length;
  for (let index = ascii.length; index < text.length; index += 1) {
    const codePoint = text.codePointAt(index) ?? 0;
    if (codePoint > 0xffff) index += 1;
    length = writeCodePoint(bytes, length, codePoint);
  }
  return bytes.slice(0, length);
}

function writeCodePoint(bytes: Uint8Array, at: number, codePoint: number): number {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) {
    if (codePoint < 0xdc80 || codePoint > 0xdcff) throw new FtpUsageError('The text has an unpaired surrogate');
    bytes[at] = codePoint - RAW_BYTE;
    return at + 1;
  }
  const length = encodedLength(codePoint);
  if (length === 1) {
    bytes[at] = codePoint;
    return at + 1;
  }
  let rest = codePoint;
  for (let index = at + length - 1; index > at; index -= 1) {
    bytes[index] = 0x80 | (rest & 0x3f);
    rest >>= 6;
  }
  // The lead byte says by its high bits how many bytes there are: 110, 1110 or 11110.
  bytes[at] = ((0xf00 >> length) & 0xff) | rest;
  return at + length;
}

/** The streaming form: up to three bytes of an unfinished sequence wait for the next chunk. */
export class Utf8Decoder implements TextDecoding {
  #held: Uint8Array = new Uint8Array(0);

  write(bytes: Uint8Array): string {
    const all = this.#held.length === 0 ? bytes : concat(this.#held, bytes);
    const whole = all.length - unfinishedTail(all);
    this.#held = all.slice(whole);
    return decodeUtf8(all.subarray(0, whole));
  }

  end(): string {
    const text = decodeUtf8(this.#held);
    this.#held = new Uint8Array(0);
    return text;
  }
}

/** The number of bytes at the end that may still become a sequence: a lead byte that announces more than has come. */
function unfinishedTail(bytes: Uint8Array): number {
  for (let count = 1; count <= 3 && count <= bytes.length; count += 1) {
    const byte = bytes[bytes.length - count] ?? 0;
    if (byte >= 0xc0) return announcedLength(byte) > count ? count : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** By the lead byte alone; 1 for those that begin no valid sequence. */
function announcedLength(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

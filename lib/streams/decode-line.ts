/** Decodes one line of a listing. It decodes valid UTF-8 natively, and other bytes so that a name loses none. */
import { isUtf8 } from 'node:buffer';
import { decodeUtf8 } from '../protocol/encoding.js';

/** How a line is decoded: a client's `encoding` option gives another one. */
export type DecodeLine = (line: Uint8Array) => string;

/** UTF-8, in which a byte that is not part of any becomes U+DC80..U+DCFF and goes back to that byte. */
export function decodeLine(line: Uint8Array): string {
  return decodePart(line, 0, line.length);
}

/** As {@link decodeLine}, from `start` to `end`: a view of each line of a listing would cost half of its text. */
export function decodePart(chunk: Uint8Array, start: number, end: number): string {
  const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const text = bytes.toString('utf8', start, end);
  // Node replaces invalid bytes by U+FFFD; a name may also have that character itself.
  if (!text.includes('\ufffd')) return text;
  const part = bytes.subarray(start, end);
  return isUtf8(part) ? text : decodeUtf8(part);
}

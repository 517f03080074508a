/** One line of a listing to text: natively where it is valid UTF-8, else so that no byte of a name is lost. */
import { isUtf8 } from 'node:buffer';
import { decodeUtf8 } from '../protocol/encoding.js';

/** How a line is decoded: a client's `encoding` option gives another one. */
export type DecodeLine = (line: Uint8Array) => string;

/** UTF-8, in which a byte that is not part of any becomes U+DC80..U+DCFF and goes back to that byte. */
export function decodeLine(line: Uint8Array): string {
  if (!isUtf8(line)) return decodeUtf8(line);
  return Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString();
}

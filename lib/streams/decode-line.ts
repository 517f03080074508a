/** One line of a listing to text: natively where it is valid UTF-8, else so that no byte of a name is lost. */
import { isUtf8 } from 'node:buffer';
import { decodeUtf8 } from '../protocol/encoding.js';

/** How a line is decoded: a client's `encoding` option gives another one. */
export type DecodeLine = (line: Uint8Array) => string;

/** UTF-8, in which a byte that is not part of any becomes U+DC80..U+DCFF and goes back to that byte. */
export function decodeLine(line: Uint8Array): string {
  const bytes = Buffer.isBuffer(line) ? line : Buffer.from(line.buffer, line.byteOffset, line.byteLength);
  const text = bytes.toString();
  // Node puts U+FFFD for what is not valid; a name may also have that character itself.
  return text.includes('\ufffd') && !isUtf8(bytes) ? decodeUtf8(bytes) : text;
}

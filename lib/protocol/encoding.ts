/**
 * Text codecs of the control connection and of listings, that lose nothing: whatever bytes a server calls a file, the
 * name made of them leads back to the same bytes (RFC 2640 asks for UTF-8; servers send what the disk holds).
 */
export { decodeLatin1, encodeLatin1, Latin1Decoder } from './latin1.js';
export { decodeUtf8, encodeUtf8, Utf8Decoder } from './utf8.js';

/** A decoder of a byte stream, for text that comes in chunks. */
export interface TextDecoding {
  /** The text that `bytes` completes; the beginning of an unfinished character is held back. */
  write(bytes: Uint8Array): string;
  /** The text of what was held back. */
  end(): string;
}

/**
 * Text codecs of the control connection and of listings, which lose nothing. Whatever bytes a server calls a file, the name
 * made of them leads back to the same bytes. RFC 2640 asks for UTF-8; servers send what the disk holds.
 */
export { decodeLatin1, encodeLatin1, Latin1Decoder, type TextDecoding } from './latin1.js';
export { decodeUtf8, encodeUtf8, Utf8Decoder } from './utf8.js';

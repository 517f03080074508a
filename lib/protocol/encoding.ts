/**
 * Defines the text codecs of the control connection and of listings, which lose no byte. A name made from a server's bytes becomes the same
 * bytes again. RFC 2640 demands UTF-8; servers send the bytes of their disk.
 */
export { decodeLatin1, encodeLatin1, Latin1Decoder, type TextDecoding } from './latin1.js';
export { decodeUtf8, encodeUtf8, Utf8Decoder } from './utf8.js';

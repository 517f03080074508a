/**
 * `rxftp/protocol` is the grammar of FTP without any I/O. It turns bytes into values, and has no clock, no sockets and no RxJS.
 */

// Lines, replies and commands
export { type Command, command, commandFromLine, encodeCommand, maskSecret } from './command.js';
// Text
export {
  decodeLatin1,
  decodeUtf8,
  encodeLatin1,
  encodeUtf8,
  Latin1Decoder,
  type TextDecoding,
  Utf8Decoder,
} from './encoding.js';
// Values in replies and arguments
export { type Endpoint, formatEprt, formatPort, parseEpsv, parsePasv } from './endpoint.js';
export { EXCHANGES, type Exchange, type Outcome, outcomeOf } from './exchange.js';
// Listings
export { formatFactsOption, type MlsxEntry, type MlsxType, parseFacts } from './facts.js';
export { type FeatureChoice, Features } from './features.js';
export { LineDecoder, type LineDecoderOptions } from './line-decoder.js';
export {
  type Dialect,
  type FileEntry,
  type FileKind,
  fileEntryFromFacts,
  type ListingContext,
  ListingParser,
  type ListingParserOptions,
  type ListingRow,
  type TimePrecision,
} from './listing/index.js';
export { parseMlst } from './mlst.js';
export { parsePathname } from './pathname.js';
export { printable } from './printable.js';
export { formatReply, type Reply, type ReplyClass } from './reply.js';
export { ReplyDecoder, type ReplyDecoderOptions } from './reply-decoder.js';
export { parseSize, parseTransferSize } from './size.js';
export { parseStoredName } from './stored-name.js';
export { formatTimestamp, parseTimestamp } from './timestamp.js';

/// <reference types="node" preserve="true" />
/** Exports the public names, by layer. */

export type { CloseOptions } from './client/close-options.js';
export type { CommandSequence } from './client/command-sequence.js';
export { connect$ } from './client/connect.js';
export { FtpClient } from './client/ftp-client.js';
export type { FtpOperations } from './client/ftp-operations.js';
export { FtpSession } from './client/ftp-session.js';
export { parseFtpUrl } from './client/ftp-url.js';
export { type NetrcCredentials, netrcCredentials } from './client/netrc.js';
export type { EntriesOptions } from './client/operations/entries.js';
export type { FileHash, HashOptions } from './client/operations/hash.js';
export type { ListOptions, MlsdOptions } from './client/operations/listings.js';
export type { LookupOptions } from './client/operations/lookup.js';
export type { OperationOptions } from './client/operations/operation-options.js';
export type { ExchangeOptions, ExpectedReply } from './client/operations/raw.js';
export type { RawTransfer, TransferOptions } from './client/operations/raw-transfer.js';
export type {
  AppeOptions,
  ResumeOptions,
  RetrLinesOptions,
  RetrOptions,
  StorLinesOptions,
  StorOptions,
  TransferLimits,
  TransferType,
} from './client/operations/transfer-options.js';
export type { FtpDefaults, FtpOptions, FtpSessionOptions } from './client/options.js';
export { DEFAULTS } from './client/options.js';
export type { RetryOptions } from './client/retry.js';

export type {
  ClosedEvent,
  ConnectedEvent,
  ConnectingEvent,
  FallbackEvent,
  FtpEvent,
  LimitEvent,
  ReadyEvent,
  ResumingEvent,
  RetryingEvent,
  SecuredEvent,
  SkippedEvent,
  TransferEndedEvent,
  TransferStartedEvent,
  UnparsedEvent,
} from './control/events.js';
export type { MinRate } from './control/min-rate.js';
export type { FtpState } from './control/session-state.js';

export {
  type FtpChannel,
  FtpConnectionError,
  type FtpConnectionPhase,
  FtpError,
  type FtpErrorCode,
  type FtpErrorDetails,
  type FtpOutcome,
  FtpProtocolError,
  FtpReplyError,
  FtpSecurityError,
  FtpTimeoutError,
  type FtpTimeoutPhase,
  FtpTransferError,
  FtpUnsupportedError,
  FtpUsageError,
  isFtpError,
  type ReplyEvidence,
} from './errors.js';

export type { Connection } from './net/connection.js';
export { type Connector, type ConnectorEndpoint, connectSocket } from './net/connector.js';

export type { FtpTlsOptions } from './net/tls-pin.js';

export type { Endpoint } from './protocol/endpoint.js';
export type { MlsxEntry, MlsxType } from './protocol/facts.js';
export { Features } from './protocol/features.js';
export type { HashName } from './protocol/hash-algorithms.js';
export type { Dialect, FileEntry, FileKind, TimePrecision } from './protocol/listing/file-entry.js';
export type { Reply, ReplyClass } from './protocol/reply.js';

export type { ByteStream } from './streams/byte-stream.js';
export { collectBytes } from './streams/collect-bytes.js';
export { type DecodeTextOptions, decodeText } from './streams/decode-text.js';
export { digest } from './streams/digest.js';
export { type FactsOptions, facts } from './streams/facts.js';
export type { LineSource } from './streams/line-source.js';
export { type LinesOptions, lines } from './streams/lines.js';
export { type ListingOptions, listing } from './streams/listing.js';
export { type ListingLinesOptions, listingLines } from './streams/listing-lines.js';
export { paced } from './streams/paced.js';
export { type ProgressOptions, progress } from './streams/progress.js';
export type { TransferProgress } from './streams/progress-meter.js';
export type { ByteSourceAt } from './streams/rereadable.js';
export type { ByteSource } from './streams/source.js';
export { tapDigest } from './streams/tap-digest.js';
export { tapProgress } from './streams/tap-progress.js';
export { throttleBytes } from './streams/throttle-bytes.js';
export { type ToReadableOptions, toReadable } from './streams/to-readable.js';
export { type ToWebOptions, toWeb } from './streams/to-web.js';
export { toWritable } from './streams/to-writable.js';
export type { UnparsedOption, UnparsedOptions } from './streams/unparsed.js';
export type { ValueStream } from './streams/value-stream.js';

/** The options of transfers. Sizes and offsets are bytes. */
import type { Observable } from 'rxjs';
import type { MinRate } from '../../control/min-rate.js';

/** `binary` (TYPE I, the default) moves bytes as they are; `ascii` (TYPE A) converts line ends. */
export type TransferType = 'binary' | 'ascii' | 'I' | 'A';

/** How long a transfer or listing may take, and how slow it may be; each in place of the client's option. */
export interface TransferLimits {
  /**
   * Milliseconds from when the work begins on its session, whatever moves meanwhile, and while the consumer holds it: then
   * the transfer is aborted and errors with `FtpTimeoutError`. So it does when only the answer to the SIZE that verifies an
   * upload is late: the upload was complete, and what was stored stays. 0: no limit.
   */
  readonly deadlineMs?: number | undefined;
  /** The least average rate over each window of `overMs` in which bytes should move, else `FtpTimeoutError`. `false`: no limit. */
  readonly minRate?: MinRate | false | undefined;
}

export interface RetrOptions extends TransferLimits {
  /**
   * Offset of the first byte, by REST (RFC 3659 section 5): to go on with a file, the size of what is stored here. Beyond a size that is known: `FtpUsageError`. At the very end the
   * rest is empty, also where the server refuses that offset but `size` or SIZE names it. Default 0.
   *
   * Below 0 it counts from the end: `-1000` is the last 1000 bytes, or the whole file where that has fewer. SIZE is asked first, unless
   * `size` is given; its refusal is an `FtpReplyError`, and a server that does not know it an `FtpUnsupportedError`. A file that grows
   * meanwhile is read to its new end. Not for `ascii`.
   */
  readonly start?: number | undefined;
  /** Offset after the last byte: the transfer is aborted there. Default: the end of the file. */
  readonly end?: number | undefined;
  /** Default: what `type$` was last set to, else `binary`. */
  readonly type?: TransferType | undefined;
  /** The size of the file, where the caller knows it: the byte count must fit. */
  readonly size?: number | undefined;
  /**
   * Holds the transfer while the last value was `true`; completing it lets go. A hold of `stallTimeoutMs` while other operations wait
   * for the session is an `FtpTimeoutError`.
   */
  readonly pause$?: Observable<boolean> | undefined;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * What the byte count is held against: `known` (default), the size given or named in the preliminary reply, where there
   * is one; `size`, what SIZE says before the transfer; `false`, nothing. Not for `ascii`, whose bytes are converted.
   *
   * `hash`: as `known`, and the server is asked for its checksum behind the transfer, as by `hash$`, of the range that was asked for. One
   * that is not that of the bytes is a `FtpTransferError`, and its refusal a `FtpReplyError`. A server without such a command is an
   * `FtpUnsupportedError`, and `ascii` an `FtpUsageError`, before anything moves.
   */
  readonly verify?: 'known' | 'size' | 'hash' | false | undefined;
}

/** Of uploads that begin a file, or go on at its end. */
export interface AppeOptions extends TransferLimits {
  /** Default: what `type$` was last set to, else `binary`. */
  readonly type?: TransferType | undefined;
  /**
   * `size`: SIZE after the transfer must equal what was sent, with APPE on top of what SIZE says before, else `FtpTransferError`.
   * So it is when no reply to STOU names the file. A SIZE that is refused is an `FtpReplyError`, one that is answered after
   * `deadlineMs` an `FtpTimeoutError`; in all three cases what was stored stays. On a server that does not know SIZE `verified` is `false`. Default `false`. Not for `ascii`, whose bytes are
   * converted.
   *
   * `hash`: the server's checksum, as by `hash$`, must be that of what was sent, else `FtpTransferError`; what was stored stays. With
   * `start` and with APPE it is that of the part that was sent, and SIZE is checked too. Its refusal is a `FtpReplyError`. A server without
   * such a command is an `FtpUnsupportedError`, and `ascii` an `FtpUsageError`, before anything is sent.
   */
  readonly verify?: 'size' | 'hash' | false | undefined;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Delete what a cancelled or failed upload has left on the server, by DELE: when the server may have begun the file, also
   * before its first byte, and when its size or checksum is not the one that `verify` wants; not when it has refused the upload. With
   * APPE, only a file that was not there before; with STOU, only under the name that the server gave in its preliminary
   * reply. Default `false`.
   */
  readonly deletePartial?: boolean | undefined;
  /** Least time between two progress values. Default: the client's `progressIntervalMs`. */
  readonly progressIntervalMs?: number | undefined;
}

export interface StorOptions extends AppeOptions {
  /**
   * Offset to write at, by REST: where what is stored already ends, as `size$` says. The source begins there by itself; only `upload$`
   * skips as much of its local file. Beyond that, servers fill the gap with zeros;
   * with `verify: 'size'` SIZE is asked first, else MLST, and such a start is an `FtpUsageError` with nothing stored. So is a start
   * that cannot be checked, since the server tells no size; and any above 0 in the type `ascii`, which counts other bytes. Default 0.
   */
  readonly start?: number | undefined;
}

/** Of text files that are read line by line. */
export interface RetrLinesOptions extends TransferLimits {
  /** Holds the transfer while the last value was `true`; completing it lets go. */
  readonly pause$?: Observable<boolean> | undefined;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Of text files that are written line by line. */
export interface StorLinesOptions extends TransferLimits {
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** As of `stor$`. */
  readonly deletePartial?: boolean | undefined;
  /** Least time between two progress values. Default: the client's `progressIntervalMs`. */
  readonly progressIntervalMs?: number | undefined;
}

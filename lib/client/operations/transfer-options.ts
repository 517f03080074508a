/** The options of transfers. Sizes and offsets are bytes. */
import type { Observable } from 'rxjs';
import type { MinRate } from '../../control/settings.js';
import { FtpUsageError } from '../../errors.js';

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

/** How a download goes on after a drop. */
export interface ResumeOptions {
  /**
   * So many bytes before the place where it broke off are sent again, compared with those that were handed on, and dropped. 0 compares
   * nothing. At most 64 MiB, which are kept in memory. Default 4096.
   */
  readonly overlapBytes?: number | undefined;
  /**
   * Where the server refuses REST, read the file from its first byte again, and drop what was handed on already, its last
   * `overlapBytes` compared. Default `false`: that is an `FtpReplyError`.
   */
  readonly fromStart?: boolean | undefined;
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
   * Go on after a drop (RFC 3659 sections 3 to 5): the bytes that come are one sequence, whatever breaks off in between. A lost connection, a
   * time limit other than `deadlineMs`, a 4yz reply but 452, and a truncated download are followed by another try, on any session of
   * the client. The option `retry` of the client says how often and when, or its defaults (5 tries) where that is `false`; tries are
   * counted anew whenever bytes have come. On a session of `connect$`, its loss is the end.
   *
   * SIZE and MDTM are asked before each RETR, where the server has them, and compared as text with the first answers. Then REST
   * asks for what is missing, and for `overlapBytes` before it. The size must fit at the end, also with `verify: false` after a drop. A
   * file or an overlap that differs is an `FtpTransferError` with `changed: true`, and so are more bytes than the file has, from a server
   * that ignores REST. REST refused is an `FtpReplyError`: see `fromStart`. An error carries `bytes` of all tries.
   *
   * `deadlineMs` counts over all tries and waits, and `stallTimeoutMs` and `minRate` in each try. Each drop that is followed by
   * another try is an event `resuming`. Unsubscribing between two tries ends the wait, or the login. Not for `ascii`. Default `false`.
   */
  readonly resume?: boolean | ResumeOptions | undefined;
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
  /**
   * Go on after a drop, with a source that can be read again: bytes, text, an array of them, a `Blob`, the file of `upload$`, or a
   * function `(offset) => source`, which gives the source from that byte on. Another source is an `FtpUsageError`, with nothing sent.
   *
   * SIZE is asked before the first try, which begins at `start`, whatever stands there. After a drop it goes on by REST from what SIZE says
   * then, if the server had begun to store (1yz), and that SIZE is neither more than the socket took nor the one from before: that may be
   * the old file, until the new one is complete. Otherwise it begins anew, as on servers that spoil REST with STOR (ftp-srv).
   * The tries are those of `retr$` with `resume`. `bytes` of the progress continues, and `attempt` and `resumedFrom` name the try.
   *
   * SIZE must fit at the end, where the server has it, else `FtpTransferError`: that proves the length. `verify: 'hash'` proves the bytes,
   * and reads what was sent before once more. `deletePartial` deletes after the last try alone, and only where that has a session. Not for
   * `ascii`. Default `false`.
   */
  readonly resume?: boolean | undefined;
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

/** The types as TYPE names them. */
const TYPE_CODES: Readonly<Record<TransferType, 'I' | 'A'>> = /* @__PURE__ */ Object.freeze({
  binary: 'I',
  I: 'I',
  ascii: 'A',
  A: 'A',
});

/** The code of a type that was given; undefined when none was. */
export function typeCode(type: TransferType | undefined): 'I' | 'A' | undefined {
  if (type === undefined) return undefined;
  if (!Object.hasOwn(TYPE_CODES, type))
    throw new FtpUsageError(`The option type must be 'binary' or 'ascii', not '${type}'.`);
  return TYPE_CODES[type];
}

/** Declares the options of transfers. Sizes and offsets are bytes. */
import type { Observable } from 'rxjs';
import type { MinRate } from '../../control/min-rate.js';
import { FtpUsageError } from '../../errors.js';

/** `binary` (TYPE I, the default) moves bytes as they are; `ascii` (TYPE A) converts line ends. */
export type TransferType = 'binary' | 'ascii' | 'I' | 'A';

/** The greatest duration and the least rate of a transfer or listing, each in place of the client's option. */
export interface TransferLimits {
  /**
   * Milliseconds from the beginning of its work, whatever moves meanwhile, and while the consumer holds it. Then the client aborts the
   * transfer, which errors with `FtpTimeoutError`. If only the SIZE that verifies an upload is late, it also errors. The upload was
   * complete, and the stored file stays. 0: no limit.
   */
  readonly deadlineMs?: number | undefined;
  /** The least average rate over each window of `overMs` in which bytes should move, else `FtpTimeoutError`. `false`: no limit. */
  readonly minRate?: MinRate | false | undefined;
}

/** The course of a download after a drop. */
export interface ResumeOptions {
  /**
   * The server sends this many bytes before the break again. The client compares them with the delivered bytes, and drops them. 0 compares
   * nothing. At most 64 MiB, which the client keeps in memory. Default 4096.
   */
  readonly overlapBytes?: number | undefined;
  /**
   * If the server refuses REST, read the file from its first byte again. The client drops the bytes that it has delivered, and compares
   * their last `overlapBytes`. Default `false`: a refusal is an `FtpReplyError`.
   */
  readonly fromStart?: boolean | undefined;
}

export interface RetrOptions extends TransferLimits {
  /**
   * Offset of the first byte, by REST (RFC 3659 section 5). To continue a file, give the size of the local part. Beyond a known size:
   * `FtpUsageError`. At the very end the rest is empty, if `size` or SIZE names that offset, even if the server refuses it. Default 0.
   *
   * Below 0 it counts from the end: `-1000` means the last 1000 bytes, or the whole file if it has fewer. The client sends SIZE first,
   * unless you give `size`. Its refusal is an `FtpReplyError`, and a server without SIZE an `FtpUnsupportedError`. If the file grows
   * meanwhile, the client reads to its new end. Not for `ascii`.
   */
  readonly start?: number | undefined;
  /** Offset after the last byte: the client aborts the transfer there. Default: the end of the file. */
  readonly end?: number | undefined;
  /** Default: the type of the last `type$`, else `binary`. */
  readonly type?: TransferType | undefined;
  /** The size of the file, if you know it: the byte count must fit. */
  readonly size?: number | undefined;
  /**
   * Continue after a drop (RFC 3659 sections 3 to 5): the emitted bytes are one sequence over all breaks. Another try follows, on any
   * session of the client. It does so after a lost connection, a time limit other than `deadlineMs`, a 4yz reply but 452, and a truncated
   * download. The client's option `retry` sets the number and the delays, or its defaults (5 tries) do if that is `false`. The count begins
   * anew whenever bytes have come. On a session of `connect$`, its loss is the end.
   *
   * The client sends SIZE and MDTM before each RETR, if the server has them. It compares them as text with the first answers. Then REST
   * asks for the missing bytes, and for `overlapBytes` before them. The size must fit at the end, also with `verify: false` after a drop. A
   * file or an overlap that differs is an `FtpTransferError` with `changed: true`. So are more bytes than the file has, from a server that
   * ignores REST. A refusal of REST is an `FtpReplyError`: see `fromStart`. An error carries `bytes` of all tries.
   *
   * `deadlineMs` counts over all tries and waits, and `stallTimeoutMs` and `minRate` in each try. Each later try emits an event `resuming`.
   * Unsubscribing between two tries ends the wait, or the login. Not for `ascii`. Default `false`.
   */
  readonly resume?: boolean | ResumeOptions | undefined;
  /**
   * Holds the transfer while its last value was `true`; its completion ends the hold. A hold of `stallTimeoutMs` while other operations
   * wait for the session is an `FtpTimeoutError`.
   */
  readonly pause$?: Observable<boolean> | undefined;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The size that must fit the byte count. `known` (default): the size that you give, or that the preliminary reply names, if there is one.
   * `size`: the answer to SIZE before the transfer. `false`: none. Not for `ascii`, whose bytes are converted.
   *
   * `hash`: as `known`. The client also asks the server for its checksum after the transfer, as `hash$` does, of the requested range. A
   * checksum that differs is an `FtpTransferError`, and a refusal an `FtpReplyError`. A server without such a command is an
   * `FtpUnsupportedError`, and `ascii` an `FtpUsageError`, before anything moves.
   */
  readonly verify?: 'known' | 'size' | 'hash' | false | undefined;
}

/** Options of uploads that begin a file, or append to it. */
export interface AppeOptions extends TransferLimits {
  /** Default: the type of the last `type$`, else `binary`. */
  readonly type?: TransferType | undefined;
  /**
   * `size`: SIZE after the transfer must equal the count of sent bytes, else `FtpTransferError`. With APPE, SIZE before the transfer is
   * added. It is also an `FtpTransferError` if no reply to STOU names the file. A refused SIZE is an `FtpReplyError`, one that is answered
   * after `deadlineMs` an `FtpTimeoutError`. In all three cases the stored file stays. On a server that does not know SIZE `verified` is
   * `false`. Default `false`. Not for `ascii`, whose bytes are converted.
   *
   * `hash`: the server's checksum, as of `hash$`, must be that of the sent bytes, else `FtpTransferError`; the stored file stays. With
   * `start` and with APPE it is that of the sent part, and the client checks SIZE too. A refusal is an `FtpReplyError`. A server without
   * such a command is an `FtpUnsupportedError`, and `ascii` an `FtpUsageError`, before anything is sent.
   */
  readonly verify?: 'size' | 'hash' | false | undefined;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Delete the partial file of a cancelled or failed upload, by DELE. The client does so if the server may have created the file, even
   * before its first byte. It also does if `verify` found another size or checksum. It does not if the server has refused the upload. With
   * APPE, only a new file; with STOU, only under the name that the server gave in its preliminary reply. Default `false`.
   */
  readonly deletePartial?: boolean | undefined;
  /** Least time between two progress values. Default: the client's `progressIntervalMs`. */
  readonly progressIntervalMs?: number | undefined;
}

export interface StorOptions extends AppeOptions {
  /**
   * Offset to write at, by REST: the end of the stored part, as `size$` tells it. Your source must begin there itself; only `upload$` skips
   * that part of its local file. Beyond the end, servers fill the gap with zeros. With `verify: 'size'` the client sends SIZE first, else
   * MLST, and such a start is an `FtpUsageError` with nothing stored. So is a start that the client cannot check, since the server tells no
   * size. Any start above 0 in the type `ascii`, which counts other bytes, is one too. Default 0.
   */
  readonly start?: number | undefined;
  /**
   * Continue after a drop, with a source that can be read again: bytes, text, an array of them, a `Blob`, the file of `upload$`. A function
   * `(offset) => source`, which returns the source from that byte on, is one too. Another source is an `FtpUsageError`, with nothing sent.
   *
   * The client sends SIZE before the first try, which begins at `start`, whatever the file holds. After a drop it continues by REST from
   * the new answer to SIZE. The server must have begun to store (1yz). That SIZE must neither exceed the bytes that the socket took nor
   * equal the one from before. An equal one may be the old file, until the new one is complete. Otherwise it begins anew, as on servers
   * that spoil REST with STOR (ftp-srv). The rules for tries are those of `retr$` with `resume`. `bytes` of the progress continues, and
   * `attempt` and `resumedFrom` name the try.
   *
   * SIZE must fit at the end, if the server has it, else `FtpTransferError`: that proves the length. `verify: 'hash'` proves the bytes, and
   * reads the bytes of earlier tries once more. `deletePartial` deletes after the last try alone, and only if that has a session. Not for
   * `ascii`. Default `false`.
   */
  readonly resume?: boolean | undefined;
}

/** Options of text files that are read line by line. */
export interface RetrLinesOptions extends TransferLimits {
  /** Holds the transfer while its last value was `true`; its completion ends the hold. */
  readonly pause$?: Observable<boolean> | undefined;
  /** Cancels as unsubscribing does, and errors with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of text files that are written line by line. */
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

/** The operations that move files and listings. Every one is cold: each subscription is one exchange of its own. */
import type { Readable, Writable } from 'node:stream';
import type { Observable } from 'rxjs';
import type { MlsxEntry } from '../protocol/facts.js';
import type { FileEntry } from '../protocol/listing/file-entry.js';
import type { ByteStream } from '../streams/byte-stream.js';
import type { LineSource } from '../streams/line-source.js';
import type { TransferProgress } from '../streams/progress-meter.js';
import type { ByteSourceAt } from '../streams/rereadable.js';
import type { ByteSource } from '../streams/source.js';
import type { ValueStream } from '../streams/value-stream.js';
import type { EntriesOptions } from './operations/entries.js';
import type { ListOptions, MlsdOptions } from './operations/listings.js';
import type { OperationOptions } from './operations/operation-options.js';
import type {
  AppeOptions,
  RetrLinesOptions,
  RetrOptions,
  StorLinesOptions,
  StorOptions,
} from './operations/transfer-options.js';

/**
 * Byte and text transfers.
 *
 * All of them complete only when the data has ended and the server's final reply is good, and error otherwise:
 * `FtpReplyError` when the server refuses, `FtpTransferError` (with the byte count) when a transfer that had begun is not
 * whole, `FtpTimeoutError` and `FtpConnectionError` (with the byte count) when nothing moves or a connection is lost,
 * `FtpUsageError` for a bad argument, before anything is sent. Unsubscribing aborts the transfer on the server (ABOR) and
 * leaves the session ready for the next operation; before its turn came, nothing is sent.
 */
export interface TransferOperations {
  /**
   * Downloads a file: RETR (RFC 959 section 4.1.3, REST: RFC 3659 section 5).
   *
   * Emits chunks that belong to the receiver. Holds the socket back for slow consumers: see `ByteStream`. `concatMap` and `mergeMap`
   * do not: they queue what their work is too slow for, which `paced` does not.
   *
   * @example
   * ```ts
   * await pipeline(ftp.retr$('/log.gz'), createGunzip(), createWriteStream('log'));
   * ```
   */
  retr$(path: string, options?: RetrOptions): ByteStream;

  /** `retr$` as a Node Readable: ends after the server's final reply; destroying it aborts. */
  retr(path: string, options?: RetrOptions): Readable;

  /**
   * Uploads to a file, replacing it: STOR (RFC 959 section 4.1.3).
   *
   * Emits progress, and a last value with `done: true`. The source is read only when the server has asked for the data, and only
   * as fast as it is sent; an error of the source aborts the upload and is passed on unchanged. After a cancelled or
   * failed upload a partial file is usually left on the server: see `deletePartial`.
   *
   * A source that gives its bytes once (a Node or web stream, a generator object) and was read, or cannot be read any more, is
   * refused with `FtpUsageError`; a Readable that fails before it is read ends the upload with its error. In both cases
   * STOR is not sent, and the remote file stays as it is. A Readable that was not read is left to its owner.
   *
   * A function `(offset) => source` is for the option `resume` alone: it is called for each try, and gives the source from that byte on.
   * What it gives is destroyed where it is not read.
   *
   * @example
   * ```ts
   * ftp.stor$('/in/order.xml', createReadStream('order.xml'), { verify: 'size' }).subscribe();
   * ```
   */
  stor$(path: string, source: ByteSource | ByteSourceAt, options?: StorOptions): Observable<TransferProgress>;

  /** `stor$` as a Node Writable: finishes after the server's final reply; destroying it aborts. Sends nothing before the first write. */
  stor(path: string, options?: StorOptions): Writable;

  /**
   * Appends to a file: APPE (RFC 959 section 4.1.3). Otherwise as `stor$`. With `verify` SIZE is asked before, too. `deletePartial`
   * deletes only a file that was not there before: what was appended to a file stays.
   */
  appe$(path: string, source: ByteSource, options?: AppeOptions): Observable<TransferProgress>;

  /** `appe$` as a Node Writable. */
  appe(path: string, options?: AppeOptions): Writable;

  /**
   * Uploads under a name that the server chooses: STOU (RFC 959 section 4.1.3). The last value's `path` is that name, where the
   * server tells it; without it, `verify` is an `FtpTransferError`, and `deletePartial` deletes nothing.
   */
  stou$(source: ByteSource, path?: string, options?: AppeOptions): Observable<TransferProgress>;

  /** A text file line by line, in the ASCII type, decoded by the option `encoding`. Emits lines without their ends. */
  retrLines$(path: string, options?: RetrLinesOptions): ValueStream<string>;

  /**
   * Uploads lines in the ASCII type, each ended by CRLF on the wire. Otherwise as `stor$`: lines that come together are sent in one
   * piece, what comes slowly at once.
   */
  storLines$(path: string, lines: LineSource, options?: StorLinesOptions): Observable<TransferProgress>;
}

/**
 * Listings: transfers too, with the same errors and the same cancelling; each value is emitted as soon as its line is in.
 *
 * A consumer can hold them (`for await`, `paced`, `toReadable`). One that is held while other operations wait for its session is
 * read on into memory, 4 MiB at most; a larger one that is not taken for `stallTimeoutMs` meanwhile is an `FtpTimeoutError`.
 */
export interface ListingOperations {
  /**
   * The server's listing for people, line by line: LIST (RFC 959 section 4.1.3).
   *
   * Beware: servers answer a missing directory with an empty listing (vsftpd, Pure-FTPd) or with an error as text
   * (inetutils). `entries$` looks closer.
   */
  list$(path?: string, options?: ListOptions): ValueStream<string>;

  /** Names only: NLST (RFC 959 section 4.1.3). Some servers refuse an empty directory with 550. */
  nlst$(path?: string, options?: ListOptions): ValueStream<string>;

  /**
   * Machine-readable entries, `cdir` and `pdir` too: MLSD (RFC 3659 section 7).
   *
   * A line that is no entry does not end the listing. After the last entry that is an `FtpProtocolError`, whose `unparsed` has those
   * lines; with `unparsed: 'report'` the listing completes, and `events$` tells them.
   */
  mlsd$(path?: string, options?: MlsdOptions): ValueStream<MlsxEntry>;

  /** The entry of one file or directory: MLST (RFC 3659 section 7). */
  mlst$(path?: string, options?: OperationOptions): Observable<MlsxEntry>;

  /**
   * A directory's files in one shape: by MLSD (RFC 3659 section 7) where the server has it, else from the rows of its LIST, or of STAT
   * (`via: 'stat'`).
   *
   * What was chosen by OPTS MLST does not count: it is set back for the listing, and set again after it. The directory is gone into
   * and left again where the server is not known to take the path for one directory, and for a path with blanks, quotation marks or the
   * signs of patterns. An unknown server is asked once whether it reads the path: by listing a directory that is not there.
   *
   * Emits neither the directory itself nor its parent. A symbolic link of MLSD whose target is a row of its own is one entry.
   *
   * A row that is not understood does not end the listing. After the last entry that is an `FtpProtocolError`, whose `unparsed` has
   * those rows; with `unparsed: 'report'` the listing completes, and `events$` tells them. A failed transfer counts above that.
   *
   * Errors with `FtpReplyError` for a directory that does not exist, also where the server lists it as empty, and for a file, also
   * where the server lists it as one: `lookup$` gives the entry of one file. With `FtpProtocolError` where CWD has led to a directory of
   * another name. A refusal that says that there are no files is an empty
   * listing, of a directory that CWD can enter.
   *
   * @example
   * ```ts
   * for await (const { kind, name, size } of ftp.entries$('/pub', { hidden: true })) console.log(kind, name, size);
   * ```
   */
  entries$(path?: string, options?: EntriesOptions): ValueStream<FileEntry>;
}

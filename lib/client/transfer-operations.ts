/** Declares the operations that move files and listings. Every one is cold: each subscription is its own exchange. */
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
 * Moves bytes and text.
 *
 * All of them complete only when the data has ended and the server's final reply is good. Otherwise they error: `FtpReplyError` if the
 * server refuses, `FtpTransferError` if a begun transfer is not whole, `FtpTimeoutError` or `FtpConnectionError` if nothing moves or a
 * connection is lost (all three with the byte count), `FtpUsageError` for a bad argument, before the client sends anything. Unsubscribing
 * aborts the transfer on the server (ABOR) and leaves the session ready for the next operation. Before its turn, the transfer has sent
 * nothing.
 */
export interface TransferOperations {
  /**
   * Downloads a file: RETR (RFC 959 section 4.1.3, REST: RFC 3659 section 5).
   *
   * Emits chunks that belong to the receiver. Slows the socket down for slow consumers: see `ByteStream`. `concatMap` and `mergeMap` do
   * not: they queue chunks if their work is slow, which `paced` does not.
   *
   * @example
   * ```ts
   * await pipeline(ftp.retr$('/log.gz'), createGunzip(), createWriteStream('log'));
   * ```
   */
  retr$(path: string, options?: RetrOptions): ByteStream;

  /** `retr$` as a Node Readable: it ends after the server's final reply, and destroying it aborts. */
  retr(path: string, options?: RetrOptions): Readable;

  /**
   * Uploads to a file, replacing it: STOR (RFC 959 section 4.1.3).
   *
   * Emits progress, and a last value with `done: true`. The client reads the source only after the server's reply, and only as fast as it
   * sends. An error of the source aborts the upload, and you receive it unchanged. A cancelled or failed upload usually leaves a partial
   * file on the server: see `deletePartial`.
   *
   * A source that gives its bytes once (a Node or web stream, a generator object) and was read, or cannot be read any more, is an
   * `FtpUsageError`. A Readable that fails before the client reads it ends the upload with its error. In both cases the client does not
   * send STOR, and the remote file stays unchanged. If the client has not read a Readable, it leaves it to its owner.
   *
   * A function `(offset) => source` is for the option `resume` alone: the client calls it for each try, and it returns the source from that
   * byte on. If the client does not read the returned source, it destroys it.
   *
   * @example
   * ```ts
   * ftp.stor$('/in/order.xml', createReadStream('order.xml'), { verify: 'size' }).subscribe();
   * ```
   */
  stor$(path: string, source: ByteSource | ByteSourceAt, options?: StorOptions): Observable<TransferProgress>;

  /**
   * `stor$` as a Node Writable: it finishes after the server's final reply, and destroying it aborts. Sends nothing before the first write.
   */
  stor(path: string, options?: StorOptions): Writable;

  /**
   * Appends to a file: APPE (RFC 959 section 4.1.3). Otherwise as `stor$`. With `verify` the client sends SIZE before, too. `deletePartial`
   * deletes only a new file: an existing file keeps the appended bytes.
   */
  appe$(path: string, source: ByteSource, options?: AppeOptions): Observable<TransferProgress>;

  /** `appe$` as a Node Writable. */
  appe(path: string, options?: AppeOptions): Writable;

  /**
   * Uploads under a name that the server chooses: STOU (RFC 959 section 4.1.3). The last value's `path` is that name, if the server tells
   * it. Without it, `verify` is an `FtpTransferError`, and `deletePartial` deletes nothing.
   */
  stou$(source: ByteSource, path?: string, options?: AppeOptions): Observable<TransferProgress>;

  /** Reads a text file line by line, in the ASCII type, decoded by the option `encoding`. Emits lines without their ends. */
  retrLines$(path: string, options?: RetrLinesOptions): ValueStream<string>;

  /**
   * Uploads lines in the ASCII type, each ended by CRLF on the wire. Otherwise as `stor$`: lines that come together leave in one piece, and
   * slow ones leave at once.
   */
  storLines$(path: string, lines: LineSource, options?: StorLinesOptions): Observable<TransferProgress>;
}

/**
 * Listings are transfers too, with the same errors and the same cancelling. Each value is emitted as soon as its line is in.
 *
 * A consumer can hold a listing (`for await`, `paced`, `toReadable`). If other operations wait for its session, the client reads a held
 * listing into memory, 4 MiB at most. A larger one whose consumer takes nothing for `stallTimeoutMs` meanwhile is an `FtpTimeoutError`.
 */
export interface ListingOperations {
  /**
   * Emits the server's listing for people, line by line: LIST (RFC 959 section 4.1.3).
   *
   * Beware: servers answer a missing directory with an empty listing (vsftpd, Pure-FTPd) or with an error as text
   * (inetutils). `entries$` detects that.
   */
  list$(path?: string, options?: ListOptions): ValueStream<string>;

  /** Emits names only: NLST (RFC 959 section 4.1.3). Some servers refuse an empty directory with 550. */
  nlst$(path?: string, options?: ListOptions): ValueStream<string>;

  /**
   * Emits machine-readable entries, `cdir` and `pdir` too: MLSD (RFC 3659 section 7).
   *
   * A line that is no entry does not end the listing. After the last entry it is an `FtpProtocolError`, whose `unparsed` has those lines.
   * With `unparsed: 'report'` the listing completes, and `events$` reports them.
   */
  mlsd$(path?: string, options?: MlsdOptions): ValueStream<MlsxEntry>;

  /** Emits the entry of one file or directory: MLST (RFC 3659 section 7). */
  mlst$(path?: string, options?: OperationOptions): Observable<MlsxEntry>;

  /**
   * Emits a directory's files in one shape: by MLSD (RFC 3659 section 7) if the server has it, else from the rows of its LIST, or of STAT
   * (`via: 'stat'`).
   *
   * The user's choice by OPTS MLST does not count: the client resets it for the listing, and sets it again after it. The client changes
   * into the directory and back if the server is not known to take the path for one directory, and for a path with blanks, quotation marks
   * or the signs of patterns. It probes once whether an unknown server reads the path, by listing a directory that does not exist.
   *
   * Emits neither the directory itself nor its parent. A symbolic link of MLSD whose target has its own row is one entry.
   *
   * A row that is not understood does not end the listing. After the last entry it is an `FtpProtocolError`, whose `unparsed` has those
   * rows. With `unparsed: 'report'` the listing completes, and `events$` reports them. An error of the transfer comes instead of it.
   *
   * Errors with `FtpReplyError` for a directory that does not exist, even if the server lists it as empty, and for a file, even if the
   * server lists it as one: `lookup$` gives the entry of one file. Errors with `FtpProtocolError` if CWD has led to a directory of another
   * name. A refusal that says that there are no files is an empty listing, if CWD can enter the directory.
   *
   * @example
   * ```ts
   * for await (const { kind, name, size } of ftp.entries$('/pub', { hidden: true })) console.log(kind, name, size);
   * ```
   */
  entries$(path?: string, options?: EntriesOptions): ValueStream<FileEntry>;
}

/**
 * The operations on names, and what is known of files. Each emits one value and completes; a refusal is an `FtpReplyError`. The
 * option `signal` cancels one.
 */
import type { Observable } from 'rxjs';
import type { FileEntry } from '../protocol/listing/file-entry.js';
import type { Reply } from '../protocol/reply.js';
import type { FileHash, HashOptions } from './operations/hash.js';
import type { LookupOptions } from './operations/lookup.js';
import type { OperationOptions } from './operations/operation-options.js';

/** Directories and names (RFC 959 section 4.1). Unsubscribing drops the reply; a command that was sent is not undone. */
export interface PathOperations {
  /**
   * Changes the directory: CWD. `..` goes by CDUP.
   *
   * On an `FtpClient`, all its sessions follow, and what is subscribed later starts when it is done. Should the directory
   * be gone when a new session is brought there, operations are refused with CWD's 550 until a path from `/` leads elsewhere.
   */
  cwd$(path: string, options?: OperationOptions): Observable<Reply>;

  /** Changes to the parent directory: CDUP, or `CWD ..` where the server does not know it. */
  cdup$(options?: OperationOptions): Observable<Reply>;

  /** The current directory: PWD. */
  pwd$(options?: OperationOptions): Observable<string>;

  /** Makes a directory: MKD. Emits its path as the server names it, else as it was given. */
  mkd$(path: string, options?: OperationOptions): Observable<string>;

  /** Removes an empty directory: RMD. */
  rmd$(path: string, options?: OperationOptions): Observable<Reply>;

  /** Deletes a file: DELE. */
  dele$(path: string, options?: OperationOptions): Observable<Reply>;

  /** Renames or moves: RNFR and RNTO, with nothing in between. */
  rename$(from: string, to: string, options?: OperationOptions): Observable<Reply>;
}

/** Facts about a file. */
export interface MetadataOperations {
  /**
   * The entry of one file or directory; completes without one where there is no such file. It works on any server: MLST is asked (RFC
   * 3659 section 7), then LIST of the directory, then CWD, which is undone, and SIZE.
   *
   * `name` is the last part of `path`: `/`, `.` and `..` too, which are entries of directories. A server whose names have no case may write
   * it in another one. Slashes at the end of `path` do not count, and an empty one means here. A symbolic link is told as the server tells it. What CWD or SIZE alone tells has no time.
   *
   * Servers refuse a missing file and a forbidden one by the same codes. It is missing where the server says so in words, or where its
   * directory's whole listing does not have it and CWD and SIZE are refused. Otherwise a refusal is an `FtpReplyError`: of rights, for
   * now, or of unknown meaning. A listing with a row that is not understood, and without the name, is an `FtpProtocolError` then.
   *
   * `FtpUnsupportedError` where the server has nothing to ask. Unsubscribing aborts a listing under way.
   *
   * @example
   * ```ts
   * const entry = await lastValueFrom(ftp.lookup$('/pub/a.iso'), { defaultValue: undefined });
   * console.log(entry === undefined ? 'not there' : entry.size);
   * ```
   */
  lookup$(path: string, options?: LookupOptions): Observable<FileEntry>;

  /** The size in bytes: SIZE (RFC 3659 section 4), in TYPE I, which is set first where it is not. */
  size$(path: string, options?: OperationOptions): Observable<number>;

  /** The time of the last change, in UTC: MDTM (RFC 3659 section 3). */
  mdtm$(path: string, options?: OperationOptions): Observable<Date>;

  /**
   * Sets that time, in UTC and to the second: by MFMT (draft-somers-ftp-mfxx), else by MDTM with a time (vsftpd), else by SITE UTIME in
   * either order of its words. Emits the reply that tells of the success.
   *
   * Commands that FEAT names are tried first, then the others, until one is not refused as unknown. Where it is not MFMT, MDTM then has
   * to tell the time that was set: a server may take the time for a part of the name. The command that has worked is used from then on,
   * and `events$` tells the fallback.
   *
   * Errors with `FtpReplyError` where the time is not set: that of the first command, whose message names all of them. `FtpUsageError`
   * for what is no valid date. Unsubscribing drops the reply; a command that was sent is not undone.
   */
  mfmt$(path: string, date: Date, options?: OperationOptions): Observable<Reply>;

  /**
   * Sets the permissions: by MFF where FEAT names its fact UNIX.mode (draft-somers-ftp-mfxx), else by SITE CHMOD. Emits the final reply.
   *
   * `mode` is octal: `0o644` or `'644'`; what is not is an `FtpUsageError`, with nothing sent. A server that does not know MFF after all,
   * or does not name UNIX.mode in its reply, is asked by SITE CHMOD from then on, and `events$` tells the fallback.
   */
  chmod$(path: string, mode: number | string, options?: OperationOptions): Observable<Reply>;

  /**
   * How many bytes can still be stored in the directory `path`, default the current one: AVBL
   * (draft-peterson-streamlined-ftp-command-extensions).
   *
   * Errors with `FtpUnsupportedError` on a server that does not know AVBL: there is no other command for it. It is asked once, also
   * where FEAT does not name AVBL. A reply without a number, or with one above 2^53 - 1, is an `FtpReplyError`.
   */
  avbl$(path?: string, options?: OperationOptions): Observable<number>;

  /**
   * The checksum of a file, or of a part of it, as the server computes it: by HASH (draft-bryan-ftpext-hash) with OPTS and RANG, else by
   * XSHA512, XSHA256, XSHA1, XMD5, MD5 or XCRC.
   *
   * Emits one value, and completes. Without `algorithm` it is the strongest that FEAT, or the option `features`, names. Where they
   * name none, it errors with `FtpUnsupportedError`, and nothing is sent. A reply that is not of the algorithm or the range asked for
   * is not taken, and the next command is tried; `FtpReplyError` when none has told a value, and when the server refuses the file. A
   * large file takes the server its time, for which `replyTimeoutMs` has to be enough. Unsubscribing drops the reply.
   *
   * @example
   * ```ts
   * ftp.hash$('/a.iso', { algorithm: 'SHA-256' }).subscribe(({ value }) => console.log(value));
   * ```
   */
  hash$(path: string, options?: HashOptions): Observable<FileHash>;
}

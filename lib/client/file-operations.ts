/**
 * Declares the operations on names and on the facts of files. Each emits one value and completes; a refusal is an `FtpReplyError`. The
 * option `signal` cancels an operation.
 */
import type { Observable } from 'rxjs';
import type { FileEntry } from '../protocol/listing/file-entry.js';
import type { Reply } from '../protocol/reply.js';
import type { FileHash, HashOptions } from './operations/hash.js';
import type { LookupOptions } from './operations/lookup.js';
import type { OperationOptions } from './operations/operation-options.js';

/** Directories and names (RFC 959 section 4.1). Unsubscribing drops the reply, and does not undo a sent command. */
export interface PathOperations {
  /**
   * Changes the directory: CWD. For `..` the client sends CDUP.
   *
   * On an `FtpClient`, all its sessions follow, and later operations start after it. If a new session finds that the directory is gone,
   * operations fail with CWD's 550. A `cwd$` with a path from `/` ends that.
   */
  cwd$(path: string, options?: OperationOptions): Observable<Reply>;

  /** Changes to the parent directory: CDUP, or `CWD ..` if the server does not know it. */
  cdup$(options?: OperationOptions): Observable<Reply>;

  /** Emits the current directory: PWD. */
  pwd$(options?: OperationOptions): Observable<string>;

  /** Makes a directory: MKD. Emits its path as the server names it, else as you gave it. */
  mkd$(path: string, options?: OperationOptions): Observable<string>;

  /** Removes an empty directory: RMD. */
  rmd$(path: string, options?: OperationOptions): Observable<Reply>;

  /** Deletes a file: DELE. */
  dele$(path: string, options?: OperationOptions): Observable<Reply>;

  /**
   * Renames or moves: RNFR and RNTO, with nothing in between. vsftpd, ProFTPD and Pure-FTPd get both in one write, so that it costs one
   * round trip. Unsubscribing before RNTO was written takes the rename back; behind it the rename may be done.
   */
  rename$(from: string, to: string, options?: OperationOptions): Observable<Reply>;
}

/** Facts about a file. */
export interface MetadataOperations {
  /**
   * Emits the entry of one file or directory; completes without one if there is no such file. It works on any server. It sends MLST (RFC
   * 3659 section 7), then LIST of the directory, then CWD, which it undoes, and SIZE.
   *
   * `name` is the last part of `path`: `/`, `.` and `..` too, which are entries of directories. A server that ignores case may spell it in
   * another case. Slashes at the end of `path` do not count, and an empty path means the current directory. A symbolic link is an entry as
   * the server describes it. An entry that only CWD or SIZE has shown has no time.
   *
   * Servers refuse a missing file and a forbidden one by the same codes. A file counts as missing if the server says so in words. It also
   * does if its directory's whole listing lacks it and CWD and SIZE are refused. Otherwise a refusal is an `FtpReplyError`: of rights, for
   * now, or of unknown meaning. In that case, a listing with a row that is not understood, and without the name, is an `FtpProtocolError`.
   *
   * `FtpUnsupportedError` if the server knows none of these commands. Unsubscribing aborts a running listing.
   *
   * @example
   * ```ts
   * const entry = await lastValueFrom(ftp.lookup$('/pub/a.iso'), { defaultValue: undefined });
   * console.log(entry === undefined ? 'not there' : entry.size);
   * ```
   */
  lookup$(path: string, options?: LookupOptions): Observable<FileEntry>;

  /** Emits the size in bytes, by SIZE (RFC 3659 section 4) in TYPE I. The client sets that type first if necessary. */
  size$(path: string, options?: OperationOptions): Observable<number>;

  /** Emits the time of the last change, in UTC: MDTM (RFC 3659 section 3). */
  mdtm$(path: string, options?: OperationOptions): Observable<Date>;

  /**
   * Sets that time, in UTC and to the second. It uses MFMT (draft-somers-ftp-mfxx), MDTM with a time (vsftpd), or SITE UTIME in either word
   * order. Emits the reply of the command that succeeded.
   *
   * The client tries commands that FEAT names first, then the others, until one is not refused as unknown. After a command other than MFMT,
   * MDTM must tell the new time. A server may take the time for a part of the name. The client uses the command that has worked from then
   * on, and `events$` reports the fallback.
   *
   * Errors with `FtpReplyError` if no command sets the time: that of the first command, whose message names all of them. `FtpUsageError`
   * for an invalid date. Unsubscribing drops the reply, and does not undo a sent command.
   */
  mfmt$(path: string, date: Date, options?: OperationOptions): Observable<Reply>;

  /**
   * Sets the permissions: by MFF if FEAT names its fact UNIX.mode (draft-somers-ftp-mfxx), else by SITE CHMOD. Emits the final reply.
   *
   * `mode` is octal: `0o644` or `'644'`. Any other value is an `FtpUsageError`, with nothing sent. If a server does not know MFF after all,
   * or does not name UNIX.mode, the client uses SITE CHMOD from then on. `events$` reports the fallback.
   */
  chmod$(path: string, mode: number | string, options?: OperationOptions): Observable<Reply>;

  /**
   * Emits the number of bytes that the directory `path`, default the current one, can still store: AVBL
   * (draft-peterson-streamlined-ftp-command-extensions).
   *
   * Errors with `FtpUnsupportedError` on a server that does not know AVBL: there is no other command for it. The client tries it once, even
   * if FEAT does not name AVBL. A reply without a number, or with one above 2^53 - 1, is an `FtpReplyError`.
   */
  avbl$(path?: string, options?: OperationOptions): Observable<number>;

  /**
   * Emits the server's checksum of a file, or of a part of it. It uses HASH (draft-bryan-ftpext-hash) with OPTS and RANG, or XSHA512,
   * XSHA256, XSHA1, XMD5, MD5 or XCRC.
   *
   * Emits one value, and completes. Without `algorithm` the client takes the strongest one that FEAT, or the option `features`, names.
   * If they name none, it errors with `FtpUnsupportedError`, and sends nothing. The client rejects a reply for another algorithm or range,
   * and tries the next command. `FtpReplyError` if no command tells a value, or if the server refuses the file. The server needs time for a
   * large file, and `replyTimeoutMs` must allow it. Unsubscribing drops the reply.
   *
   * @example
   * ```ts
   * ftp.hash$('/a.iso', { algorithm: 'SHA-256' }).subscribe(({ value }) => console.log(value));
   * ```
   */
  hash$(path: string, options?: HashOptions): Observable<FileHash>;
}

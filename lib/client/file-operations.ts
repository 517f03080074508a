/**
 * The operations on names, and what is known of files. Each emits one value and completes; a refusal is an `FtpReplyError`. The
 * option `signal` cancels one.
 */
import type { Observable } from 'rxjs';
import type { Reply } from '../protocol/reply.js';
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
  /** The size in bytes: SIZE (RFC 3659 section 4), in TYPE I, which is set first where it is not. */
  size$(path: string, options?: OperationOptions): Observable<number>;

  /** The time of the last change, in UTC: MDTM (RFC 3659 section 3). */
  mdtm$(path: string, options?: OperationOptions): Observable<Date>;

  /** Sets that time, to the second: MFMT (draft-somers-ftp-mfxx), or MDTM with a time where the server has no MFMT (vsftpd). */
  mfmt$(path: string, date: Date, options?: OperationOptions): Observable<Reply>;

  /** Sets the permissions: SITE CHMOD. `mode` is octal: `0o644` or `'644'`. */
  chmod$(path: string, mode: number | string, options?: OperationOptions): Observable<Reply>;
}

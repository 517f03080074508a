/**
 * The errors of this library: one class for each kind of blame, told apart by class or by `code`, never by text.
 *
 * Every error names the command it happened on (with secrets masked), and carries the reply and the byte count where
 * they apply. Nothing here imports anything: every layer may throw these.
 */

/** The reply that an error rests on; the same shape as `Reply`. */
export interface ReplyEvidence {
  readonly code: number;
  readonly lines: readonly string[];
  readonly text: string;
  readonly class: 1 | 2 | 3 | 4 | 5;
}

/** The stable codes, one for each class. */
export type FtpErrorCode =
  | 'ERR_FTP_REPLY'
  | 'ERR_FTP_USAGE'
  | 'ERR_FTP_PROTOCOL'
  | 'ERR_FTP_CONNECTION'
  | 'ERR_FTP_SECURITY'
  | 'ERR_FTP_TIMEOUT'
  | 'ERR_FTP_TRANSFER';

/**
 * What may have been done at the server: `none`, nothing, since it was not sent or left before it began; `refused`, the server
 * refused it; `unknown`, it may have been done.
 */
export type FtpOutcome = 'none' | 'unknown' | 'refused';

/** What any error may carry besides its message. */
export interface FtpErrorDetails {
  /** The command under way, secrets masked. */
  readonly command?: string | undefined;
  /** The server's reply, where one was involved. */
  readonly reply?: ReplyEvidence | undefined;
  /** Bytes that had moved over the data connection, where there was one. */
  readonly bytes?: number | undefined;
  /** Default: what is usual for the class. */
  readonly outcome?: FtpOutcome | undefined;
  readonly cause?: unknown;
}

/** Base of all errors of this library: `catch` this one to catch them all. */
export abstract class FtpError extends Error {
  abstract readonly code: FtpErrorCode;
  /** The command under way, secrets masked. */
  readonly command: string | undefined;
  /** The server's reply, where one was involved. */
  readonly reply: ReplyEvidence | undefined;
  /** Bytes that had moved over the data connection, where there was one. */
  readonly bytes: number | undefined;
  /** What may have been done at the server. */
  readonly outcome: FtpOutcome;

  constructor(message: string, details: FtpErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.command = details.command;
    this.reply = details.reply;
    this.bytes = details.bytes;
    this.outcome = details.outcome ?? 'unknown';
  }
}

/**
 * The server refused: a 4yz (`transient`) or 5yz reply, as ftplib's `error_temp` and `error_perm`; or it gave a well-formed
 * reply of another class than the one asked for with `expect`, as ftplib's `error_reply`.
 */
export class FtpReplyError extends FtpError {
  readonly code = 'ERR_FTP_REPLY';
  declare readonly reply: ReplyEvidence;

  constructor(message: string, details: FtpErrorDetails & { readonly reply: ReplyEvidence }) {
    super(message, { outcome: details.reply.class >= 4 ? 'refused' : 'unknown', ...details });
  }

  /** Whether the server called it temporary (4yz): the same command may succeed later. */
  get transient(): boolean {
    return this.reply.class === 4;
  }
}

/**
 * Refused here, before anything was sent: CR, LF or NUL in an argument, a bad option, a closed client. What shows only on
 * a session, by a question such as SIZE, is refused there: the command itself is not sent.
 */
export class FtpUsageError extends FtpError {
  readonly code = 'ERR_FTP_USAGE';

  constructor(message: string, details: FtpErrorDetails = {}) {
    super(message, { outcome: 'none', ...details });
  }
}

/**
 * The server broke the grammar or a limit, and the connection is closed; or its replies do not show what came of the command,
 * and the connection goes on in step. ftplib: `error_proto`.
 */
export class FtpProtocolError extends FtpError {
  readonly code = 'ERR_FTP_PROTOCOL';
}

/** Which of the two connections an error is about. */
export type FtpChannel = 'control' | 'data';

/** A connection could not be made, or was lost. */
export class FtpConnectionError extends FtpError {
  readonly code = 'ERR_FTP_CONNECTION';
  readonly channel: FtpChannel;
  /** What was going on: `connect`, `greeting`, `login`, `idle`, `command`, `transfer`, `abort`, `close`. */
  readonly phase: string;

  constructor(message: string, details: FtpErrorDetails & { readonly channel: FtpChannel; readonly phase: string }) {
    super(message, details);
    this.channel = details.channel;
    this.phase = details.phase;
  }
}

/** Going on would have been unsafe: a certificate, a downgrade, injected replies. */
export class FtpSecurityError extends FtpError {
  readonly code = 'ERR_FTP_SECURITY';
}

/** Something did not happen in time. */
export class FtpTimeoutError extends FtpError {
  readonly code = 'ERR_FTP_TIMEOUT';
  /** What was waited for: `connect`, `greeting`, `login`, `reply`, `data`, `abort`. */
  readonly phase: string;
  /** How long it was waited for, in milliseconds. */
  readonly afterMs: number;

  constructor(message: string, details: FtpErrorDetails & { readonly phase: string; readonly afterMs: number }) {
    super(message, details);
    this.phase = details.phase;
    this.afterMs = details.afterMs;
  }
}

/** A transfer that had begun did not complete, or its byte count does not fit the size the server named. */
export class FtpTransferError extends FtpError {
  readonly code = 'ERR_FTP_TRANSFER';
  declare readonly bytes: number;

  constructor(message: string, details: FtpErrorDetails & { readonly bytes: number }) {
    super(message, details);
  }
}

/** Whether `error` is one of this library's: ftplib's `except ftplib.all_errors`. */
export function isFtpError(error: unknown): error is FtpError {
  return error instanceof FtpError;
}

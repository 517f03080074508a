/**
 * Defines the errors of this library: one class for each kind of blame, told apart by class or by `code`, never by text.
 *
 * Every error names its command (with secrets masked), and has the reply and the byte count if there are any. This module imports nothing:
 * every layer may throw these errors.
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
  | 'ERR_FTP_TRANSFER'
  | 'ERR_FTP_TREE';

/**
 * What may have been done at the server: `none`, nothing, since it was not sent, or left before it began; `refused`, the server
 * refused it by a 4yz or 5yz before any 1yz; `unknown`, it may have been done, in part or in whole.
 */
export type FtpOutcome = 'none' | 'unknown' | 'refused';

/**
 * What was going on when a connection failed or was lost:
 *
 * - `connect`: a connection was being made, or a port for it was being opened.
 * - `tls`: the TLS handshake.
 * - `greeting`: the server's first reply was awaited.
 * - `login`: the login was given up here, before its end.
 * - `idle`: no command was unanswered.
 * - `queued`: the operation waited for its turn, and was not started.
 * - `command`: a command was unanswered, or its effect could not be undone.
 * - `transfer`: a transfer was under way.
 * - `abort`: a cancelled operation could not be brought to an end, or `abor$` broke the transfer off.
 * - `close`: this client closed the connection.
 */
export type FtpConnectionPhase =
  | 'connect'
  | 'tls'
  | 'greeting'
  | 'login'
  | 'idle'
  | 'queued'
  | 'command'
  | 'transfer'
  | 'abort'
  | 'close';

/**
 * What did not happen in time:
 *
 * - `connect`: a connection, its TLS handshake included.
 * - `greeting`: the server's first reply.
 * - `login`: the password, of a function that gives it.
 * - `reply`: the reply to a command.
 * - `data`: the bytes of a transfer, or its end.
 * - `abort`: the end of a cancelled operation.
 * - `close`: the reply to QUIT.
 */
export type FtpTimeoutPhase = 'connect' | 'greeting' | 'login' | 'reply' | 'data' | 'abort' | 'close';

/** What any error may carry besides its message. */
export interface FtpErrorDetails {
  /** The command under way, secrets masked. */
  readonly command?: string | undefined;
  /** The server's reply, where one was involved. */
  readonly reply?: ReplyEvidence | undefined;
  /** As `FtpError.bytes`. */
  readonly bytes?: number | undefined;
  /** Default: what is usual for the class. */
  readonly outcome?: FtpOutcome | undefined;
  /** Default: what is usual for the class, and what the reply says. */
  readonly transient?: boolean | undefined;
  readonly cause?: unknown;
}

/**
 * Marks the errors of every copy of this package, by what their classes are called: a program may have several copies, and each
 * has classes of its own.
 */
const BRAND: unique symbol = /* @__PURE__ */ Symbol.for('rxftp.error');

/**
 * Base of all errors of this library: `catch` this one to catch them all.
 *
 * `instanceof` is true also of an error that another copy of this package has made. A subclass of your own knows its own alone.
 */
export abstract class FtpError extends Error {
  /** What the class is called in every copy. @internal */
  static readonly kind: string = 'FtpError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass inherits this, and asks for itself.
    return isOfClass(this, value);
  }

  abstract readonly code: FtpErrorCode;
  /** The command under way, secrets masked. */
  readonly command: string | undefined;
  /** The server's reply, where one was involved. */
  readonly reply: ReplyEvidence | undefined;
  /**
   * Bytes that this transfer had moved when it ended, counted from its `start`, as they are on the wire; those of the file, where
   * MODE Z compresses them. Of a download: those that
   * were handed on; what they were piped into may have stored fewer. Of an upload: those that the socket took; the
   * server may have stored fewer. So it is no offset to resume from: that is the size of what is stored. Undefined where
   * no transfer had begun.
   */
  readonly bytes: number | undefined;
  /** What may have been done at the server: whether it is safe to do the same again. */
  readonly outcome: FtpOutcome;
  /**
   * Whether the same may succeed a little later: a connection was lost, something took too long, or the server gave a 4yz reply
   * other than 452 (no room). Never for usage, security, a 5yz, or a client that was closed. The text of a refused login counts
   * above its code: too many sessions are transient, a wrong password and a demand for TLS are not. It does not say that another
   * try does no harm: `outcome` says that.
   */
  readonly transient: boolean;

  constructor(message: string, details: FtpErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    Object.defineProperty(this, BRAND, { value: kindsOf(new.target) });
    this.name = new.target.name;
    this.command = details.command;
    this.reply = details.reply;
    this.bytes = details.bytes;
    this.outcome = details.outcome ?? 'unknown';
    this.transient = details.transient ?? false;
  }
}

/** No room on the server's disk is not over in a minute (RFC 959 section 4.2.2). */
const NO_ROOM = 452;

/** Whether a refusal is for now; undefined where there is none. */
function refusedForNow(reply: ReplyEvidence | undefined): boolean | undefined {
  return reply === undefined || reply.class < 4 ? undefined : reply.class === 4 && reply.code !== NO_ROOM;
}

/**
 * Whether a connection that failed with this cause may be made again: not to a name that does not exist, or from an address that is
 * not here. A reply that brought a connection out of step need not come on the next one.
 */
function mayComeBack(cause: unknown): boolean {
  if (cause instanceof FtpProtocolError) return true;
  if (cause instanceof FtpError) return cause.transient;
  const { code, syscall } = (cause ?? {}) as { readonly code?: unknown; readonly syscall?: unknown };
  return code !== 'ENOTFOUND' && syscall !== 'bind';
}

/** The same error with another outcome; `error` itself may be that of other operations too. */
export function withOutcome<E extends FtpError>(error: E, outcome: FtpOutcome): E {
  const made = error.constructor as new (message: string, details: FtpErrorDetails) => E;
  return new made(error.message, { ...error, cause: error.cause, outcome });
}

/** The same error of a transfer of several tries: with the bytes of all of them, and with the number of the last one. */
export function withTries<E extends FtpError>(error: E, { bytes, attempt }: { bytes: number; attempt: number }): E {
  const made = error.constructor as new (message: string, details: FtpErrorDetails) => E;
  const told = `${error.message} (try ${attempt}; ${bytes} bytes in all)`;
  return new made(told, { ...error, cause: error.cause, bytes });
}

/** The same error, which says what became of the work around it. */
export function withRemark<E extends FtpError>(error: E, remark: string): E {
  const made = error.constructor as new (message: string, details: FtpErrorDetails) => E;
  return new made(`${error.message} ${remark}`, { ...error, cause: error });
}

/** The error of a login, as that of an operation that has waited for it: the operation was not sent. */
export function asNotSent<E extends FtpError>(error: E): E {
  (error as { outcome: FtpOutcome }).outcome = 'none';
  return error;
}

/**
 * The server refused: a 4yz (`transient`) or 5yz reply, as ftplib's `error_temp` and `error_perm`; or it gave a well-formed
 * reply of another class than the one asked for with `expect`, as ftplib's `error_reply`.
 */
export class FtpReplyError extends FtpError {
  /** @internal */
  static override readonly kind: string = 'FtpReplyError';
  readonly code = 'ERR_FTP_REPLY';
  declare readonly reply: ReplyEvidence;

  constructor(message: string, details: FtpErrorDetails & { readonly reply: ReplyEvidence }) {
    const { outcome = details.reply.class >= 4 ? 'refused' : 'unknown', transient = refusedForNow(details.reply) } =
      details;
    super(message, { ...details, outcome, transient });
  }
}

/**
 * Refused here, before anything was sent: CR, LF or NUL in an argument, a bad option, a closed client. What shows only on
 * a session, by a question such as SIZE, is refused there: the command itself is not sent. With the outcome `unknown`, it shows after the
 * command: a `start` beyond the end that only the reply to RETR names, or a source that gives something else than bytes or text.
 */
export class FtpUsageError extends FtpError {
  /** @internal */
  static override readonly kind: string = 'FtpUsageError';
  readonly code = 'ERR_FTP_USAGE';

  constructor(message: string, details: FtpErrorDetails = {}) {
    super(message, { outcome: 'none', ...details });
  }
}

/**
 * The server cannot do it: it has neither the usual command nor another that this library knows. The arguments may be right, and another
 * server may do it. Its `code` is that of FtpUsageError. Its `outcome` is `'none'` where that was known and nothing was sent, `'refused'`
 * where the server has just said so.
 */
export class FtpUnsupportedError extends FtpUsageError {
  /** @internal */
  static override readonly kind: string = 'FtpUnsupportedError';
}

/**
 * The server broke the grammar or a limit, and the connection is closed; or its replies do not show what came of the command,
 * and the connection goes on in step. ftplib: `error_proto`.
 */
export class FtpProtocolError extends FtpError {
  /** @internal */
  static override readonly kind: string = 'FtpProtocolError';
  readonly code = 'ERR_FTP_PROTOCOL';
  /** The rows of a listing that were not understood, as they came: the first 100. Empty for any other error. */
  readonly unparsed: readonly string[];

  constructor(message: string, details: FtpErrorDetails & { readonly unparsed?: readonly string[] | undefined } = {}) {
    super(message, details);
    this.unparsed = details.unparsed ?? [];
  }
}

/** Which of the two connections an error is about. */
export type FtpChannel = 'control' | 'data';

/** A connection could not be made, or was lost. */
export class FtpConnectionError extends FtpError {
  /** @internal */
  static override readonly kind: string = 'FtpConnectionError';
  readonly code = 'ERR_FTP_CONNECTION';
  readonly channel: FtpChannel;
  /** What was going on. */
  readonly phase: FtpConnectionPhase;

  constructor(
    message: string,
    details: FtpErrorDetails & { readonly channel: FtpChannel; readonly phase: FtpConnectionPhase },
  ) {
    const {
      phase,
      reply,
      cause,
      transient = refusedForNow(reply) ?? (phase !== 'close' && mayComeBack(cause)),
    } = details;
    super(message, { ...details, transient });
    this.channel = details.channel;
    this.phase = phase;
  }
}

/** Going on would have been unsafe: a certificate, a downgrade, injected replies. */
export class FtpSecurityError extends FtpError {
  /** @internal */
  static override readonly kind: string = 'FtpSecurityError';
  readonly code = 'ERR_FTP_SECURITY';
}

/** Something did not happen in time. */
export class FtpTimeoutError extends FtpError {
  /** @internal */
  static override readonly kind: string = 'FtpTimeoutError';
  readonly code = 'ERR_FTP_TIMEOUT';
  /** What did not happen in time. */
  readonly phase: FtpTimeoutPhase;
  /** How long it was waited for, in milliseconds. */
  readonly afterMs: number;

  constructor(
    message: string,
    details: FtpErrorDetails & { readonly phase: FtpTimeoutPhase; readonly afterMs: number },
  ) {
    super(message, { ...details, transient: details.transient ?? true });
    this.phase = details.phase;
    this.afterMs = details.afterMs;
  }
}

/** A transfer that had begun did not complete, or its byte count does not fit the size the server named. */
export class FtpTransferError extends FtpError {
  /** @internal */
  static override readonly kind: string = 'FtpTransferError';
  readonly code = 'ERR_FTP_TRANSFER';
  declare readonly bytes: number;
  /**
   * The file at the server is not the one that the transfer began with: its size, its time or its bytes differ. A transfer with `resume`
   * ends so, and joins no bytes of two files. Begin anew.
   */
  readonly changed: boolean;

  constructor(
    message: string,
    details: FtpErrorDetails & { readonly bytes: number; readonly changed?: boolean | undefined },
  ) {
    const { changed = false, transient = changed ? false : (refusedForNow(details.reply) ?? true) } = details;
    super(message, { ...details, transient });
    this.changed = changed;
  }
}

/** Whether `error` is one of this library's, of whatever copy: ftplib's `except ftplib.all_errors`. */
export function isFtpError(error: unknown): error is FtpError {
  return Array.isArray(brandOf(error));
}

function brandOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as { readonly [BRAND]?: unknown })[BRAND] : undefined;
}

/** `instanceof` for the classes above, by what they are called; as usual for a subclass that other code has made. */
function isOfClass(wanted: typeof FtpError, value: unknown): boolean {
  if (!Object.hasOwn(wanted, 'kind')) return Function.prototype[Symbol.hasInstance].call(wanted, value);
  return isFtpError(value) && (brandOf(value) as readonly unknown[]).includes(wanted.kind);
}

/** What a class and those above it are called. */
function kindsOf(made: object): readonly unknown[] {
  const above = Object.getPrototypeOf(made) as object | null;
  return [(made as typeof FtpError).kind, ...(above === null ? [] : kindsOf(above))];
}

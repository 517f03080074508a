/**
 * Defines the errors of this library, one class for each kind of blame. Programs tell them apart by class or by `code`.
 *
 * Every error names its command (with secrets masked), and has the reply and the byte count if there are any. This module imports nothing:
 * every layer may throw these errors.
 */

/** The reply behind an error; the same shape as `Reply`. */
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
 * The effect that an operation may have had on the server. `none`: none, since it was not sent, or unsubscribed before it began. `refused`:
 * the server refused it by a 4yz or 5yz before any 1yz. `unknown`: the server may have done it, in part or in whole.
 */
export type FtpOutcome = 'none' | 'unknown' | 'refused';

/**
 * The step in which a connection failed or was lost:
 *
 * - `connect`: a connection, or the opening of a port for one.
 * - `tls`: the TLS handshake.
 * - `greeting`: the server's first reply.
 * - `login`: the login, which the client gave up before its end.
 * - `idle`: none; no command was unanswered.
 * - `queued`: the operation waited for its turn, and had not started.
 * - `command`: a command was unanswered, or its effect could not be undone.
 * - `transfer`: a running transfer.
 * - `abort`: the end of a cancelled operation, or a transfer that `abor$` ended.
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
 * The step that did not end in time:
 *
 * - `connect`: a connection, its TLS handshake included.
 * - `greeting`: the server's first reply.
 * - `login`: the password, from a function.
 * - `reply`: the reply to a command.
 * - `data`: the bytes of a transfer, or its end.
 * - `abort`: the end of a cancelled operation.
 * - `close`: the reply to QUIT.
 */
export type FtpTimeoutPhase = 'connect' | 'greeting' | 'login' | 'reply' | 'data' | 'abort' | 'close';

/** The properties that any error may have besides its message. */
export interface FtpErrorDetails {
  /** The current command, secrets masked. */
  readonly command?: string | undefined;
  /** The server's reply, if there was one. */
  readonly reply?: ReplyEvidence | undefined;
  /** As `FtpError.bytes`. */
  readonly bytes?: number | undefined;
  /** Default: the usual one of the class. */
  readonly outcome?: FtpOutcome | undefined;
  /** Default: by the class and the reply. */
  readonly transient?: boolean | undefined;
  readonly cause?: unknown;
}

/**
 * Marks the errors of every copy of this package by the names of their classes. A program may have several copies, each with its own
 * classes.
 */
const BRAND: unique symbol = /* @__PURE__ */ Symbol.for('rxftp.error');

/**
 * Base of all errors of this library: `catch` this one to catch them all.
 *
 * `instanceof` is also true for an error of another copy of this package. Your own subclass recognises only its own errors.
 */
export abstract class FtpError extends Error {
  /** The name of the class in every copy. @internal */
  static readonly kind: string = 'FtpError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass inherits this, and asks for itself.
    return isOfClass(this, value);
  }

  abstract readonly code: FtpErrorCode;
  /** The current command, secrets masked. */
  readonly command: string | undefined;
  /** The server's reply, if there was one. */
  readonly reply: ReplyEvidence | undefined;
  /**
   * Bytes that this transfer had moved when it ended, counted from its `start`, as the wire carries them. If MODE Z compresses them, the
   * count is that of the file. For a download, it counts delivered bytes, of which your destination may have stored fewer. For an upload,
   * it counts bytes that the socket took, of which the server may have stored fewer. So it is no offset to resume from: use the size of the
   * stored file. Undefined if no transfer had begun.
   */
  readonly bytes: number | undefined;
  /** The effect that the operation may have had on the server: whether it is safe to repeat it. */
  readonly outcome: FtpOutcome;
  /**
   * Whether the same may succeed a little later: after a lost connection, a time limit, or a 4yz reply other than 452 (no room). Never for
   * usage, security, a 5yz, or a closed client. For a refused login the text counts more than the code. Too many sessions are transient; a
   * wrong password and a demand for TLS are not. It does not say that another try does no harm: `outcome` does.
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

/** A full disk on the server stays full for longer than a minute (RFC 959 section 4.2.2). */
const NO_ROOM = 452;

/** Whether a refusal is for now; undefined if there is none. */
function refusedForNow(reply: ReplyEvidence | undefined): boolean | undefined {
  return reply === undefined || reply.class < 4 ? undefined : reply.class === 4 && reply.code !== NO_ROOM;
}

/**
 * Whether the client may make a connection again that failed with this cause. It may not to a missing name, or from an address that is not
 * local. A reply that brought a connection out of step need not come on the next one.
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

/** The same error of a transfer of several tries, with the bytes of all of them and the number of the last one. */
export function withTries<E extends FtpError>(error: E, { bytes, attempt }: { bytes: number; attempt: number }): E {
  const made = error.constructor as new (message: string, details: FtpErrorDetails) => E;
  const told = `${error.message} (try ${attempt}; ${bytes} bytes in all)`;
  return new made(told, { ...error, cause: error.cause, bytes });
}

/** The same error, with the result of the work around it. */
export function withRemark<E extends FtpError>(error: E, remark: string): E {
  const made = error.constructor as new (message: string, details: FtpErrorDetails) => E;
  return new made(`${error.message} ${remark}`, { ...error, cause: error });
}

/** The error of a login, as that of an operation that waited for it: the operation was not sent. */
export function asNotSent<E extends FtpError>(error: E): E {
  (error as { outcome: FtpOutcome }).outcome = 'none';
  return error;
}

/**
 * The server refused: a 4yz (`transient`) or 5yz reply, as ftplib's `error_temp` and `error_perm`. Or it sent a well-formed reply of
 * another class than `expect` names, as ftplib's `error_reply`.
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
 * The library refused the call before it sent anything. It had CR, LF or NUL in an argument, a bad option, or a closed client. A fault that
 * only a command such as SIZE can show is refused on the session, before the operation's own command. With the outcome `unknown`, the fault
 * shows after the command. Only the reply to RETR names an end before `start`, or a source emits neither bytes nor text.
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
 * The server cannot do it: it has neither the usual command nor another one that this library knows. The arguments may be right, and
 * another server may do it. Its `code` is that of FtpUsageError. Its `outcome` is `'none'` if that was known and nothing was sent,
 * `'refused'` if the server has just said so.
 */
export class FtpUnsupportedError extends FtpUsageError {
  /** @internal */
  static override readonly kind: string = 'FtpUnsupportedError';
}

/**
 * The server broke the grammar or a limit, and the client closed the connection. Or its replies do not show the result of the command, and
 * the connection stays in step. ftplib: `error_proto`.
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

/** The connection that an error is about. */
export type FtpChannel = 'control' | 'data';

/** A connection could not be opened, or was lost. */
export class FtpConnectionError extends FtpError {
  /** @internal */
  static override readonly kind: string = 'FtpConnectionError';
  readonly code = 'ERR_FTP_CONNECTION';
  readonly channel: FtpChannel;
  /** The step that failed. */
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

/** A step did not end in time. */
export class FtpTimeoutError extends FtpError {
  /** @internal */
  static override readonly kind: string = 'FtpTimeoutError';
  readonly code = 'ERR_FTP_TIMEOUT';
  /** The step that did not end in time. */
  readonly phase: FtpTimeoutPhase;
  /** The length of the wait, in milliseconds. */
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

/** A begun transfer did not complete, or its byte count does not fit the size that the server named. */
export class FtpTransferError extends FtpError {
  /** @internal */
  static override readonly kind: string = 'FtpTransferError';
  readonly code = 'ERR_FTP_TRANSFER';
  declare readonly bytes: number;
  /**
   * The file on the server is not the one with which the transfer began. Its size, its time or its bytes differ. A transfer with `resume`
   * ends so, and never joins the bytes of two files. Begin anew.
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

/** Whether `error` comes from this library, in any copy: ftplib's `except ftplib.all_errors`. */
export function isFtpError(error: unknown): error is FtpError {
  return Array.isArray(brandOf(error));
}

function brandOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as { readonly [BRAND]?: unknown })[BRAND] : undefined;
}

/** Decides `instanceof` for the classes above by their names; a user's subclass keeps the usual rule. */
function isOfClass(wanted: typeof FtpError, value: unknown): boolean {
  if (!Object.hasOwn(wanted, 'kind')) return Function.prototype[Symbol.hasInstance].call(wanted, value);
  return isFtpError(value) && (brandOf(value) as readonly unknown[]).includes(wanted.kind);
}

/** The names of a class and its parents. */
function kindsOf(made: object): readonly unknown[] {
  const above = Object.getPrototypeOf(made) as object | null;
  return [(made as typeof FtpError).kind, ...(above === null ? [] : kindsOf(above))];
}

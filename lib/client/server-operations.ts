/** The operations on the server itself, raw access, and what goes on. */
import type { Observable, ObservableInput } from 'rxjs';
import type { FtpEvent } from '../control/events.js';
import type { FtpState } from '../control/session-state.js';
import type { Features } from '../protocol/features.js';
import type { Reply } from '../protocol/reply.js';
import type { CommandSequence } from './command-sequence.js';
import type { OperationOptions } from './operations/operation-options.js';
import type { ExchangeOptions } from './operations/raw.js';
import type { RawTransfer, TransferOptions } from './operations/raw-transfer.js';

/**
 * Each sends its command, emits the final reply and completes; a refusal is an `FtpReplyError`. The option `signal` cancels one.
 */
export interface ServerOperations {
  /** Asks the server for its features: FEAT (RFC 2389). Emits them. */
  feat$(options?: OperationOptions): Observable<Features>;
  /** Sets an option of a feature: OPTS (RFC 2389). It stays set on all sessions of a client. */
  opts$(feature: string, parameters?: string, options?: OperationOptions): Observable<Reply>;
  /** The kind of system: SYST. */
  syst$(options?: OperationOptions): Observable<Reply>;
  /** The server's state, or a listing of `path` in the reply: STAT. */
  stat$(path?: string, options?: OperationOptions): Observable<Reply>;
  /** The server's help: HELP. */
  help$(topic?: string, options?: OperationOptions): Observable<Reply>;
  /** A command of this server alone: SITE. */
  site$(parameters: string, options?: OperationOptions): Observable<Reply>;
  /** Nothing, but that the server answers: NOOP. */
  noop$(options?: OperationOptions): Observable<Reply>;
  /** Account information: ACCT. */
  acct$(account: string, options?: OperationOptions): Observable<Reply>;
  /**
   * Ends the login, not the connection: REIN. The server forgets its settings; a new login is then up to `send$` (USER, PASS), and
   * until then servers refuse nearly everything with 530. HOST is sent right behind it where `virtualHost` is set; CLNT, LANG and
   * `loginCommands` follow that login, and their errors are the errors of its `send$`.
   *
   * Only on a session of `connect$`, and not under TLS, which it would end: else `FtpUsageError`.
   */
  rein$(options?: OperationOptions): Observable<Reply>;
  /** Reserves space, in bytes, for servers that want it: ALLO. */
  allo$(bytes: number, recordBytes?: number, options?: OperationOptions): Observable<Reply>;
  /** Mounts a file system: SMNT. */
  smnt$(path: string, options?: OperationOptions): Observable<Reply>;
  /** Sets the type of transfers that do not name one: TYPE, such as `'I'` or `'A'`. It stays set on all sessions of a client. */
  type$(type: string, options?: OperationOptions): Observable<Reply>;
  /**
   * Sets the transfer mode: MODE. `'S'` is a plain stream, `'Z'` a compressed one, which the option `compression` sets where the
   * server has it. The mode stays set on all sessions of a client, and overrules that option.
   *
   * Of other modes this library knows nothing: transfers and listings are then an `FtpUsageError` with nothing sent, and
   * `transfer$` moves the bytes as they are on the wire.
   */
  mode$(mode: string, options?: OperationOptions): Observable<Reply>;
}

/**
 * Securing a session step by step (RFC 4217); the option `secure` does it all at login, which is what most users want.
 * A failed AUTH or handshake is an `FtpSecurityError`, and closes the session.
 */
export interface SecurityOperations {
  /**
   * Secures a clear session: AUTH TLS, the handshake, and FEAT again, since what was learnt in clear does not count. Data
   * connections stay clear until `prot$('P')`.
   *
   * Only on a session of `connect$`; a client has the option `secure`. A session is logged in when it is emitted, and most
   * servers (vsftpd, ProFTPD, Pure-FTPd) take AUTH only before the login: what logs in under TLS is `secure: 'explicit'`.
   */
  auth$(options?: OperationOptions): Observable<Reply>;
  /** The protection buffer size, which is 0 with TLS: PBSZ. */
  pbsz$(size: number, options?: OperationOptions): Observable<Reply>;
  /**
   * Protects data connections (`P`) or clears them (`C`): PBSZ 0 and PROT. It stays set on all sessions of a client.
   * `FtpUsageError` where the control connection is not secured.
   */
  prot$(level: 'P' | 'C', options?: OperationOptions): Observable<Reply>;
  /**
   * Clears the control connection again, for firewalls that must read it: CCC. Data connections stay protected.
   *
   * Only on a session of `connect$` with the option `allowCcc`, else `FtpUsageError`: Node cannot take TLS off a socket, so the
   * session has to be built for it from the handshake on. Everything after it, names and paths too, can be read on
   * the way.
   */
  ccc$(options?: OperationOptions): Observable<Reply>;
}

/** Any command. */
export interface RawOperations {
  /**
   * Sends a line and emits every reply to it, preliminary ones first; a refusal is a value too, not an error. A directory, type,
   * protection or option that it sets stays set, as with the operation for it.
   *
   * After RNFR, RNTO has to be the next command; `rename$` sends both with nothing in between. Before any other command the rename is
   * taken back where the server would refuse that command (ProFTPD): by RNTO of the old name.
   *
   * `FtpUsageError` for a transfer command (use `transfer$`), for AUTH, CCC and REIN, and for CR, LF or NUL in the line.
   */
  send$(line: string, options?: OperationOptions): Observable<Reply>;

  /**
   * Sends a line and emits its final reply when that begins with `expect`: 2 for any completion, 35 for 350 to 359, a
   * whole code, or several of them. Any other reply is an `FtpReplyError`.
   */
  exchange$(line: string, options: ExchangeOptions): Observable<Reply>;

  /**
   * Sends a transfer command with a data connection for it, in the type that `type$` has set, else TYPE I.
   *
   * Emits once, when the server has begun: `bytes` is held back until it is subscribed, which can be done once. Completes
   * when the transfer has. It is aborted when both this and `bytes` are unsubscribed; `bytes` that are subscribed after that
   * error with `FtpUsageError` (so do not use `firstValueFrom` here).
   *
   * RETR errors with `FtpTransferError` when its bytes do not fit the size that the preliminary reply names; in ASCII, which counts
   * other bytes, that is not looked at.
   *
   * A transfer that receives waits for the subscriber of `bytes`, and so does `lastValueFrom` of this alone. After
   * `stallTimeoutMs` without one the transfer is aborted, and errors with `FtpTimeoutError`.
   *
   * `FtpUsageError`, with nothing sent: STOR, STOU or APPE without a `source`, RETR or a listing with one.
   *
   * @example
   * ```ts
   * ftp.transfer$('RETR /a.iso').pipe(switchMap(({ bytes }) => bytes), collectBytes()).subscribe();
   * ```
   */
  transfer$(line: string, options?: TransferOptions): Observable<RawTransfer>;

  /**
   * Gives one session to `work`, for commands that must follow each other with nothing in between: a verb of several commands, or a
   * transfer between two servers, as `fxp$` is.
   *
   * Emits what `work` emits, errors as it does, and completes when it has and every command is answered. Unsubscribing unsubscribes from
   * what `work` has returned; the session goes on in step. Nothing is repeated by `retry` once `work` was called.
   *
   * @example
   * ```ts
   * const copy = (from: string, to: string) =>
   *   ftp.sequence$((commands) => concat(commands.send$(`SITE CPFR ${from}`), commands.send$(`SITE CPTO ${to}`)));
   * ```
   */
  sequence$<T>(work: (commands: CommandSequence) => ObservableInput<T>, options?: OperationOptions): Observable<T>;

  /**
   * Breaks off the transfer under way (of a client, on all its sessions), whose subscriber gets an `FtpTransferError`, and
   * emits the server's reply to ABOR (RFC 959 section 4.1.3). Anything else that is under way is not interrupted, but
   * waited for. To cancel your own transfer, unsubscribe from it instead.
   */
  abor$(options?: OperationOptions): Observable<Reply>;
}

/** Streams of the dialogue and of the state; all hot. */
export interface LiveStreams {
  /** Every reply, as it comes. */
  readonly reply$: Observable<Reply>;
  /** Every command line as it is sent, with secrets masked. */
  readonly command$: Observable<string>;
  /**
   * The events beside the operations, each with its time (`at`) and its session. Of a session's life: `connecting`, `connected`,
   * `secured` (TLS), `ready` (logged in), and `closed` with its cause. Of a server's habits: `skipped`, a reply or a line that answers
   * nothing was dropped; `fallback`, the client does without a command; `limit`, the server lets in fewer sessions than
   * `maxSessions`, or as many again. Of a listing with `unparsed: 'report'`: `unparsed`, the rows that were not understood.
   *
   * Of every download, upload and listing: `transfer-started` when the server has accepted it and the data connection is there, and
   * `transfer-ended` with its bytes, its time, and whether it is complete, was cancelled or has failed. Both carry the same
   * `id`. A transfer that is refused, or left, before it has begun is not told. Neither is one that began before you subscribed.
   *
   * Completes when the session, or the client, is closed and its transfers have ended. Never errors. Secrets are masked.
   *
   * `node:diagnostics_channel` publishes the same values for all clients of the process, as `rxftp:event`; `rxftp:command`
   * publishes `{ session, at, command }`, and `rxftp:reply` publishes `{ session, at, reply }`.
   */
  readonly events$: Observable<FtpEvent>;
  /** The present state, then every change; completes after `closed`. */
  readonly state$: Observable<FtpState>;
}

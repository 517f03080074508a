/** Declares the operations on the server itself, raw access, and the live streams. */
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
 * Each sends its command, emits the final reply and completes; a refusal is an `FtpReplyError`. The option `signal` cancels an operation.
 */
export interface ServerOperations {
  /** Asks the server for its features: FEAT (RFC 2389). Emits them. */
  feat$(options?: OperationOptions): Observable<Features>;
  /** Sets an option of a feature: OPTS (RFC 2389). All sessions of a client keep it set. */
  opts$(feature: string, parameters?: string, options?: OperationOptions): Observable<Reply>;
  /** Emits the kind of system: SYST. */
  syst$(options?: OperationOptions): Observable<Reply>;
  /** Emits the server's state, or a listing of `path` in the reply: STAT. */
  stat$(path?: string, options?: OperationOptions): Observable<Reply>;
  /** Emits the server's help: HELP. */
  help$(topic?: string, options?: OperationOptions): Observable<Reply>;
  /** Sends a command that only this server has: SITE. */
  site$(parameters: string, options?: OperationOptions): Observable<Reply>;
  /** Does nothing, but makes the server answer: NOOP. */
  noop$(options?: OperationOptions): Observable<Reply>;
  /** Sends account information: ACCT. */
  acct$(account: string, options?: OperationOptions): Observable<Reply>;
  /**
   * Ends the login, not the connection: REIN. The server forgets its settings. You then send a new login by `send$` (USER, PASS); until
   * then servers refuse nearly all commands with 530. The client sends HOST right behind it if `virtualHost` is set. CLNT, LANG and
   * `loginCommands` follow that login, and their errors are the errors of its `send$`.
   *
   * Only on a session of `connect$`, and not under TLS, which it would end: else `FtpUsageError`.
   */
  rein$(options?: OperationOptions): Observable<Reply>;
  /** Reserves space, in bytes, for servers that want it: ALLO. */
  allo$(bytes: number, recordBytes?: number, options?: OperationOptions): Observable<Reply>;
  /** Mounts a file system: SMNT. */
  smnt$(path: string, options?: OperationOptions): Observable<Reply>;
  /** Sets the type of transfers that do not name one: TYPE, such as `'I'` or `'A'`. All sessions of a client keep it set. */
  type$(type: string, options?: OperationOptions): Observable<Reply>;
  /**
   * Sets the transfer mode: MODE. `'S'` is a plain stream, `'Z'` a compressed one, which the option `compression` sets if the server has
   * it. All sessions of a client keep the mode set, and it overrides that option.
   *
   * This library knows no other modes: transfers and listings are then an `FtpUsageError` with nothing sent, and `transfer$` moves the
   * bytes as the wire carries them.
   */
  mode$(mode: string, options?: OperationOptions): Observable<Reply>;
}

/**
 * Secures a session step by step (RFC 4217). The option `secure` does all of it at login, which most users want. A failed AUTH or handshake
 * is an `FtpSecurityError`, and closes the session.
 */
export interface SecurityOperations {
  /**
   * Secures a clear-text session: AUTH TLS, the handshake, and FEAT again, since facts learnt in clear text do not count. Data connections
   * stay in clear text until `prot$('P')`.
   *
   * Only on a session of `connect$`; a client has the option `secure`. `connect$` emits a session after its login, and most servers
   * (vsftpd, ProFTPD, Pure-FTPd) accept AUTH only before it. `secure: 'explicit'` logs in under TLS.
   */
  auth$(options?: OperationOptions): Observable<Reply>;
  /** Sets the protection buffer size, which is 0 with TLS: PBSZ. */
  pbsz$(size: number, options?: OperationOptions): Observable<Reply>;
  /**
   * Protects data connections (`P`) or clears them (`C`): PBSZ 0 and PROT. All sessions of a client keep it set. `FtpUsageError` if the
   * control connection is not secured.
   */
  prot$(level: 'P' | 'C', options?: OperationOptions): Observable<Reply>;
  /**
   * Returns the control connection to clear text, for firewalls that must read it: CCC. Data connections stay protected.
   *
   * Only on a session of `connect$` with the option `allowCcc`, else `FtpUsageError`: Node cannot remove TLS from a socket, so the session
   * needs a layer for it from the handshake on. From then on, an attacker on the path can read everything on it, names and paths too.
   */
  ccc$(options?: OperationOptions): Observable<Reply>;
}

/** Any command. */
export interface RawOperations {
  /**
   * Sends a line and emits every reply to it, preliminary ones first. A refusal is a value too, not an error. A directory, type, protection
   * or option that it sets stays set, as with the operation for it.
   *
   * After RNFR, RNTO has to be the next command; `rename$` sends both with nothing in between. Before any other command the session takes
   * the rename back, by RNTO of the old name, if the server would refuse that command (ProFTPD).
   *
   * `FtpUsageError` for a transfer command (use `transfer$`), for AUTH, CCC and REIN, and for CR, LF or NUL in the line.
   */
  send$(line: string, options?: OperationOptions): Observable<Reply>;

  /**
   * Sends a line and emits its final reply if that begins with `expect`: 2 for any completion, 35 for 350 to 359, a whole code, or several
   * of them. Any other reply is an `FtpReplyError`.
   */
  exchange$(line: string, options: ExchangeOptions): Observable<Reply>;

  /**
   * Sends a transfer command with a data connection for it, in the type of the last `type$`, else TYPE I.
   *
   * Emits once, when the server has begun. `bytes` waits for its subscriber, and accepts one subscription. Completes when the transfer has
   * completed. The client aborts it when you have unsubscribed from both this and `bytes`. A later subscription to `bytes` errors with
   * `FtpUsageError` (so do not use `firstValueFrom` here).
   *
   * RETR errors with `FtpTransferError` if its bytes do not fit the size in the preliminary reply. In ASCII, which counts other bytes,
   * there is no such check.
   *
   * A transfer that receives waits for the subscriber of `bytes`, and so does `lastValueFrom` of this alone. After `stallTimeoutMs` without
   * one the client aborts the transfer, which errors with `FtpTimeoutError`.
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
   * transfer between two servers such as `fxp$`.
   *
   * Emits the values and the error of `work`, and completes when `work` has completed and every command has its answer. Unsubscribing
   * unsubscribes from the Observable that `work` has returned; the session stays in step. `retry` repeats nothing once `work` was called.
   *
   * @example
   * ```ts
   * const copy = (from: string, to: string) =>
   *   ftp.sequence$((commands) => concat(commands.send$(`SITE CPFR ${from}`), commands.send$(`SITE CPTO ${to}`)));
   * ```
   */
  sequence$<T>(work: (commands: CommandSequence) => ObservableInput<T>, options?: OperationOptions): Observable<T>;

  /**
   * Aborts the running transfer (of a client, those on all its sessions), whose subscriber gets an `FtpTransferError`. Emits the server's
   * reply to ABOR (RFC 959 section 4.1.3). It does not interrupt any other running command, but waits for it. To cancel your own transfer,
   * unsubscribe from it instead.
   */
  abor$(options?: OperationOptions): Observable<Reply>;
}

/** Streams of the dialogue and of the state; all hot. */
export interface LiveStreams {
  /** Emits every reply, as it comes. */
  readonly reply$: Observable<Reply>;
  /** Emits every command line as it is sent, with secrets masked. */
  readonly command$: Observable<string>;
  /**
   * Emits the events beside the operations, each with its time (`at`) and its session. Of a session: `connecting`, `connected`, `secured`
   * (TLS), `ready` (logged in), and `closed` with its cause. Of a server: `skipped`, the client dropped a reply or a line that answers no
   * command; `fallback`, the client does without a command; `limit`, the server allows fewer sessions than `maxSessions`, or as many again.
   * Of a listing with `unparsed: 'report'`: `unparsed`, the rows that were not understood.
   *
   * Of every download, upload and listing: `transfer-started` when the server has accepted it and the data connection is open;
   * `transfer-ended` with its bytes, its time, and whether it is complete, was cancelled or has failed. Both carry the same `id`. A
   * transfer that is refused or unsubscribed before it has begun has neither. A transfer that began before you subscribed has neither too.
   *
   * Completes when the session, or the client, is closed and its transfers have ended. Never errors. Secrets are masked.
   *
   * `node:diagnostics_channel` publishes the same values for all clients of the process, as `rxftp:event`; `rxftp:command`
   * publishes `{ session, at, command }`, and `rxftp:reply` publishes `{ session, at, reply }`.
   */
  readonly events$: Observable<FtpEvent>;
  /** Emits the present state, then every change; completes after `closed`. */
  readonly state$: Observable<FtpState>;
}

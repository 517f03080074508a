/** Defines the commands that `sequence$` gives its work: a user's own commands on one session, with nothing in between. */
import type { Observable } from 'rxjs';
import type { Features } from '../protocol/features.js';
import type { Reply } from '../protocol/reply.js';

/** One session, for the duration of the work of a `sequence$`. After that every operation on it is an `FtpUsageError`. */
export interface CommandSequence {
  /** The server's features, as `FtpSession.features`. */
  readonly features: Features;
  /** The address of the server, if the connector tells it; else the option `host`. */
  readonly peer: string;
  /** Whether the client trusts the host in a reply to PASV: its option `trustPasvHost`. */
  readonly trustPasvHost: boolean;
  /**
   * The protection of data connections: in clear text, or by TLS. Throws `FtpSecurityError` if the server is at another level than the
   * requested one.
   */
  readonly protection: 'C' | 'P';
  /** The server's current transfer mode: usually `'S'`. */
  readonly mode: string;
  /**
   * Sends a line and emits its final reply, even if that is a refusal. Later operations do not keep its settings: a later transfer sets its
   * own TYPE and MODE. CWD, CDUP, PROT and OPTS are an `FtpUsageError`. Transfer commands, AUTH, CCC and REIN are an `FtpUsageError` too.
   *
   * Unsubscribing does not undo the command: the sequence ends when its reply is in.
   */
  send$(line: string): Observable<Reply>;
  /**
   * Sends a transfer command whose data connection another host has (RFC 959 section 2.3). PORT or EPRT has told the server the other host,
   * or the server has listened since PASV or EPSV. Emits the preliminary reply, then the final one, and completes.
   *
   * Errors as `retr$` does: `FtpReplyError` if the server refuses, `FtpTransferError` if a transfer that has begun is not whole. `bytes` is
   * 0 in these errors, since no bytes come here. `events$` does not report the transfer, and its data has no time limit. Unsubscribing
   * sends ABOR; `abor$` of the client waits for the sequence. A server that does not read ABOR goes on, and loses the session after
   * `abortTimeoutMs`.
   */
  transferElsewhere$(line: string): Observable<Reply>;
  /**
   * Sends this line when the work has ended, for any reason: the last given line first. A refusal, or another error, closes the session,
   * which also undoes the effect that the line is for. The returned function withdraws the line.
   */
  atEnd(line: string): () => void;
}

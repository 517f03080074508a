/** Commands of one's own that need one session, and nothing in between: what `sequence$` gives to its work. */
import type { Observable } from 'rxjs';
import type { Features } from '../protocol/features.js';
import type { Reply } from '../protocol/reply.js';

/** One session, for as long as the work of a `sequence$` lasts. After that every operation of it is an `FtpUsageError`. */
export interface CommandSequence {
  /** What the server can do, as `FtpSession.features`. */
  readonly features: Features;
  /** The address of the server, as far as the connector tells; else the option `host`. */
  readonly peer: string;
  /** Whether the client trusts the host in a reply to PASV: its option `trustPasvHost`. */
  readonly trustPasvHost: boolean;
  /**
   * How data connections are protected: in clear, or by TLS. Throws `FtpSecurityError` where the server is at another level than the one asked for.
   */
  readonly protection: 'C' | 'P';
  /** The transfer mode that the server is in: `'S'` as a rule. */
  readonly mode: string;
  /**
   * Sends a line and emits its final reply, also where that is a refusal. What it sets is not kept for later operations: a later transfer
   * sets its own TYPE and MODE, and CWD, CDUP, PROT and OPTS are an `FtpUsageError`. So are transfer commands, AUTH, CCC and REIN.
   *
   * Unsubscribing does not take the command back: the sequence ends when it is answered.
   */
  send$(line: string): Observable<Reply>;
  /**
   * Sends a transfer command whose data connection another host has (RFC 959 section 2.3): the server was told where by PORT or EPRT, or
   * listens for it since PASV or EPSV. Emits the preliminary reply, then the final one, and completes.
   *
   * Errors as `retr$` does: `FtpReplyError` where the server refuses, `FtpTransferError` where a transfer that has begun is not whole.
   * `bytes` is 0 in these errors, since none come here; `events$` does not tell the transfer, and its data has no time limit.
   * Unsubscribing sends ABOR; `abor$` of the client waits for the sequence. A server that does not read it goes on, and loses the session after `abortTimeoutMs`.
   */
  transferElsewhere$(line: string): Observable<Reply>;
  /**
   * Sends this line when the work has ended, however it did: the last given line first. A refusal, or another error, closes the session:
   * so what the line takes back is taken back. The returned function withdraws the line.
   */
  atEnd(line: string): () => void;
}

/** Defines events beside the operations, as values: one hot stream for all sessions of a client, or for one session. */
import { channel } from 'node:diagnostics_channel';
import { type Observable, Subject } from 'rxjs';
import type { FtpError } from '../errors.js';
import { type Clock, SYSTEM_CLOCK } from '../net/clock.js';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import type { Reply } from '../protocol/reply.js';

/** The server sent a reply, or a line that is no reply, that answers no command. The client dropped it. */
export type SkippedEvent =
  | { readonly type: 'skipped'; readonly reply: Reply }
  | { readonly type: 'skipped'; readonly line: string };

/**
 * The server lacks or refuses something, and the client does without it from now on. The next session sends a login command again that may
 * fail.
 */
export interface FallbackEvent {
  readonly type: 'fallback';
  /** The missing thing: a command, such as `EPSV`, or a way to be fast, such as `several commands at once`. */
  readonly what: string;
  /** The command, or the way, that replaces it. */
  readonly to: string;
  /** The server's refusal; absent after silence. */
  readonly reply?: Reply;
}

/** The server allows fewer sessions than `maxSessions`, or as many again. */
export interface LimitEvent {
  readonly type: 'limit';
  /** The number of sessions that the client uses from now on. */
  readonly sessions: number;
  /** `reply`: the server said so; `refused`: it refused the connection; `recovered`: it allows more again. */
  readonly because: 'reply' | 'refused' | 'recovered';
  readonly reply?: Reply;
}

/** An operation has failed for now, and the client will repeat it after a wait: the option `retry`, or `resume` of a transfer. */
export interface RetryingEvent {
  readonly type: 'retrying';
  /** The operation's command, or its first one; secrets are masked. */
  readonly operation: string;
  /** The number of the next try, from 2. */
  readonly attempt: number;
  /** The length of the wait, in milliseconds. */
  readonly delayMs: number;
  /** The error of the last try. */
  readonly error: FtpError;
}

/** The listing did not understand some rows, and went on without them: its option `unparsed` is `'report'`. */
export interface UnparsedEvent {
  readonly type: 'unparsed';
  /** The directory, as the operation named it; empty for the session's own directory. */
  readonly path: string;
  /** The rows, as they came: the first 100. */
  readonly rows: readonly string[];
  /** The number of all such rows. */
  readonly count: number;
}

/** A transfer with `resume` continues after a drop: its next try is about to ask for the data. */
export interface ResumingEvent {
  readonly type: 'resuming';
  /** The path of the operation. */
  readonly path: string;
  /** The offset in the remote file of the first missing byte; of an upload that begins anew, its `start`. */
  readonly offset: number;
}

/** A session begins to connect. */
export interface ConnectingEvent {
  readonly type: 'connecting';
  readonly host: string;
  readonly port: number;
}

/** The control connection is open, and nothing was sent. */
export interface ConnectedEvent {
  readonly type: 'connected';
}

/** The control connection is under TLS. */
export interface SecuredEvent {
  readonly type: 'secured';
}

/** The login is done, and the session can work. */
export interface ReadyEvent {
  readonly type: 'ready';
}

/** The control connection is closed: lost, given up, or closed by this client; or it could not be opened. Each session reports it once. */
export interface ClosedEvent {
  readonly type: 'closed';
  readonly cause: FtpError;
}

/**
 * A transfer has begun: the server has accepted its command, and the data connection is open. Listings are transfers too. A transfer that
 * is refused or cancelled before that has no event.
 */
export interface TransferStartedEvent {
  readonly type: 'transfer-started';
  /** The number of the transfer, from 1; no other of the same client, or of the same session of `connect$`, has it. */
  readonly id: number;
  readonly direction: 'download' | 'upload';
  /** The path of the operation; empty if it has none, as for `list$()`, or `stou$` without a name. */
  readonly path: string;
  /** The number of bytes to move, if the caller or the server has named it. */
  readonly total?: number;
}

/** A transfer with a reported beginning has ended: once, whatever has ended it. */
export interface TransferEndedEvent {
  readonly type: 'transfer-ended';
  readonly id: number;
  /** The number of moved bytes of the file, or of the listing. For a download, the delivered bytes. */
  readonly bytes: number;
  /** The number of bytes on the data connection, if they were compressed there (MODE Z). Otherwise the two numbers are equal. */
  readonly wireBytes?: number;
  /** Milliseconds since the beginning. */
  readonly ms: number;
  /**
   * `complete`: all of it has moved, and all requested checks have passed. `cancelled`: its subscriber has unsubscribed (or the bytes of a
   * `transfer$` got none), its `signal` has aborted, `abor$` ended it, or the client or session was closed. `failed`: any other end, such
   * as a lost connection, a time limit, an error of the source, or a wrong size.
   */
  readonly end: 'complete' | 'cancelled' | 'failed';
  /** The client checked the bytes against a size that the caller or the server named, or against the server's checksum. */
  readonly verified: boolean;
  /** The proof, if it is `verified`: `'size'`, or the algorithm of the checksum, such as `'SHA-256'`. */
  readonly verifiedBy?: VerifiedBy;
}

/** The events of one session. */
export type SessionEvent =
  | SkippedEvent
  | FallbackEvent
  | UnparsedEvent
  | ResumingEvent
  | ConnectedEvent
  | SecuredEvent
  | ReadyEvent
  | TransferStartedEvent
  | TransferEndedEvent
  | ClosedEvent;

export type FtpEventContent = SessionEvent | ConnectingEvent | LimitEvent | RetryingEvent;

/** One event, with its time and its session. */
export type FtpEvent = FtpEventContent & {
  /** The time of the event, in milliseconds since 1970: `performance.timeOrigin + performance.now()`. */
  readonly at: number;
  /** The session's number, from 1; 0 for an event of the client as a whole. */
  readonly session: number;
};

const published = /* @__PURE__ */ channel('rxftp:event');

/** Sends events; it costs nothing while it has no listener. */
export class FtpEvents {
  readonly #events = new Subject<FtpEvent>();
  readonly #clock: Clock;
  /** The number of reported beginnings of transfers, and of those that have not ended. */
  #transfers = 0;
  #running = 0;
  #isClosed = false;

  constructor(clock: Clock = SYSTEM_CLOCK) {
    this.#clock = clock;
  }

  /** Hot; completes when the client, or the session, is closed, and every reported transfer has ended. */
  get events$(): Observable<FtpEvent> {
    return this.#events;
  }

  /** Whether the events have a subscriber, or a listener in the process. */
  get observed(): boolean {
    return this.#events.observed || published.hasSubscribers;
  }

  /** The number of a transfer whose beginning is reported. The sender must report its end too. */
  nextTransfer(): number {
    this.#running += 1;
    this.#transfers += 1;
    return this.#transfers;
  }

  tell(session: number, content: FtpEventContent): void {
    if (this.observed) this.#show({ at: this.#clock.at(), session, ...content });
    if (content.type !== 'transfer-ended') return;
    this.#running -= 1;
    if (this.#isClosed) this.complete();
  }

  /** A lost session closes before its transfers have ended, so their ends come first. */
  complete(): void {
    this.#isClosed = true;
    if (this.#running === 0) this.#events.complete();
  }

  #show(event: FtpEvent): void {
    if (published.hasSubscribers) published.publish(event);
    this.#events.next(event);
  }
}

/** Events beside the operations, as values: one hot stream for all sessions of a client, or for a session alone. */
import { channel } from 'node:diagnostics_channel';
import { type Observable, Subject } from 'rxjs';
import type { FtpError } from '../errors.js';
import { type Clock, SYSTEM_CLOCK } from '../net/clock.js';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import type { Reply } from '../protocol/reply.js';

/** The server sent something that answers nothing, and it was dropped: a reply, or a line that is none. */
export type SkippedEvent =
  | { readonly type: 'skipped'; readonly reply: Reply }
  | { readonly type: 'skipped'; readonly line: string };

/**
 * The server does not have something, or refused it; the client does without it from now on. A login command that may fail is sent
 * again by the next session.
 */
export interface FallbackEvent {
  readonly type: 'fallback';
  /** What the client does without: a command, such as `EPSV`, or a way to be fast, such as `several commands at once`. */
  readonly what: string;
  /** The command, or the way, that takes its place. */
  readonly to: string;
  /** The server's refusal; none after silence. */
  readonly reply?: Reply;
}

/** The server lets in fewer sessions than `maxSessions`, or as many again. */
export interface LimitEvent {
  readonly type: 'limit';
  /** How many sessions the client uses from now on. */
  readonly sessions: number;
  /** `reply`: the server said so; `refused`: it refused the connection; `recovered`: it lets in more again. */
  readonly because: 'reply' | 'refused' | 'recovered';
  readonly reply?: Reply;
}

/** An operation has failed for now, and will be tried again after a wait: the option `retry`, or `resume` of a transfer. */
export interface RetryingEvent {
  readonly type: 'retrying';
  /** The operation's command, or its first one; secrets are masked. */
  readonly operation: string;
  /** The number of the try to come, from 2. */
  readonly attempt: number;
  /** How long it is waited for, in milliseconds. */
  readonly delayMs: number;
  /** The error of the last try. */
  readonly error: FtpError;
}

/** Rows of a listing were not understood, and the listing went on without them: its option `unparsed` is `'report'`. */
export interface UnparsedEvent {
  readonly type: 'unparsed';
  /** The directory, as the listing was asked for it; empty for the session's own directory. */
  readonly path: string;
  /** Those rows, as they came: the first 100. */
  readonly rows: readonly string[];
  /** How many there were in all. */
  readonly count: number;
}

/** A transfer with `resume` goes on after a drop: its next try is about to ask for the data. */
export interface ResumingEvent {
  readonly type: 'resuming';
  /** The path that the operation was given. */
  readonly path: string;
  /** The offset in the remote file of the first byte that is still missing; of an upload that begins anew, its `start`. */
  readonly offset: number;
}

/** A session begins to connect. */
export interface ConnectingEvent {
  readonly type: 'connecting';
  readonly host: string;
  readonly port: number;
}

/** The control connection is there; nothing was sent. */
export interface ConnectedEvent {
  readonly type: 'connected';
}

/** The control connection is under TLS. */
export interface SecuredEvent {
  readonly type: 'secured';
}

/** The login is done: the session may work. */
export interface ReadyEvent {
  readonly type: 'ready';
}

/** The control connection is closed: lost, given up, or closed by this client; or it could not be made. Each session tells it once. */
export interface ClosedEvent {
  readonly type: 'closed';
  readonly cause: FtpError;
}

/**
 * A transfer has begun: the server has accepted its command, and the data connection is there. Listings are transfers too. A transfer
 * that is refused or cancelled before that has no event.
 */
export interface TransferStartedEvent {
  readonly type: 'transfer-started';
  /** The number of the transfer, from 1; no other of the same client, or of the same session of `connect$`, has it. */
  readonly id: number;
  readonly direction: 'download' | 'upload';
  /** The path that the operation was given; empty where it has none, as `list$()`, or `stou$` without a name. */
  readonly path: string;
  /** How many bytes will move, where the caller or the server has named that. */
  readonly total?: number;
}

/** A transfer that was told to have begun has ended: once, whatever has ended it. */
export interface TransferEndedEvent {
  readonly type: 'transfer-ended';
  readonly id: number;
  /** How many bytes of the file, or of the listing, have moved. Of a download, those that were handed on. */
  readonly bytes: number;
  /** How many bytes have moved over the data connection, where they were compressed there (MODE Z). Else they are the same. */
  readonly wireBytes?: number;
  /** Milliseconds since it began. */
  readonly ms: number;
  /**
   * `complete`: all of it has moved, and the checks that were asked for have passed. `cancelled`: its subscriber has left (or none came
   * for the bytes of a `transfer$`), its `signal` has aborted, `abor$` broke it off, or the client or session was closed.
   * `failed`: anything else, such as a lost connection, a time limit, an error of the source, or a wrong size.
   */
  readonly end: 'complete' | 'cancelled' | 'failed';
  /** The bytes were checked against a size that the caller or the server named, or against the server's checksum. */
  readonly verified: boolean;
  /** The proof, where it is `verified`: `'size'`, or the algorithm of the checksum, such as `'SHA-256'`. */
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
  /** When it happened, in milliseconds since 1970: `performance.timeOrigin + performance.now()`. */
  readonly at: number;
  /** The session's number, from 1; 0 for what concerns the client as a whole. */
  readonly session: number;
};

const published = /* @__PURE__ */ channel('rxftp:event');

/** The sender of events; it costs nothing while it has no listener. */
export class FtpEvents {
  readonly #events = new Subject<FtpEvent>();
  readonly #clock: Clock;
  /** How many transfers were told to have begun, and how many of these have not ended. */
  #transfers = 0;
  #running = 0;
  #isClosed = false;

  constructor(clock: Clock = SYSTEM_CLOCK) {
    this.#clock = clock;
  }

  /** Hot; completes when the client, or the session, is closed, and every transfer that was told to have begun has ended. */
  get events$(): Observable<FtpEvent> {
    return this.#events;
  }

  /** Whether the events have a subscriber, or one of the process. */
  get observed(): boolean {
    return this.#events.observed || published.hasSubscribers;
  }

  /** The number of a transfer whose beginning is told. Its end has to be told too. */
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

  /** A lost session is closed before its transfers have ended: their ends are told first. */
  complete(): void {
    this.#isClosed = true;
    if (this.#running === 0) this.#events.complete();
  }

  #show(event: FtpEvent): void {
    if (published.hasSubscribers) published.publish(event);
    this.#events.next(event);
  }
}

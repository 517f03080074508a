/** Events beside the operations, as values: one hot stream for all sessions of a client, or for a session alone. */
import { type Observable, Subject } from 'rxjs';
import type { Reply } from '../protocol/reply.js';

/** The server sent something that answers nothing, and it was dropped: a reply, or a line that is none. */
export type SkippedEvent =
  | { readonly type: 'skipped'; readonly reply: Reply }
  | { readonly type: 'skipped'; readonly line: string };

/** The server does not have something, or refused it; the client does without it from now on. */
export interface FallbackEvent {
  readonly type: 'fallback';
  /** The command that the client does without, such as `EPSV`. */
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

export type FtpEventContent = SkippedEvent | FallbackEvent | LimitEvent;

/** One event, with its time and its session. */
export type FtpEvent = FtpEventContent & {
  /** When it happened, in milliseconds since 1970: `performance.timeOrigin + performance.now()`. */
  readonly at: number;
  /** The session's number, from 1; 0 for what concerns the client as a whole. */
  readonly session: number;
};

/** The sender of events; it costs nothing while it has no listener. */
export class FtpEvents {
  readonly #events = new Subject<FtpEvent>();

  /** Hot; completes when the client, or the session, is closed. */
  get events$(): Observable<FtpEvent> {
    return this.#events;
  }

  tell(session: number, content: FtpEventContent): void {
    if (!this.#events.observed) return;
    this.#events.next({ at: performance.timeOrigin + performance.now(), session, ...content });
  }

  complete(): void {
    this.#events.complete();
  }
}

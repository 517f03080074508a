/** Events beside the operations, as values: one hot stream for all sessions of a client, or for a session alone. */
import { channel } from 'node:diagnostics_channel';
import { type Observable, Subject } from 'rxjs';
import type { FtpError } from '../errors.js';
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

/** The control connection is closed: lost, given up, or closed by this client. */
export interface ClosedEvent {
  readonly type: 'closed';
  readonly cause: FtpError;
}

/** The events of one session. */
export type SessionEvent = SkippedEvent | FallbackEvent | ConnectedEvent | SecuredEvent | ReadyEvent | ClosedEvent;

export type FtpEventContent = SessionEvent | ConnectingEvent | LimitEvent;

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

  /** Hot; completes when the client, or the session, is closed. */
  get events$(): Observable<FtpEvent> {
    return this.#events;
  }

  tell(session: number, content: FtpEventContent): void {
    if (!this.#events.observed && !published.hasSubscribers) return;
    const event: FtpEvent = { at: now(), session, ...content };
    if (published.hasSubscribers) published.publish(event);
    this.#events.next(event);
  }

  complete(): void {
    this.#events.complete();
  }
}

/** The time of an event, in milliseconds since 1970. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

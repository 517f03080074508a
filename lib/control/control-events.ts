/**
 * Makes one stream of values from a control connection. Every other stream derives from it: the operations' replies, and `command$`,
 * `reply$`, `state$` and `events$`.
 *
 * Each event goes to its observers first, and then to the channel, which passes a reply to its owner. So a log shows a reply before the
 * next command, also where the owner sends that at once. The state is a fold of the stream. Plain calls compute it and reach the channel,
 * since both need the news without an observer too. A reply or a command that nobody observes makes no event.
 */
import { channel } from 'node:diagnostics_channel';
import { filter, map, type Observable, Subject } from 'rxjs';
import type { FtpError } from '../errors.js';
import type { Clock } from '../net/clock.js';
import type { Reply } from '../protocol/reply.js';
import type { SessionEvent } from './events.js';
import { SessionState, type StateEvent } from './session-state.js';

export type ControlEvent =
  /** A command line was written; secrets are masked. */
  | { readonly type: 'sent'; readonly command: string }
  /** A reply has come; `moreCame`: with bytes behind it in the same chunk. */
  | { readonly type: 'reply'; readonly reply: Reply; readonly moreCame: boolean }
  /** A command has its final answer, or data has moved. */
  | { readonly type: 'moved' }
  | StateEvent
  /** An event beside the operations. */
  | { readonly type: 'told'; readonly event: SessionEvent };

/** The channel, which gets what it has to act on when all observers have had it. */
export interface ControlListener {
  readonly onReply: (reply: Reply, moreCame: boolean) => void;
  readonly onTold: (event: SessionEvent) => void;
  readonly onClosed: (cause: FtpError) => void;
}

type EventOf<T extends ControlEvent['type']> = Extract<ControlEvent, { readonly type: T }>;

const commands = /* @__PURE__ */ channel('rxftp:command');
const replies = /* @__PURE__ */ channel('rxftp:reply');

export class ControlEvents {
  /** The state of the session, as these events tell it. */
  readonly state: SessionState = new SessionState();
  readonly #shown = new Subject<ControlEvent>();
  readonly #session: number;
  readonly #clock: Clock;
  readonly #listener: ControlListener;

  constructor(session: number, clock: Clock, listener: ControlListener) {
    this.#session = session;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** The events of one type; hot. Completes when the connection closes. */
  of<T extends ControlEvent['type']>(type: T): Observable<EventOf<T>> {
    return this.#shown.pipe(filter((event): event is EventOf<T> => event.type === type));
  }

  get reply$(): Observable<Reply> {
    return this.of('reply').pipe(map(({ reply }) => reply));
  }

  get command$(): Observable<string> {
    return this.of('sent').pipe(map(({ command }) => command));
  }

  reply(reply: Reply, moreCame: boolean): void {
    if (replies.hasSubscribers) replies.publish({ session: this.#session, at: this.#clock.at(), reply });
    if (this.#shown.observed) this.#shown.next({ type: 'reply', reply, moreCame });
    this.#listener.onReply(reply, moreCame);
  }

  sent(command: string): void {
    if (commands.hasSubscribers) commands.publish({ session: this.#session, at: this.#clock.at(), command });
    if (this.#shown.observed) this.#shown.next({ type: 'sent', command });
  }

  moved(): void {
    if (this.#shown.observed) this.#shown.next({ type: 'moved' });
  }

  /** The session's work has begun, was cancelled, or is done. */
  activity(status: EventOf<'activity'>['status']): void {
    if (this.#shown.observed) this.#shown.next({ type: 'activity', status });
    this.state.change(status);
  }

  tell(event: SessionEvent): void {
    if (this.#shown.observed) this.#shown.next({ type: 'told', event });
    this.#listener.onTold(event);
  }

  /** Observers get nothing behind this event. A session may still tell its client something that it has learned. */
  close(cause: FtpError): void {
    this.#shown.next({ type: 'closed', cause });
    this.state.close(cause);
    this.#listener.onClosed(cause);
    this.#shown.complete();
  }
}

/**
 * Makes one stream of values from a control connection. Every other stream derives from it: the operations' replies, and `command$`,
 * `reply$`, `state$` and `events$`.
 *
 * Each event goes to its observers first, and then to the channel, which passes a reply to its owner. So a log shows a reply before the
 * next command, also where the owner sends that at once. The state is a fold of the stream. A plain call computes it, since the session
 * needs it without an observer too.
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

type EventOf<T extends ControlEvent['type']> = Extract<ControlEvent, { readonly type: T }>;

const commands = /* @__PURE__ */ channel('rxftp:command');
const replies = /* @__PURE__ */ channel('rxftp:reply');

export class ControlEvents {
  /** The state of the session, as these events tell it. */
  readonly state: SessionState = new SessionState();
  readonly #shown = new Subject<ControlEvent>();
  readonly #session: number;
  readonly #clock: Clock;
  readonly #dispatch: (event: ControlEvent) => void;

  /** `dispatch` gets each event when all observers have had it. */
  constructor(session: number, clock: Clock, dispatch: (event: ControlEvent) => void) {
    this.#session = session;
    this.#clock = clock;
    this.#dispatch = dispatch;
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
    const event: ControlEvent = { type: 'reply', reply, moreCame };
    if (this.#shown.observed) this.#shown.next(event);
    this.#dispatch(event);
  }

  /** Only observers want to know of these two: without any, they cost nothing. */
  sent(command: string): void {
    if (commands.hasSubscribers) commands.publish({ session: this.#session, at: this.#clock.at(), command });
    if (this.#shown.observed) this.#emit({ type: 'sent', command });
  }

  moved(): void {
    if (this.#shown.observed) this.#emit({ type: 'moved' });
  }

  /** The session's work has begun, was cancelled, or is done. */
  activity(status: EventOf<'activity'>['status']): void {
    this.#emit({ type: 'activity', status });
  }

  tell(event: SessionEvent): void {
    this.#emit({ type: 'told', event });
  }

  /** Observers get nothing behind this event. A session may still tell its client something that it has learned. */
  close(cause: FtpError): void {
    this.#emit({ type: 'closed', cause });
    this.#shown.complete();
  }

  /** A plain call reaches the channel: as an observer it would cost each reply ten calls of rxjs. */
  #emit(event: ControlEvent): void {
    if (this.#shown.observed) this.#shown.next(event);
    if (event.type === 'activity' || event.type === 'closed') this.state.next(event);
    this.#dispatch(event);
  }
}

/** One logged-in control connection, as users see it. */
import type { Observable } from 'rxjs';
import type { ControlSession } from '../control/control-session.js';
import type { FtpEvent } from '../control/events.js';
import type { FtpState } from '../control/session-state.js';
import type { Features } from '../protocol/features.js';
import type { Reply } from '../protocol/reply.js';
import { abortableHost } from './abortable-host.js';
import { FtpCommands } from './ftp-commands.js';

/** One session: operations run on it one after the other, in the order they were subscribed. Made by `connect$`. */
export class FtpSession extends FtpCommands {
  readonly #session: ControlSession;

  /** @internal `signal`: what closes the session. */
  constructor(session: ControlSession, signal?: AbortSignal) {
    super({ host: abortableHost(session, signal), settings: session.settings, shared: false });
    this.#session = session;
  }

  /** The server's greeting, all its lines. */
  get welcome(): string {
    return this.#session.welcome;
  }

  /**
   * The features that FEAT named after login (RFC 2389), corrected by what the server did since: a verb that it called unknown
   * (500, 502) is not among them, and one that worked is. Without FEAT there are only those that worked.
   */
  get features(): Features {
    return this.#session.features;
  }

  get reply$(): Observable<Reply> {
    return this.#session.channel.reply$;
  }

  get command$(): Observable<string> {
    return this.#session.channel.command$;
  }

  get events$(): Observable<FtpEvent> {
    return this.#session.events.events$;
  }

  get state$(): Observable<FtpState> {
    return this.#session.state$;
  }
}

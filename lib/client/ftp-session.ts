/** Gives users one logged-in control connection. */
import { defer, type Observable } from 'rxjs';
import type { ControlSession } from '../control/control-session.js';
import type { FtpEvent } from '../control/events.js';
import type { FtpState } from '../control/session-state.js';
import type { Features } from '../protocol/features.js';
import type { Reply } from '../protocol/reply.js';
import { abortableRunner } from './abortable-runner.js';
import { type CloseOptions, requireCloseOptions } from './close-options.js';
import { Draining } from './draining.js';
import { FtpCommands } from './ftp-commands.js';
import { takeParts } from './parts.js';
import { retryPolicy } from './retry.js';

/** One session runs its operations one after the other, in the order of their subscriptions. `connect$` makes it. */
export class FtpSession extends FtpCommands {
  readonly #session: ControlSession;
  readonly #operations: Draining;

  /** @internal `signal` closes the session. */
  constructor(session: ControlSession, signal?: AbortSignal) {
    const operations = new Draining(
      session,
      'This session is closed, or closes after its last operations: open another one by connect$.',
    );
    const resuming = { policy: retryPolicy(true), retriesLogins: true, events: session.events };
    super({ runner: abortableRunner(operations, signal), settings: session.settings, shared: false, resuming });
    this.#session = session;
    this.#operations = operations;
    takeParts(this, {
      maxSessions: 1,
      hold: () => operations.hold(),
      undo: (subscribe) => operations.undo(subscribe),
    });
  }

  /**
   * Closes the session: ends running operations, and sends QUIT (RFC 959 section 4.1.1). Queued and running operations error with
   * FtpConnectionError, later ones with FtpUsageError. `connect$` completes then. Unsubscribing from `connect$` does the same at once.
   *
   * With `drain: true` earlier operations finish, and QUIT follows them. A transfer that its user holds meanwhile errors with
   * FtpTimeoutError after `stallTimeoutMs`. To end remaining operations at once, subscribe `close$` without `drain`, unsubscribe from
   * `connect$`, or abort the option `signal`.
   *
   * Emits one `undefined` and completes when the connection is closed. An unknown option, or a bad value, is an FtpUsageError, and closes
   * nothing. Otherwise it never errors. Unsubscribing changes nothing.
   */
  close$(options?: CloseOptions): Observable<void> {
    return defer(() => (requireCloseOptions(options) ? this.#drain() : this.#close()));
  }

  /** The server's greeting, all its lines. */
  get welcome(): string {
    return this.#session.welcome;
  }

  /**
   * The features that FEAT named after login (RFC 2389), corrected by later replies. A verb that the server called unknown (500, 502) is
   * removed, and a verb that worked is added. Without FEAT it has only the verbs that worked.
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

  #drain(): Promise<void> {
    this.#session.expectQuit();
    return this.#operations.drain().then(() => this.#close());
  }

  #close(): Promise<void> {
    this.#operations.refuse();
    return this.#session.quit();
  }
}

/**
 * Opens the sessions of a client, when work waits for one and `Logins` says that a login may begin.
 *
 * When a connection fails and no session is left, waiting work errors with its cause, or waits for another try. While other sessions are
 * open, it waits for them. One timer waits for the next login, as long as work does.
 */
import type { ControlSession, SessionOwner } from '../control/control-session.js';
import { openSession } from '../control/open-session.js';
import type { SessionSettings } from '../control/settings.js';
import type { WantedState } from '../control/user-state.js';
import type { FtpError } from '../errors.js';
import { isGivenUp, lostEarly } from './good-sessions.js';
import { LoginAttempt } from './login-attempt.js';
import { Logins, type SessionCount } from './logins.js';
import type { RetryPolicy } from './retry.js';
import { SessionLimit } from './session-limit.js';
import { WaitTimer } from './wait-timer.js';

/** The means of a client to open sessions. */
export interface OpeningSettings {
  readonly settings: SessionSettings;
  readonly maxSessions: number;
  readonly retry: RetryPolicy;
  readonly connectIntervalMs: number;
  /** Told of each session as soon as its connection is made, before the login. */
  readonly onOpened: (session: ControlSession) => void;
  /** Told when the client's status may have changed. */
  readonly onChange: () => void;
}

/** The work that waits for sessions. */
export interface WorkForSessions {
  /** Whether any waits. */
  readonly waits: boolean;
  /** The number of works that could start now, each on one of so many new sessions. */
  startable(sessions: number): number;
  /** Starts what can start now, and asks for sessions for the rest. */
  dispatch(): void;
  /** No session is left, and no other try: all of it errors. */
  refuse(cause: unknown): void;
}

export interface SessionOpenerOptions extends OpeningSettings {
  readonly wanted: WantedState;
  readonly owner: SessionOwner;
  readonly work: WorkForSessions;
  /** The sessions that are open. */
  readonly open: ReadonlySet<ControlSession>;
  /** A login has succeeded: the session joins the open ones. */
  readonly onReady: (session: ControlSession) => void;
}

export class SessionOpener {
  readonly #options: SessionOpenerOptions;
  readonly #opening = new Set<LoginAttempt>();
  /** The passwords that the sessions were let in with. */
  readonly #passwords = new WeakMap<ControlSession, string | undefined>();
  readonly #limit: SessionLimit;
  readonly #logins: Logins;
  /** Runs while work waits for the next login. */
  readonly #timer: WaitTimer;
  #closed = false;

  constructor(options: SessionOpenerOptions) {
    this.#options = options;
    const { maxSessions, retry, connectIntervalMs, owner, settings } = options;
    this.#timer = new WaitTimer(settings.clock.now);
    this.#limit = new SessionLimit(maxSessions, (event) => {
      owner.learned.sessionLimit = event.sessions;
      owner.events.tell(0, event);
    });
    this.#logins = new Logins({ retry, connectIntervalMs, limit: this.#limit });
  }

  /** A login is under way, or work waits for the next one. */
  get connecting(): boolean {
    return this.#opening.size > 0 || this.#timer.runs;
  }

  /** The number of sessions that may be used. */
  get inUse(): number {
    return this.#limit.inUse;
  }

  /** The number of sessions that are open or being opened. */
  get sessions(): number {
    return this.#options.open.size + this.#opening.size;
  }

  /** Opens sessions for the work that waits, as many as it could use and may be opened. */
  open(): void {
    const { maxSessions, open, work } = this.#options;
    // The first one alone: a wrong password is tried once, not once for each session.
    const most = open.size === 0 ? 1 : maxSessions - open.size;
    const missing = work.startable(most) - this.#opening.size;
    for (let count = 0; count < missing && this.#mayLogIn(); count += 1) void this.#logIn();
  }

  /** Whether a login is under way. */
  get opening(): boolean {
    return this.#opening.size > 0;
  }

  /** No work waits any more: nothing is tried for it. */
  nothingWaits(): void {
    this.#logins.nothingWaits();
    if (!this.#timer.runs) return;
    this.#timer.clear();
    this.#options.onChange();
  }

  /** Breaks off the logins that are under way. */
  abandonAll(cause?: FtpError): void {
    for (const attempt of this.#opening) attempt.abandon(cause);
  }

  /** Nothing is opened any more. */
  close(cause: FtpError): void {
    this.#closed = true;
    this.#timer.clear();
    this.abandonAll(cause);
  }

  /** A session has answered its first operation. */
  succeeded(): void {
    this.#logins.succeeded();
  }

  /** A session was lost; `early`: before it had answered an operation. */
  lost(cause: FtpError, early: boolean): void {
    this.#logins.lost(early, this.#timer.now);
    // If the client itself gave it up, the work that waits gets another session.
    if (early && !isGivenUp(cause)) this.#onFailed(lostEarly(cause));
  }

  get #count(): SessionCount {
    return { open: this.#options.open.size, opening: this.#opening.size };
  }

  /** Whether a login may begin now; otherwise it is asked for again when it may. */
  #mayLogIn(): boolean {
    const at = this.#logins.nextAt(this.#count);
    if (at <= this.#timer.now) return true;
    if (Number.isFinite(at)) this.#timer.set(at, () => this.#options.work.dispatch());
    this.#options.onChange();
    return false;
  }

  async #logIn(): Promise<void> {
    const { settings, wanted, owner, work, onOpened, onChange } = this.#options;
    const attempt = new LoginAttempt(settings);
    this.#opening.add(attempt);
    this.#logins.begun(this.#timer.now);
    onChange();
    try {
      const session = await openSession({ settings: attempt.settings, wanted, owner, onOpened }, attempt.signal);
      this.#opening.delete(attempt);
      if (this.#closed) await session.quit();
      else this.#letIn(session, attempt);
    } catch (error) {
      this.#opening.delete(attempt);
      if (!attempt.signal.aborted) this.#onRefused(error, attempt);
    }
    if (this.#opening.size === 0 && !this.#closed) this.#limit.tellChange();
    work.dispatch();
    onChange();
  }

  #letIn(session: ControlSession, { password }: LoginAttempt): void {
    const { open, maxSessions, work, onReady } = this.#options;
    this.#passwords.set(session, password);
    onReady(session);
    // Waiting work will have the new session.
    const more = work.startable(maxSessions - open.size + 1) - 1;
    this.#limit.letIn(open.size, open.size + more);
  }

  #onRefused(error: unknown, { password }: LoginAttempt): void {
    const passwordIsGood =
      password === undefined || [...this.#options.open].some((session) => this.#passwords.get(session) === password);
    this.#logins.failed({ error, left: this.#count, passwordIsGood }, this.#timer.now);
    this.#onFailed(error);
  }

  /** Work waits for the sessions that are left. Without any, it waits for another try, or errors. */
  #onFailed(error: unknown): void {
    const { work } = this.#options;
    if (!work.waits || this.sessions > 0) return;
    let cause = error;
    try {
      if (this.#logins.mayTryAgain(error)) return;
    } catch (thrown) {
      cause = thrown;
    }
    work.refuse(cause);
  }
}

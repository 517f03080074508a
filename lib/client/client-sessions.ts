/**
 * The sessions of a client: opened when work waits and none is free, kept when idle, forgotten when lost.
 *
 * When a connection fails and no session is left, waiting work errors with its cause, or waits for another try; beside open
 * sessions it waits for those. `Logins` says when the next login may begin. One timer waits for that, as long as work does. An idle session does
 * not keep the process alive.
 */
import { skip } from 'rxjs';
import type { ControlSession, SessionHost } from '../control/control-session.js';
import type { LeaseKind } from '../control/lane.js';
import type { WorkEnd } from '../control/lease-host.js';
import { openSession } from '../control/open-session.js';
import type { FtpState } from '../control/session-state.js';
import type { SessionSettings } from '../control/settings.js';
import type { WantedState } from '../control/user-state.js';
import type { FtpError } from '../errors.js';
import { GoodSessions, isClosedHere, isGivenUp, lostEarly } from './good-sessions.js';
import { GrantedWork } from './granted-work.js';
import { LoginAttempt } from './login-attempt.js';
import { Logins, type SessionCount } from './logins.js';
import { keepAlive, type PooledWork, takes } from './pooled-work.js';
import type { RetryPolicy } from './retry.js';
import { SessionLimit } from './session-limit.js';
import { WaitTimer } from './wait-timer.js';

export interface PoolSettings {
  readonly settings: SessionSettings;
  readonly maxSessions: number;
  /** The type that transfers have until the user sets another. */
  readonly type: string;
  readonly retry: RetryPolicy;
  readonly connectIntervalMs: number;
  /** Told of each session as soon as its connection is made, before the login. */
  readonly onOpened: (session: ControlSession) => void;
  /** Told when `status` may have changed. */
  readonly onChange: () => void;
}

/** The work that waits for a session, and hears of it. */
export interface WaitingWork<Work extends PooledWork> {
  /** The work is over. */
  ended(work: Work, end: WorkEnd): void;
  /** Its session was lost before the work began, so that nothing was sent for it: it waits again. */
  putBack(work: Work): void;
  /** Whether any waits. */
  readonly waits: boolean;
  /** How much of it could start now, each on one of so many new sessions. */
  startable(sessions: number): number;
  /** Starts what can start now, and asks for sessions for the rest. */
  dispatch(): void;
  /** No session is left, and no other try: all of it errors. */
  refuse(cause: unknown): void;
}

export interface ClientSessionsOptions<Work extends PooledWork> extends PoolSettings {
  readonly wanted: WantedState;
  readonly host: SessionHost;
  readonly work: WaitingWork<Work>;
}

export class ClientSessions<Work extends PooledWork> {
  readonly #options: ClientSessionsOptions<Work>;
  readonly #open = new Set<ControlSession>();
  /** Those with nothing to do, whose sockets do not keep the process alive. */
  readonly #resting = new WeakSet<ControlSession>();
  readonly #opening = new Set<LoginAttempt>();
  /** The passwords that the sessions were let in with. */
  readonly #passwords = new WeakMap<ControlSession, string | undefined>();
  readonly #limit: SessionLimit;
  readonly #logins: Logins;
  readonly #granted: GrantedWork<Work>;
  readonly #good = new GoodSessions(() => this.#logins.succeeded());
  /** Runs while work waits for the next login. */
  readonly #timer = new WaitTimer();
  #closed = false;

  constructor(options: ClientSessionsOptions<Work>) {
    this.#options = options;
    const { maxSessions, retry, connectIntervalMs, host, wanted, work } = options;
    this.#granted = new GrantedWork({ wanted, work, onBegun: (session) => this.#good.watch(session) });
    this.#limit = new SessionLimit(maxSessions, (event) => {
      host.learned.sessionLimit = event.sessions;
      host.events.tell(0, event);
    });
    this.#logins = new Logins({ retry, connectIntervalMs, limit: this.#limit });
  }

  get status(): FtpState['status'] {
    if (this.#closed) return 'closed';
    const shown = [...this.#open].map(({ status }) => status);
    if (shown.includes('busy')) return 'busy';
    if (shown.includes('aborting')) return 'aborting';
    return this.#opening.size > 0 || this.#timer.runs ? 'connecting' : 'idle';
  }

  /** A session on which work of this kind would start at once. */
  takerOf(kind: LeaseKind): ControlSession | undefined {
    for (const session of this.#open) if (takes(session, kind)) return session;
    return undefined;
  }

  /** Starts work on a session that takes it; what is returned cancels it. */
  start(session: ControlSession, work: Work): () => void {
    if (this.#resting.delete(session)) keepAlive(session, true);
    return this.#granted.start(session, work);
  }

  /** Nothing runs on the session. */
  rest(session: ControlSession): void {
    this.#resting.add(session);
    keepAlive(session, false);
  }

  /** Whether there may be another session, or one of them could be free sooner. */
  get mayMakeRoom(): boolean {
    if (this.#open.size + this.#opening.size < this.#options.maxSessions) return true;
    for (const session of this.#open) if (session.canHurry) return true;
    return false;
  }

  /** Opens sessions for the work that waits. If none can be opened, the work that holds one is told. */
  makeRoom(): void {
    const { maxSessions, work } = this.#options;
    // The first one alone: a wrong password is tried once, not once for each session.
    const most = this.#open.size === 0 ? 1 : maxSessions - this.#open.size;
    const missing = work.startable(most) - this.#opening.size;
    for (let count = 0; count < missing && this.#mayLogIn(); count += 1) void this.#logIn();
    if (work.waits && this.#opening.size === 0) for (const session of this.#open) session.awaited();
  }

  /** No work waits any more: nothing is tried for it. */
  nothingWaits(): void {
    this.#logins.nothingWaits();
    if (!this.#timer.runs) return;
    this.#timer.clear();
    this.#options.onChange();
  }

  /** Breaks off the logins that are under way. */
  giveUpLogins(cause?: FtpError): void {
    for (const attempt of this.#opening) attempt.giveUp(cause);
  }

  interrupt(reason: FtpError): void {
    for (const session of this.#open) session.interrupt(reason);
  }

  /** Ends what runs, says QUIT on every session; nothing is opened any more. Never rejects. */
  async close(cause: FtpError): Promise<void> {
    this.#closed = true;
    this.#timer.clear();
    this.giveUpLogins(cause);
    await Promise.all([...this.#open].map((session) => session.quit()));
    this.#options.onChange();
  }

  get #count(): SessionCount {
    return { open: this.#open.size, opening: this.#opening.size };
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
    const { settings, wanted, host, work, onOpened, onChange } = this.#options;
    const attempt = new LoginAttempt(settings);
    this.#opening.add(attempt);
    this.#logins.begun(this.#timer.now);
    onChange();
    try {
      const session = await openSession({ settings: attempt.settings, wanted, host, onOpened }, attempt.signal);
      this.#opening.delete(attempt);
      if (this.#closed) await session.quit();
      else this.#letIn(session, attempt);
    } catch (error) {
      this.#opening.delete(attempt);
      if (!attempt.signal.aborted) this.#onRefused(error, attempt);
    }
    if (this.#opening.size === 0) this.#limit.tellChange();
    work.dispatch();
    onChange();
  }

  #letIn(session: ControlSession, { password }: LoginAttempt): void {
    this.#passwords.set(session, password);
    this.#add(session);
    // One of those that wait will have the new session.
    const open = this.#open.size;
    const more = this.#options.work.startable(this.#options.maxSessions - open + 1) - 1;
    this.#limit.letIn(open, open + more);
  }

  #add(session: ControlSession): void {
    this.#open.add(session);
    this.rest(session);
    session.state$.pipe(skip(1)).subscribe(({ status }) => {
      // A session that was lost may be replaced at once, as it is below.
      if (status !== 'closed') this.#options.onChange();
    });
    session.channel.closed$.subscribe((cause) => this.#onLost(session, cause));
  }

  #onLost(session: ControlSession, cause: FtpError): void {
    this.#open.delete(session);
    const early = !this.#closed && !this.#good.has(session) && !isClosedHere(cause);
    this.#logins.lost(early, this.#timer.now);
    if (!this.#closed) this.#granted.putBackFrom(session);
    // If the client itself gave it up, the work that waits gets another session.
    if (early && !isGivenUp(cause)) this.#onFailed(lostEarly(cause));
    this.#options.work.dispatch();
    this.#options.onChange();
  }

  #onRefused(error: unknown, { password }: LoginAttempt): void {
    const passwordIsGood =
      password === undefined || [...this.#open].some((session) => this.#passwords.get(session) === password);
    this.#logins.failed({ error, left: this.#count, passwordIsGood }, this.#timer.now);
    this.#onFailed(error);
  }

  /** Work waits for the sessions that are left. Without any, it waits for another try, or errors. */
  #onFailed(error: unknown): void {
    const { work } = this.#options;
    if (!work.waits || this.#open.size > 0 || this.#opening.size > 0) return;
    let cause = error;
    try {
      if (this.#logins.mayTryAgain(error)) return;
    } catch (thrown) {
      cause = thrown;
    }
    work.refuse(cause);
  }
}

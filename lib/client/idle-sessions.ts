/**
 * Holds the idle sessions of a client, and ends those that were idle for `idleTimeoutMs`. Neither their sockets nor their timers keep the
 * process alive.
 */
import type { ControlSession } from '../control/control-session.js';
import { keepAlive } from './pooled-work.js';

interface Idle {
  /** The time of the last input from the server. */
  heardAt: number;
  readonly timer: NodeJS.Timeout | undefined;
}

export interface IdleSessionsOptions {
  /** 0: never. */
  readonly idleTimeoutMs: number;
  /** The clock, in milliseconds. */
  readonly now: () => number;
}

export class IdleSessions {
  readonly #options: IdleSessionsOptions;
  readonly #idle = new Map<ControlSession, Idle>();

  constructor(options: IdleSessionsOptions) {
    this.#options = options;
  }

  /** Nothing runs on the session. One that was idle already has sent its NOOP of `keepAliveMs`: it is idle since before that. */
  rest(session: ControlSession): void {
    const heardAt = this.#options.now();
    const before = this.#idle.get(session);
    if (before === undefined) this.#idle.set(session, { heardAt, timer: this.#timerFor(session) });
    else before.heardAt = heardAt;
    keepAlive(session, false);
  }

  /** The session is given work. Returns how long ago the server was heard of; undefined if the session was not idle. */
  wake(session: ControlSession): number | undefined {
    const { heardAt } = this.#idle.get(session) ?? {};
    if (heardAt === undefined) return undefined;
    this.forget(session);
    keepAlive(session, true);
    return this.#options.now() - heardAt;
  }

  /** The session is no more. */
  forget(session: ControlSession): void {
    clearTimeout(this.#idle.get(session)?.timer);
    this.#idle.delete(session);
  }

  #timerFor(session: ControlSession): NodeJS.Timeout | undefined {
    const { idleTimeoutMs } = this.#options;
    if (idleTimeoutMs === 0) return undefined;
    return setTimeout(() => void session.quit(), idleTimeoutMs).unref();
  }
}

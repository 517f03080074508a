/**
 * Tracks the sessions that were idle when they got work, until a byte of the server comes. An idle connection may be dead, and only its
 * next command shows that.
 */
import type { ControlSession } from '../control/control-session.js';

/** A session that was idle for longer is asked NOOP before work that must not be done twice. */
const TRUSTED_MS = 10_000;

/** A session, as far as it is known here. */
export type HeardSession = { readonly channel: Pick<ControlSession['channel'], 'progressCount'> };

interface Woken {
  /** The time since the last input from the server. */
  readonly silentMs: number;
  /** `progressCount` when the session was given work. */
  readonly progressCount: number;
}

export class WokenSessions {
  readonly #woken = new WeakMap<HeardSession, Woken>();

  /** The session was idle, and is given work. */
  woke(session: HeardSession, silentMs: number): void {
    this.#woken.set(session, { silentMs, progressCount: session.channel.progressCount });
  }

  /** The server has answered nothing since the session was idle. */
  isUnheard(session: HeardSession): boolean {
    return this.#woken.get(session)?.progressCount === session.channel.progressCount;
  }

  /** The same, and it was idle for so long that it may well be dead. */
  isDoubtful(session: HeardSession): boolean {
    const { silentMs = 0 } = this.#woken.get(session) ?? {};
    return silentMs > TRUSTED_MS && this.isUnheard(session);
  }
}

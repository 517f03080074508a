/**
 * Tells when a transfer's own user has held it for too long, while other operations waited for its session. A consumer that takes nothing
 * holds it, or a source that gives nothing. The user may wait for one of those operations, which cannot begin before the transfer has
 * ended. Nothing would then ever move again.
 */
import type { Session } from '../control/session.js';
import type { TimeLimit } from '../net/timer-pool.js';

export class HoldTimer {
  readonly #session: Session;
  readonly #onLate: () => void;
  #stopWatching: (() => void) | undefined;
  #limit: TimeLimit | undefined;
  #ended = false;

  constructor(session: Session, onLate: () => void) {
    this.#session = session;
    this.#onLate = onLate;
  }

  /** The transfer waits for its user. The time counts from when others wait for the session too. */
  hold(): void {
    if (!this.#ended) this.#stopWatching ??= this.#session.onContention(() => this.#start());
  }

  release(): void {
    this.#stopWatching?.();
    this.#stopWatching = undefined;
    this.#session.channel.timers.stop(this.#limit);
    this.#limit = undefined;
  }

  /** The transfer is over: it cannot be held any more. */
  end(): void {
    this.#ended = true;
    this.release();
  }

  #start(): void {
    const { channel, settings } = this.#session;
    this.#limit ??= channel.timers.start(settings.stallTimeoutMs, () => {
      this.#limit = undefined;
      // The operations that waited may have been cancelled.
      if (this.#session.nextKind !== undefined) this.#onLate();
    });
  }
}

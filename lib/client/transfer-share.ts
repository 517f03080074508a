/**
 * Limits the number of a client's sessions that transfers may have at once. One is kept from them while other work was asked for in the
 * last 10 seconds. So a command need not wait for the end of a long transfer. A part of larger work, such as a mirror, does not count
 * (`parts.ts`).
 *
 * A user may hold a transfer for the very transfer that waits. An example is a loop over the lines of a file that downloads the
 * files they name. So none waits here while another one is held that was held for a second, now or before. A slow consumer does
 * not hold a transfer for so long.
 */
import type { LeaseKind } from '../control/lane.js';
import type { TransferTurns } from './work-queue.js';

const NEVER = Number.NEGATIVE_INFINITY;

/** The time for which one session is kept after the last command or listing. */
const KEPT_MS = 10_000;

/** A transfer that its user holds for so long may be held for one that waits. */
const HELD_MS = 1_000;

/** The sessions of a client. */
export interface SharedSessions {
  /** The number of sessions that may be used. */
  readonly inUse: number;
  readonly open: number;
  /** The number of them that have a transfer. */
  readonly transfers: number;
  /** Whether the user of a transfer takes, or gives, nothing: for so long, or once more after he did so for so long before. */
  holdsTransfer(ms: number): boolean;
}

export class TransferShare implements TransferTurns {
  readonly #sessions: SharedSessions;
  readonly #now: () => number;
  #keptUntil = NEVER;
  #asksParts = false;

  /** `now` is the clock, in milliseconds. */
  constructor(sessions: SharedSessions, now: () => number) {
    this.#sessions = sessions;
    this.#now = now;
  }

  get running(): number {
    return this.#sessions.transfers;
  }

  get mayBePassed(): boolean {
    return this.#sessions.inUse > 1;
  }

  /** A session is kept from transfers: time alone may let one start. */
  get keepsOne(): boolean {
    return this.#keptUntil !== NEVER && this.#isKept;
  }

  most(moreSessions: number): number {
    return this.#keptUntil === NEVER ? Number.POSITIVE_INFINITY : this.#mostNow(moreSessions);
  }

  #mostNow(moreSessions: number): number {
    if (!this.#isKept) return Number.POSITIVE_INFINITY;
    const { inUse, open } = this.#sessions;
    return Math.max(inUse, open + moreSessions) - 1;
  }

  /** Work was asked for. */
  asked(kind: LeaseKind): void {
    if (kind !== 'transfer' && !this.#asksParts) this.#keptUntil = this.#now() + KEPT_MS;
  }

  /** Work that `ask` asks for is part of a work with transfers of its own: no session is kept from those for it. */
  asParts<T>(ask: () => T): T {
    this.#asksParts = true;
    try {
      return ask();
    } finally {
      this.#asksParts = false;
    }
  }

  /** When to ask again, if a transfer is held back now; `Infinity` for never. */
  askAgainAt(isHeldBack: boolean): number {
    // A transfer that is not held now may be held at the next moment.
    return isHeldBack ? Math.min(this.#keptUntil, this.#now() + HELD_MS) : Number.POSITIVE_INFINITY;
  }

  get #isKept(): boolean {
    return this.mayBePassed && this.#now() < this.#keptUntil && !this.#sessions.holdsTransfer(HELD_MS);
  }
}

/**
 * How many sessions of a client transfers may have at once. One is kept from them while other work was asked for in the last 10
 * seconds, so that a command need not wait for the end of a long transfer.
 *
 * A transfer that its user holds may be held for the very transfer that waits. So no transfer waits here for longer than 10
 * seconds while another one is held.
 */
import type { LeaseKind } from '../control/lane.js';
import type { TransferTurns } from './work-queue.js';

/** How long one session is kept after the last command or listing was asked for. */
const KEPT_MS = 10_000;

/** The sessions of a client. */
export interface SharedSessions {
  /** How many may be used. */
  readonly inUse: number;
  readonly open: number;
  /** How many of them have a transfer. */
  readonly transfers: number;
  /** The user of a transfer takes, or gives, nothing. */
  readonly holdsTransfer: boolean;
}

export class TransferShare implements TransferTurns {
  readonly #sessions: SharedSessions;
  readonly #now: () => number;
  #keptUntil = Number.NEGATIVE_INFINITY;
  /** Since when a transfer waits because of this. */
  #heldBackAt: number | undefined;

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

  most(moreSessions: number): number {
    const { inUse, open } = this.#sessions;
    return this.#isKept ? Math.max(inUse, open + moreSessions) - 1 : Number.POSITIVE_INFINITY;
  }

  /** Work was asked for. */
  asked(kind: LeaseKind): void {
    if (kind !== 'transfer') this.#keptUntil = this.#now() + KEPT_MS;
  }

  /** Tells whether a transfer is held back now; returns when to ask again, `Infinity` for never. */
  heldBack(isHeldBack: boolean): number {
    if (!isHeldBack) {
      this.#heldBackAt = undefined;
      return Number.POSITIVE_INFINITY;
    }
    const now = this.#now();
    this.#heldBackAt ??= now;
    const longest = this.#heldBackAt + KEPT_MS;
    // A transfer that is not held now may be held at the next moment.
    return Math.min(this.#keptUntil, longest > now ? longest : now + KEPT_MS);
  }

  get #isKept(): boolean {
    const now = this.#now();
    if (!this.mayBePassed || now >= this.#keptUntil) return false;
    const waitsLong = this.#heldBackAt !== undefined && now >= this.#heldBackAt + KEPT_MS;
    return !(waitsLong && this.#sessions.holdsTransfer);
  }
}

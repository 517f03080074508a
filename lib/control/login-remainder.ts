/**
 * Tracks the replies of a login that may arrive after work has started. The first lease lasts until they are in, and no command that needs
 * them goes before. A transfer prepares meanwhile, and waits itself.
 */
import type { Cancellation } from '../net/cancellation.js';
import { type LeaseKind, opensData } from './lane.js';
import type { Session } from './session.js';
import type { LeasedWork } from './task-runner.js';

export class LoginRemainder {
  readonly #session: Session;
  #rest: Promise<void> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** `rest` is the missing part. */
  begin(rest: Promise<void>): void {
    this.#rest = rest.then(() => {
      this.#rest = undefined;
    });
    // The work that waits for it learns of a lost connection, and so does all other work, from the channel.
    this.#rest.catch(() => undefined);
  }

  /** Resolves when all of it is in, rejects when the connection is lost before; undefined when there is nothing to wait for. */
  get done(): Promise<void> | undefined {
    return this.#rest;
  }

  /** Runs work of the first lease, or of any later one. */
  run(kind: LeaseKind, work: LeasedWork, signal: Cancellation): Promise<void> {
    return this.#rest === undefined ? work(this.#session, signal) : this.#besides(this.#rest, kind, work, signal);
  }

  async #besides(rest: Promise<void>, kind: LeaseKind, work: LeasedWork, signal: Cancellation): Promise<void> {
    if (!opensData(kind)) {
      await rest;
      if (signal.aborted) return;
    }
    try {
      await work(this.#session, signal);
    } finally {
      await rest.catch(() => undefined);
    }
  }
}

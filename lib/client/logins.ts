/**
 * When a client may log in. After a failed connection the next login waits by the back-off, whoever asks for it; one
 * login at a time then, until a session has answered an operation.
 */
import { BackOff, type BackOffDelays } from './back-off.js';

/** How many sessions there are. */
export interface SessionCount {
  readonly open: number;
  /** Of those that are not logged in yet. */
  readonly opening: number;
}

export class Logins {
  readonly #backOff: BackOff;
  #heldUntil = 0;

  constructor(delays: BackOffDelays) {
    this.#backOff = new BackOff(delays);
  }

  /** From when on one more login may begin, as of `performance.now`; `Infinity` while another one has to end first. */
  nextAt({ opening }: SessionCount): number {
    return this.#backOff.failing && opening > 0 ? Number.POSITIVE_INFINITY : this.#heldUntil;
  }

  /** A connection has failed: it could not be made, the login was refused, or the session was lost too early. */
  failed(now: number): void {
    this.#heldUntil = now + this.#backOff.fail();
  }

  /** A session has answered its first operation. */
  succeeded(): void {
    this.#backOff.reset();
  }
}

/** Defines the status of a session: one after the other, and none after `closed`. */
import { Observable, Subject } from 'rxjs';
import type { FtpError } from '../errors.js';

/** The activity of a session, or of a client. */
export interface FtpState {
  /**
   * `aborting`: the client brings cancelled work into step, and runs nothing else meanwhile. A client with several sessions is `busy` as
   * long as any of them works.
   */
  readonly status: 'connecting' | 'idle' | 'busy' | 'aborting' | 'closed';
  /** The cause of the closing. */
  readonly cause?: FtpError;
}

/** The events of a control connection that change the state. */
export type StateEvent =
  /** The session's work has begun, was cancelled, or is done. */
  | { readonly type: 'activity'; readonly status: 'idle' | 'busy' | 'aborting' }
  /** The connection is closed, once, with one cause. */
  | { readonly type: 'closed'; readonly cause: FtpError };

export class SessionState {
  readonly #changes = new Subject<FtpState>();
  #current: FtpState = { status: 'connecting' };

  /** Emits the present state, then every change; completes after `closed`, and at once for later subscribers. */
  readonly changes$: Observable<FtpState> = new Observable((subscriber) => {
    const changes = this.#changes.subscribe(subscriber);
    if (!changes.closed) subscriber.next(this.#current);
    return changes;
  });

  get status(): FtpState['status'] {
    return this.#current.status;
  }

  /** Changes nothing if that is already the status, or the session is closed. */
  next(event: StateEvent): void {
    const { status } = this.#current;
    if (status === 'closed') return;
    if (event.type === 'closed') {
      this.#change({ status: 'closed', cause: event.cause });
      this.#changes.complete();
    } else if (event.status !== status) this.#change({ status: event.status });
  }

  #change(state: FtpState): void {
    this.#current = state;
    if (this.#changes.observed) this.#changes.next(state);
  }
}

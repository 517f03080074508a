/** The status that a session shows: one after the other, and none after `closed`. */
import { Observable, Subject } from 'rxjs';
import type { FtpError } from '../errors.js';

/** The activity of a session, or of a client. */
export interface FtpState {
  /**
   * `aborting`: cancelled work is brought into step, and nothing else runs meanwhile; a client with several sessions is
   * `busy` as long as any of them works.
   */
  readonly status: 'connecting' | 'idle' | 'busy' | 'aborting' | 'closed';
  /** Why it is closed. */
  readonly cause?: FtpError;
}

export class SessionState {
  readonly #changes = new Subject<FtpState>();
  #current: FtpState = { status: 'connecting' };

  /** The present state, then every change; completes after `closed`, and at once for those who come later. */
  readonly changes$: Observable<FtpState> = new Observable((subscriber) => {
    const changes = this.#changes.subscribe(subscriber);
    if (!changes.closed) subscriber.next(this.#current);
    return changes;
  });

  get status(): FtpState['status'] {
    return this.#current.status;
  }

  /** Nothing, where that is the status already, or the session is closed. */
  show(status: Exclude<FtpState['status'], 'closed'>): void {
    if (this.status !== 'closed' && this.status !== status) this.#change({ status });
  }

  close(cause: FtpError): void {
    if (this.status !== 'closed') this.#change({ status: 'closed', cause });
    this.#changes.complete();
  }

  #change(state: FtpState): void {
    this.#current = state;
    if (this.#changes.observed) this.#changes.next(state);
  }
}

/** What a session shows of itself: one status after the other, and none after `closed`. */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { FtpError } from '../errors.js';

/** What a session, or a client, is doing. */
export interface FtpState {
  /**
   * `aborting`: what was cancelled is brought into step, and nothing else runs meanwhile; a client with several sessions is
   * `busy` as long as any of them works.
   */
  readonly status: 'connecting' | 'idle' | 'busy' | 'aborting' | 'closed';
  /** Why it is closed. */
  readonly cause?: FtpError;
}

export class SessionState {
  readonly #state = new BehaviorSubject<FtpState>({ status: 'connecting' });

  /** The present state, then every change; completes after `closed`. */
  get changes$(): Observable<FtpState> {
    return this.#state;
  }

  get status(): FtpState['status'] {
    return this.#state.value.status;
  }

  /** Nothing, where that is the status already, or the session is closed. */
  show(status: Exclude<FtpState['status'], 'closed'>): void {
    if (this.status !== 'closed' && this.status !== status) this.#state.next({ status });
  }

  close(cause: FtpError): void {
    if (this.status !== 'closed') this.#state.next({ status: 'closed', cause });
    this.#state.complete();
  }
}

/**
 * The work that a session was given. Until it has begun, nothing was sent for it: if the session is lost by then, the work waits
 * for another one.
 */
import type { ControlSession } from '../control/control-session.js';
import type { LeasedWork, LeaseTask, WorkEnd } from '../control/lease-host.js';
import type { WantedState } from '../control/user-state.js';
import { kindOn, type PooledWork } from './pooled-work.js';

/** Work that a session has, and has not begun. */
interface Granted<Work extends PooledWork> {
  readonly session: ControlSession;
  readonly work: Work;
  isPutBack: boolean;
}

export interface GrantedWorkOptions<Work extends PooledWork> {
  readonly wanted: WantedState;
  /** Told of the end of work, and of work that waits again. */
  readonly work: {
    ended(work: Work, end: WorkEnd): void;
    putBack(work: Work): void;
  };
  /** Told when the session begins its work. */
  readonly onBegun: (session: ControlSession) => void;
}

export class GrantedWork<Work extends PooledWork> {
  readonly #options: GrantedWorkOptions<Work>;
  readonly #granted = new Set<Granted<Work>>();

  constructor(options: GrantedWorkOptions<Work>) {
    this.#options = options;
  }

  /** Starts work on a session that takes it; the returned function cancels it. */
  start(session: ControlSession, work: Work): () => void {
    const granted: Granted<Work> = { session, work, isPutBack: false };
    this.#granted.add(granted);
    const cancel = session.start(this.#leaseTask(granted), (end) => {
      this.#granted.delete(granted);
      if (!granted.isPutBack) this.#options.work.ended(work, end);
    });
    return () => {
      this.#granted.delete(granted);
      cancel();
    };
  }

  /** The work that the lost session has not begun waits for another one. */
  putBackFrom(lost: ControlSession): void {
    for (const granted of this.#granted) {
      if (granted.session !== lost) continue;
      this.#granted.delete(granted);
      granted.isPutBack = true;
      this.#options.work.putBack(granted.work);
    }
  }

  #leaseTask(granted: Granted<Work>): LeaseTask {
    const { session, work: pooled } = granted;
    const { task } = pooled;
    // As it is now: a later change must not reach work that has yet to wait for the replies of a login.
    const { current } = this.#options.wanted;
    const work: LeasedWork = (on, signal) => {
      if (granted.isPutBack) return Promise.resolve();
      this.#begun(granted);
      return task.work(on, signal);
    };
    return { ...task, kind: kindOn(session, task.kind), work, state: current };
  }

  #begun(granted: Granted<Work>): void {
    this.#granted.delete(granted);
    this.#options.onBegun(granted.session);
  }
}

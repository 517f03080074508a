/**
 * Chooses the next step of failed work: it starts over on another session, waits for its next try, or ends.
 *
 * Work starts over once, without a wait, if its idle session turned out dead. Otherwise its task says whether there is another try
 * (`RestingWork`). Work ends if its settings have changed meanwhile: a session cannot go back to them.
 */
import type { Failed, LeaseTask, WorkEnd } from '../control/task-runner.js';
import type { UserState } from '../control/user-state.js';
import type { FtpError } from '../errors.js';
import type { AskedWork } from './asked-work.js';
import { brokenOffAtRest, notRepeated, RestingWork } from './resting-work.js';

export interface FailedWorkOptions {
  /** With one session nothing overtakes. */
  readonly keepsOrder: boolean;
  /** Whether a task will change the client's state, from how that is now. */
  readonly isChange: (task: LeaseTask) => boolean;
  /** The client's state as it is now. */
  readonly current: () => UserState;
  /** The work waits for a session once more, at its old place. */
  readonly putBack: (work: AskedWork) => void;
  /** Starts what can start now. */
  readonly dispatch: () => void;
}

export class FailedWork {
  /** Whether work has to wait for other work that waits for its next try. */
  readonly holdsUp: (later: AskedWork) => boolean;
  readonly #options: FailedWorkOptions;
  readonly #resting: RestingWork<AskedWork>;
  #isClosed = false;

  constructor(options: FailedWorkOptions) {
    this.#options = options;
    const { keepsOrder, isChange, putBack, dispatch } = options;
    this.#resting = new RestingWork({
      keepsOrder,
      isChange: ({ task }) => isChange(task),
      onRested: (work) => {
        putBack(work);
        dispatch();
      },
    });
    this.holdsUp = this.#resting.holdsUp;
  }

  /** No work waits for its next try. */
  get isEmpty(): boolean {
    return this.#resting.isEmpty;
  }

  /**
   * A try has ended. If it has failed, and may be repeated, its lease has not ended yet. No other work has started by then. `mayStartOver`:
   * its session was lost, and nothing was done that must not be done twice.
   */
  ended(work: AskedWork, end: WorkEnd, mayStartOver: boolean): void {
    if (end === undefined) work.end(end);
    else this.#failed(work, end, mayStartOver);
  }

  /** No session is left for all this, and none can be opened. */
  refuse(all: readonly AskedWork[], cause: unknown): void {
    for (const work of all) {
      if (work.task.countsLogins === true) this.#failed(work, { error: cause }, false);
      else work.end({ error: cause });
    }
  }

  /** Its session was lost before the try began: that was none. */
  putBack(work: AskedWork, error: unknown): void {
    work.waitsAgain(error);
    this.#options.putBack(work);
  }

  /** Its subscriber leaves; false if it does not wait for its next try. */
  remove(work: AskedWork): boolean {
    return this.#resting.remove(work);
  }

  /** Breaks off the transfers and listings that wait for their next try. */
  interrupt(reason: FtpError): void {
    const all = this.#resting.clear('transfers');
    for (const work of all) work.end({ error: brokenOffAtRest(work.lost, reason) });
    if (all.length > 0) this.#options.dispatch();
  }

  /** The client is closed: nothing is tried again. */
  close(): void {
    this.#isClosed = true;
    for (const work of this.#resting.clear()) work.end({ error: notRepeated(work.lost) });
  }

  #failed(work: AskedWork, failure: Failed, mayStartOver: boolean): void {
    try {
      if ((mayStartOver && this.#startOver(work, failure.error)) || this.#rest(work, failure.error)) return;
    } catch (error) {
      work.end({ error });
      return;
    }
    work.end(failure);
  }

  #startOver(work: AskedWork, error: unknown): boolean {
    if (this.#isClosed || !work.startOver()) return false;
    this.putBack(work, error);
    this.#options.dispatch();
    return true;
  }

  /** Whether the work keeps its place until it is tried again. */
  #rest(work: AskedWork, error: unknown): boolean {
    if (this.#isClosed || work.isOver || work.isOutdated(this.#options.current())) return false;
    work.waitsAgain(error);
    if (!this.#resting.add(work, error)) return false;
    // A subscriber may leave, or close the client, at the news.
    if (work.isOver || this.#isClosed) this.#resting.remove(work);
    return !this.#isClosed;
  }
}

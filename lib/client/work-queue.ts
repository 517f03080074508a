/**
 * The work of a client that waits for a session, in the order in which it came, and the changes of the client's state.
 *
 * Work that came after a change of the state (the directory, say) counts on that. So none starts while a change is being made, and
 * none that came later starts before it. Work that comes back, since its session was lost, waits at its old place.
 */
import type { ControlSession } from '../control/control-session.js';
import type { LeaseKind } from '../control/lane.js';
import type { LeaseTask } from '../control/lease-host.js';
import type { UserSettings } from '../control/user-settings.js';
import type { PooledWork } from './pooled-work.js';

/** Work with its place. */
export interface QueuedWork extends PooledWork {
  /** Counts all work in the order in which it came. */
  readonly order: number;
}

/** A session, as far as it is known here. */
export type ChangingSession = Pick<ControlSession, 'user'>;

export class WorkQueue<Work extends QueuedWork> {
  readonly #isChange: (task: LeaseTask) => boolean;
  #waiting: Work[] = [];
  /** The session whose work is about to change the client's state: later work waits until that is done, or over. */
  #changing: ChangingSession | undefined;

  /** `isChange` tells whether a task will change the client's state, from how that is now. */
  constructor(isChange: (task: LeaseTask) => boolean) {
    this.#isChange = isChange;
  }

  /** Whether any work waits. */
  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  /** The work that may start next; undefined while none may. */
  get next(): Work | undefined {
    return this.#changing === undefined ? this.#waiting[0] : undefined;
  }

  /** The kind of the work that will probably start next. */
  get nextKind(): LeaseKind | undefined {
    return this.#waiting[0]?.task.kind;
  }

  add(work: Work): void {
    this.#waiting.push(work);
  }

  /** The work has to wait once more, at its old place. */
  putBack(work: Work): void {
    const next = this.#waiting.findIndex(({ order }) => order > work.order);
    this.#waiting.splice(next === -1 ? this.#waiting.length : next, 0, work);
  }

  /** Takes out work that is given up; false where it did not wait. */
  remove(work: Work): boolean {
    const index = this.#waiting.indexOf(work);
    if (index >= 0) this.#waiting.splice(index, 1);
    return index >= 0;
  }

  /** Takes out the work that is `next`, for `session`. */
  take(work: Work, session: ChangingSession): void {
    this.remove(work);
    if (this.#isChange(work.task)) this.#changing = session;
  }

  /** Takes out all of it. */
  drain(): Work[] {
    return this.#waiting.splice(0);
  }

  /** The state was changed over a connection with these settings. Tells whether later work may start now. */
  changedBy(user: object): boolean {
    // Other work that ends meanwhile opens nothing: the session that makes the change has it alone.
    if ((this.#changing?.user as UserSettings | undefined) !== user) return false;
    this.#changing = undefined;
    return true;
  }

  /** All work of the session is over, however it ended. */
  freed(session: ChangingSession): void {
    if (this.#changing === session) this.#changing = undefined;
  }

  /**
   * How many waiting operations could start now, one per new session. An operation that changes the client's state counts; those
   * queued after it do not.
   */
  startable(sessions: number): number {
    if (this.#changing !== undefined) return 0;
    const first = this.#waiting.slice(0, Math.max(0, sessions));
    const change = first.findIndex(({ task }) => this.#isChange(task));
    return change === -1 ? first.length : change + 1;
  }
}

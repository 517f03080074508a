/**
 * Queues the work of a client that waits for a session, and decides which of it may start next.
 *
 * - Work that came after a change of the client's state (the directory, say) counts on that. So none starts while a change is
 *   being made, and none that came later starts before it. A change starts when nothing that came before it waits.
 * - With one session nothing overtakes. With more, other work passes transfers that wait, as long as a transfer runs: so those come
 *   to their turn too. `TransferShare` says how many transfers may run at once.
 * - Transfers start in their order, and so does all other work. A download that an upload reads comes before other transfers: those
 *   may be uploads that would wait for their sources too, and take all sessions. Work that comes back, since its session was lost, waits at its old
 *   place.
 */
import type { ControlSession } from '../control/control-session.js';
import type { LeaseKind } from '../control/lane.js';
import type { LeaseTask } from '../control/task-runner.js';
import type { PooledWork } from './pooled-work.js';

/** Work with its place. */
export interface QueuedWork extends PooledWork {
  /** Counts all work in the order in which it came. */
  readonly order: number;
  /** The source of an upload that runs has asked for it: the upload cannot go on before. */
  readonly feedsUpload?: boolean;
}

/** A session, as far as it is known here. */
export type ChangingSession = Pick<ControlSession, 'user'>;

/** The facts that decide whether the next transfer may start. */
export interface TransferTurns {
  /** The number of running transfers. */
  readonly running: number;
  /** There are several sessions, so that other work may pass waiting transfers. */
  readonly mayBePassed: boolean;
  /** The number of transfers that may run at once, with so many sessions more than now; `Infinity` if no limit holds. */
  most(moreSessions: number): number;
}

export interface WorkQueueOptions<Work> {
  /** Whether a task will change the client's state, from how that is now. */
  readonly isChange: (task: LeaseTask) => boolean;
  /** Whether work has to wait for work before it that is to be repeated. */
  readonly isHeldUp: (work: Work) => boolean;
  readonly turns: TransferTurns;
}

/** The positions in the two lists, in a look ahead. */
interface Heads<Work> {
  readonly transfer: Work | undefined;
  readonly other: Work | undefined;
  /** The number of transfers that run by then and do not run now; -1 if one will have ended. */
  readonly moreTransfers: number;
  /** The number of sessions by then that do not exist now. */
  readonly moreSessions: number;
}

export class WorkQueue<Work extends QueuedWork> {
  /** The number of works that wait. Written here alone. */
  size = 0;
  readonly #options: WorkQueueOptions<Work>;
  readonly #transfers: Work[] = [];
  /** All other work, changes of the state too. */
  readonly #others: Work[] = [];
  readonly #feeding = new Set<Work>();
  /** The work that is about to change the client's state, and its session: later work waits until that is done, or over. */
  #changing: { readonly work: Work; readonly session: ChangingSession } | undefined;

  constructor(options: WorkQueueOptions<Work>) {
    this.#options = options;
  }

  /** The work that waits and feeds an upload. */
  get feeding(): ReadonlySet<Work> {
    return this.#feeding;
  }

  /** The work that may start next; undefined while none may. */
  get next(): Work | undefined {
    return this.size > 0 && this.#changing === undefined ? this.#first(0) : undefined;
  }

  /** The kind of the work that will probably start when a session is free. */
  get nextKind(): LeaseKind | undefined {
    return this.size > 0 ? this.#first(-1)?.task.kind : undefined;
  }

  /** A transfer is first in line, and too many run. */
  get holdsBack(): boolean {
    return this.size > 0 && this.#changing === undefined && this.#first(0) === undefined;
  }

  /** Adds new work behind all other, unless it feeds an upload. False if it waits behind work that may not start by now either. */
  add(work: Work): boolean {
    if (work.feedsUpload === true) {
      this.putBack(work);
      return true;
    }
    this.size += 1;
    return this.#listOf(work).push(work) === 1;
  }

  /** The work has to wait once more, at its old place. */
  putBack(work: Work): void {
    const list = this.#listOf(work);
    // Nothing passes a change.
    const passes = work.feedsUpload === true && !this.#others.some((other) => this.#isChange(other));
    const next = list.findIndex((other) => (passes && other.feedsUpload !== true) || other.order > work.order);
    list.splice(next === -1 ? list.length : next, 0, work);
    this.size += 1;
    if (work.feedsUpload === true) this.#feeding.add(work);
  }

  /** Takes out cancelled work; false if it did not wait. */
  remove(work: Work): boolean {
    this.#feeding.delete(work);
    const list = this.#listOf(work);
    const index = list.indexOf(work);
    if (index < 0) return false;
    list.splice(index, 1);
    this.size -= 1;
    return true;
  }

  /** Takes out the work that is `next`, for `session`. */
  take(work: Work, session: ChangingSession): void {
    this.remove(work);
    if (this.#isChange(work)) this.#changing = { work, session };
  }

  /** Takes out all of it, in the order in which it came. */
  drain(): Work[] {
    const all = [...this.#transfers, ...this.#others].sort((one, other) => one.order - other.order);
    return all.filter((work) => this.remove(work));
  }

  /** The state was changed over a connection with these settings. Returns the work that did it: later work may start now. */
  changedBy(user: object): Work | undefined {
    const { work, session } = this.#changing ?? {};
    // Other work that ends meanwhile opens nothing: the session that makes the change has it alone.
    if (session?.user !== user) return undefined;
    this.#changing = undefined;
    return work;
  }

  /** All work of the session is over, however it ended. */
  freed(session: ChangingSession): void {
    if (this.#changing?.session === session) this.#changing = undefined;
  }

  /**
   * The number of waiting operations that could start now, one per new session. An operation that changes the client's state counts; those
   * queued after it do not.
   */
  startable(sessions: number): number {
    if (this.#changing !== undefined) return 0;
    let [transfers, others] = [0, 0];
    while (transfers + others < sessions) {
      const next = this.#choose({
        transfer: this.#transfers[transfers],
        other: this.#others[others],
        moreTransfers: transfers,
        moreSessions: transfers + others + 1,
      });
      if (next === undefined) break;
      if (next.task.kind === 'transfer') transfers += 1;
      else others += 1;
      if (this.#isChange(next)) break;
    }
    return transfers + others;
  }

  #first(moreTransfers: number): Work | undefined {
    return this.#choose({ transfer: this.#transfers[0], other: this.#others[0], moreTransfers, moreSessions: 0 });
  }

  #choose(heads: Heads<Work>): Work | undefined {
    const { isHeldUp } = this.#options;
    const chosen = this.#chooseByOrder(heads);
    return chosen !== undefined && isHeldUp(chosen) ? this.#choosePassed(chosen, heads) : chosen;
  }

  /** `chosen` is held up. It was to pass a transfer, which may have come before the work that holds it up. */
  #choosePassed(chosen: Work, heads: Heads<Work>): Work | undefined {
    const { isHeldUp } = this.#options;
    const { transfer, other } = heads;
    const passed = chosen === other && transfer !== undefined && transfer.order < other.order ? transfer : undefined;
    return passed !== undefined && this.#hasRoom(heads) && !isHeldUp(passed) ? passed : undefined;
  }

  #chooseByOrder(heads: Heads<Work>): Work | undefined {
    const { transfer, other } = heads;
    if (transfer === undefined || (other !== undefined && other.order < transfer.order)) return other;
    return other === undefined ? this.#withRoom(heads) : this.#chooseOf(transfer, other, heads);
  }

  /** `other` came after `transfer`, which it may pass. */
  #chooseOf(transfer: Work, other: Work, heads: Heads<Work>): Work | undefined {
    const { turns } = this.#options;
    // All that waits behind the change would wait for this transfer too: no session is kept for that.
    if (this.#isChange(other) || !turns.mayBePassed) return transfer;
    return turns.running + heads.moreTransfers > 0 ? other : this.#withRoom(heads);
  }

  #withRoom(heads: Heads<Work>): Work | undefined {
    return this.#hasRoom(heads) ? heads.transfer : undefined;
  }

  /** A transfer without which an upload that runs cannot go on is not held back for other work. */
  #hasRoom({ transfer, moreTransfers, moreSessions }: Heads<Work>): boolean {
    const { turns } = this.#options;
    const most = turns.most(moreSessions);
    return most === Number.POSITIVE_INFINITY || transfer?.feedsUpload === true || turns.running + moreTransfers < most;
  }

  #isChange({ task }: Work): boolean {
    return this.#options.isChange(task);
  }

  #listOf({ task }: Work): Work[] {
    return task.kind === 'transfer' ? this.#transfers : this.#others;
  }
}

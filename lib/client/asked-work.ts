/**
 * Holds one operation of a client, from its subscription to its end. It has one try after the other: each waits for a session, and gets
 * one. A lost try may wait again, at the old place.
 *
 * The work runs only with the client's settings of its turn: with others a relative path might mean another file.
 */
import type { LeaseTask, WorkEnd } from '../control/task-runner.js';
import type { UserState } from '../control/user-state.js';
import type { UploadingSession } from './starved-uploads.js';
import type { QueuedWork } from './work-queue.js';

export interface Asked {
  readonly task: LeaseTask;
  /** Counts all work in the order in which it came. */
  readonly order: number;
  /** The session whose upload waits for it. */
  readonly feeds: UploadingSession | undefined;
  /** Called once with its end, unless its subscriber has unsubscribed before. */
  readonly ended: (end: WorkEnd) => void;
}

export class AskedWork implements QueuedWork {
  readonly task: LeaseTask;
  readonly order: number;
  readonly feeds: UploadingSession | undefined;
  readonly feedsUpload: boolean;
  /** Written by the session that has the work, and by the change of the state that the work itself makes. */
  state?: UserState;
  readonly #ended: (end: WorkEnd) => void;
  #cancel: (() => void) | undefined;
  #lost: unknown;
  #hasStartedOver = false;
  #isOver = false;

  constructor({ task, order, feeds, ended }: Asked) {
    this.task = task;
    this.order = order;
    this.feeds = feeds;
    this.feedsUpload = feeds !== undefined;
    this.#ended = ended;
  }

  /** It has ended, or its subscriber has unsubscribed: perhaps when a session took the work. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The error of its last try, while it waits for another one. */
  get lost(): unknown {
    return this.#lost;
  }

  /** It was begun before, and has started over: not a second time. */
  get startedOver(): boolean {
    return this.#hasStartedOver;
  }

  /** A session has it, and `cancel` takes it from there. */
  given(cancel: () => void): void {
    this.#cancel = cancel;
    if (this.#isOver) cancel();
  }

  /** Its try was lost by this error, and it waits for another one. */
  waitsAgain(error: unknown): void {
    this.#lost = error;
  }

  /** Uses up the one time that it may start over; false if that was used, or it is over. */
  startOver(): boolean {
    if (this.#hasStartedOver || this.#isOver) return false;
    this.#hasStartedOver = true;
    return true;
  }

  /** The client's state was changed since its turn, by other work. */
  isOutdated(current: UserState): boolean {
    return this.state !== undefined && this.state !== current && this.task.inAnyDirectory !== true;
  }

  /** Its subscriber has unsubscribed, and receives nothing any more. */
  leave(): void {
    this.#isOver = true;
  }

  /** Takes it from its session. */
  cancel(): void {
    this.#cancel?.();
  }

  end(end: WorkEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#ended(end);
  }
}

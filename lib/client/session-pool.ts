/**
 * Gives a client's work to its sessions.
 *
 * `WorkQueue` says which work may start next, and it starts on the first session whose lane admits it. Work that has not started sends
 * nothing, so it can be cancelled. When no work waits any more, it also cancels an opening connection.
 */
import type { ControlSession, SessionOwner } from '../control/control-session.js';
import type { FtpEvents } from '../control/events.js';
import type { FtpState } from '../control/session-state.js';
import type { LeaseTask, TaskRunner, WorkEnd } from '../control/task-runner.js';
import { WantedState } from '../control/user-state.js';
import { type FtpError, FtpUsageError } from '../errors.js';
import { AskedWork } from './asked-work.js';
import { ClientSessions, type PoolSettings, type WaitingWork } from './client-sessions.js';
import { FailedWork } from './failed-work.js';
import { notStarted } from './resting-work.js';
import { sessionOwner } from './session-owner.js';
import { starvation, starvedError } from './starved-uploads.js';
import { TransferShare } from './transfer-share.js';
import { WaitTimer } from './wait-timer.js';
import { WorkQueue } from './work-queue.js';

export class SessionPool implements TaskRunner {
  readonly #wanted: WantedState;
  readonly #queue: WorkQueue<AskedWork>;
  readonly #share: TransferShare;
  /** Runs while a transfer is held back for other work, or uploads may be starved. */
  readonly #timer: WaitTimer;
  readonly #owner: SessionOwner;
  readonly #sessions: ClientSessions<AskedWork>;
  readonly #failed: FailedWork;
  /** The number of subscribed work items so far. */
  #asked = 0;
  #closed = false;

  constructor(options: PoolSettings) {
    this.#owner = sessionOwner(options.settings.clock, {
      onFree: this.#onFree,
      nextKind: () => this.#queue.nextKind,
    });
    this.#wanted = new WantedState(true, (by) => this.#onChanged(by), options.type);
    this.#sessions = new ClientSessions({
      ...options,
      wanted: this.#wanted,
      owner: this.#owner,
      work: this.#waitingWork(),
    });
    this.#timer = new WaitTimer(options.settings.clock.now);
    this.#share = new TransferShare(this.#sessions, () => this.#timer.now);
    this.#failed = new FailedWork({
      keepsOrder: options.maxSessions === 1,
      isChange: this.#isChange,
      current: () => this.#wanted.current,
      putBack: (work) => this.#queue.putBack(work),
      dispatch: () => this.#dispatch(),
    });
    this.#queue = new WorkQueue({
      isChange: this.#isChange,
      isHeldUp: this.#failed.holdsUp,
      turns: this.#share,
    });
  }

  get status(): FtpState['status'] {
    return this.#sessions.status;
  }

  get events(): FtpEvents {
    return this.#owner.events;
  }

  /** An upload's source is being read: an operation that is subscribed at this moment is the one that it waits for. */
  get asksSource(): boolean {
    return this.#sessions.asking !== undefined;
  }

  start(task: LeaseTask, ended: (end: WorkEnd) => void): () => void {
    return this.#closed ? refuse(ended) : this.#ask(task, ended);
  }

  /** The operations that `subscribe` asks for are parts of larger work: no session is kept from transfers for them. */
  asParts<T>(subscribe: () => T): T {
    return this.#share.asParts(subscribe);
  }

  interrupt(reason: FtpError): void {
    this.#failed.interrupt(reason);
    this.#sessions.interrupt(reason);
  }

  /** No work comes after that which runs and waits. */
  expectQuit(): void {
    this.#sessions.expectQuit();
  }

  /** Refuses what waits, ends what runs, says QUIT on every session. Never rejects. */
  close(): Promise<void> {
    this.#closed = true;
    this.#timer.clear();
    const cause = notStarted();
    this.#failed.close();
    this.#failed.refuse(this.#queue.drain(), cause);
    return this.#sessions.close(cause);
  }

  #waitingWork(): WaitingWork<AskedWork> {
    const waits = (): boolean => this.#queue.size > 0;
    return {
      get waits() {
        return waits();
      },
      startable: (sessions) => this.#queue.startable(sessions),
      dispatch: () => this.#dispatch(),
      ended: (work, end, mayStartOver) => this.#failed.ended(work, end, mayStartOver),
      putBack: (work, error) => this.#failed.putBack(work, error),
      refuse: (cause) => this.#failed.refuse(this.#queue.drain(), cause),
    };
  }

  #ask(task: LeaseTask, ended: (end: WorkEnd) => void): () => void {
    this.#asked += 1;
    if (!this.#isChange(task)) this.#share.asked(task.kind);
    const work = new AskedWork({ task, order: this.#asked, feeds: this.#sessions.asking, ended });
    if (this.#queue.add(work) && this.#mayStart(work)) this.#dispatch();
    else this.#askForRoom();
    return () => this.#leave(work);
  }

  /** False if it waits for a session, and for nothing else: that dispatches by itself. */
  #mayStart(work: AskedWork): boolean {
    return work.feedsUpload || this.#share.keepsOne || this.#sessions.mayTake(work);
  }

  #leave(work: AskedWork): void {
    work.leave();
    const waited = this.#queue.remove(work);
    if (!waited && !this.#failed.remove(work)) {
      work.cancel();
      return;
    }
    if (waited && this.#queue.size === 0) this.#sessions.abandonLogins();
    this.#dispatch();
  }

  #dispatch(): void {
    let { next } = this.#queue;
    while (next !== undefined && this.#startOrEnd(next)) next = this.#queue.next;
    if (this.#queue.size > 0) this.#lookLater(next);
    else this.#timer.clear();
    if (this.#queue.size === 0 && this.#failed.isEmpty) this.#sessions.nothingWaits();
    else this.#askForRoom();
  }

  #askForRoom(): void {
    // A user who has the one value of an operation may subscribe the next one while its lease is about to end in this turn.
    if (this.#sessions.mayMakeRoom) process.nextTick(() => this.#sessions.makeRoom());
  }

  /** False if no session takes the work. */
  #startOrEnd(work: AskedWork): boolean {
    if (work.state !== undefined && work.isOutdated(this.#wanted.current)) {
      this.#end(work, work.lost);
      return true;
    }
    const session = this.#sessions.takerOf(work);
    if (session === undefined) return false;
    this.#queue.take(work, session);
    work.given(this.#sessions.start(session, work));
    return true;
  }

  /** Sets the timer for work that only time lets start. `next` waits for a session alone. */
  #lookLater(next: AskedWork | undefined): void {
    const waitsForSession = next !== undefined && !next.isOver;
    if (waitsForSession && this.#queue.feeding.size === 0) this.#timer.clear();
    else this.#setTimer(!waitsForSession);
  }

  #setTimer(mayBeHeldBack: boolean): void {
    // First: other work may start by the end of this one.
    const feedAt = this.#queue.feeding.size === 0 ? Number.POSITIVE_INFINITY : this.#feed();
    const isHeldBack = mayBeHeldBack && this.#queue.holdsBack;
    this.#timer.setOrClear(Math.min(feedAt, this.#share.askAgainAt(isHeldBack)), () => this.#dispatch());
  }

  /** Ends work that would never start, so that other work can. Returns when to look again. */
  #feed(): number {
    const { starving } = this.#sessions;
    const { work, at } = starvation(this.#queue.feeding, starving, this.#timer.now);
    if (work !== undefined) this.#end(work, starvedError(starving.open.size));
    return this.#closed ? Number.POSITIVE_INFINITY : at;
  }

  #end(work: AskedWork, error: unknown): void {
    this.#queue.remove(work);
    work.end({ error });
  }

  readonly #isChange = ({ changes }: LeaseTask): boolean => changes?.(this.#wanted.current) === true;

  #onChanged(by: object): void {
    const work = this.#queue.changedBy(by);
    if (work === undefined) return;
    work.state = this.#wanted.current;
    this.#dispatch();
  }

  #endChange(session: ControlSession): void {
    if (session.channel.cause === undefined) this.#queue.freed(session);
    else {
      // The end of its work comes next: a change that starts over comes before the work behind it.
      queueMicrotask(() => {
        this.#queue.freed(session);
        this.#dispatch();
      });
    }
  }

  readonly #onFree = (session: ControlSession): void => {
    if (session.lane.idle) {
      this.#sessions.freed(session);
      this.#endChange(session);
      // A session that must be replaced takes no more work; another one is opened when it is gone.
      if (session.mustBeReplaced) void session.quit();
    }
    this.#dispatch();
    if (session.lane.idle) this.#sessions.rest(session);
  };
}

function refuse(ended: (end: WorkEnd) => void): () => void {
  ended({ error: new FtpUsageError('This client is closed: make a new FtpClient.') });
  return () => {};
}

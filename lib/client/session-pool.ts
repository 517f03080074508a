/**
 * Gives a client's work to its sessions.
 *
 * `WorkQueue` says which work may start next, and it starts on the first session whose lane admits it. Work that has not started
 * sends nothing: it may be given up. When no work waits any more, an opening connection is given up too.
 */
import type { ControlSession, SessionHost } from '../control/control-session.js';
import { FtpEvents } from '../control/events.js';
import { Learned } from '../control/learned.js';
import type { Failed, LeaseHost, LeaseTask, WorkEnd } from '../control/lease-host.js';
import type { FtpState } from '../control/session-state.js';
import { WantedState } from '../control/user-state.js';
import { FtpConnectionError, type FtpError, FtpUsageError } from '../errors.js';
import type { Clock } from '../net/clock.js';
import { ClientSessions, type PoolSettings, type WaitingWork } from './client-sessions.js';
import { brokenOffAtRest, notRepeated, RestingWork } from './resting-work.js';
import { TransferShare } from './transfer-share.js';
import { WaitTimer } from './wait-timer.js';
import { type QueuedWork, WorkQueue } from './work-queue.js';

/** Work of a client's, from when it is asked for until it is over. */
interface AskedWork extends QueuedWork {
  readonly ended: (end: WorkEnd) => void;
  /** Its subscriber has left: perhaps at what the session has shown when it was given the work. */
  left: boolean;
  /** The error of its last try, while the work waits for another one. */
  lost?: unknown;
  /** Set once the work has started on a session. */
  cancel?: () => void;
}

export class SessionPool implements LeaseHost {
  readonly #wanted: WantedState;
  readonly #queue: WorkQueue<AskedWork>;
  readonly #share: TransferShare;
  /** Runs while a transfer is held back for other work. */
  readonly #timer: WaitTimer;
  readonly #host: SessionHost;
  readonly #sessions: ClientSessions<AskedWork>;
  readonly #resting: RestingWork<AskedWork>;
  /** How much work was asked for. */
  #asked = 0;
  /** How many sessions were opened. */
  #opened = 0;
  #closed = false;

  constructor(options: PoolSettings) {
    const { clock } = options.settings;
    this.#host = this.#sessionHost(clock);
    this.#wanted = new WantedState(true, (by) => this.#onChanged(by), options.type);
    this.#sessions = new ClientSessions({
      ...options,
      wanted: this.#wanted,
      host: this.#host,
      work: this.#waitingWork(),
    });
    this.#timer = new WaitTimer(clock.now);
    this.#share = new TransferShare(this.#sessions, () => this.#timer.now);
    this.#resting = new RestingWork({
      keepsOrder: options.maxSessions === 1,
      isChange: ({ task }) => this.#isChange(task),
      onRested: (work) => this.#askAgain(work),
    });
    this.#queue = new WorkQueue({
      isChange: (task) => this.#isChange(task),
      isHeldUp: (work) => this.#resting.holdsUp(work),
      turns: this.#share,
    });
  }

  get status(): FtpState['status'] {
    return this.#sessions.status;
  }

  get events(): FtpEvents {
    return this.#host.events;
  }

  /** The source of an upload is being asked: an operation that is subscribed at this moment is what it waits for. */
  get asksSource(): boolean {
    return this.#sessions.asksSource;
  }

  start(task: LeaseTask, ended: (end: WorkEnd) => void): () => void {
    if (this.#closed) {
      ended({ error: new FtpUsageError('This client is closed: make a new FtpClient.') });
      return () => {};
    }
    this.#asked += 1;
    if (!this.#isChange(task)) this.#share.asked(task.kind);
    const waiting: AskedWork = {
      task,
      ended,
      order: this.#asked,
      left: false,
      feedsUpload: this.asksSource,
    };
    this.#queue.add(waiting);
    this.#dispatch();
    return () => this.#leave(waiting);
  }

  interrupt(reason: FtpError): void {
    const resting = this.#resting.clear('transfers');
    for (const work of resting) work.ended({ error: brokenOffAtRest(work.lost, reason) });
    if (resting.length > 0) this.#dispatch();
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
    const cause = new FtpConnectionError('The client was closed before this could start.', {
      channel: 'control',
      phase: 'close',
      outcome: 'none',
    });
    this.#refuse(cause);
    for (const work of this.#resting.clear()) work.ended({ error: notRepeated(work.lost) });
    return this.#sessions.close(cause);
  }

  #sessionHost(clock: Clock): SessionHost {
    return {
      onFree: (session) => this.#onFree(session),
      nextKind: () => this.#queue.nextKind,
      learned: new Learned(),
      events: new FtpEvents(clock),
      number: () => {
        this.#opened += 1;
        return this.#opened;
      },
    };
  }

  #waitingWork(): WaitingWork<AskedWork> {
    const waits = (): boolean => this.#queue.waits;
    return {
      get waits() {
        return waits();
      },
      startable: (sessions) => this.#queue.startable(sessions),
      dispatch: () => this.#dispatch(),
      ended: (work, end, mayStartOver) => {
        if (end === undefined) work.ended(end);
        else this.#onFailed(work, end, mayStartOver);
      },
      putBack: (work, error) => this.#putBack(work, error),
      refuse: (cause) => this.#refuse(cause),
    };
  }

  #refuse(cause: unknown): void {
    for (const work of this.#queue.drain()) {
      if (work.task.countsLogins === true) this.#onFailed(work, { error: cause }, false);
      else work.ended({ error: cause });
    }
  }

  #leave(work: AskedWork): void {
    work.left = true;
    if (this.#resting.remove(work)) {
      this.#dispatch();
      return;
    }
    if (!this.#queue.remove(work)) {
      work.cancel?.();
      return;
    }
    if (!this.#queue.waits) this.#sessions.giveUpLogins();
    this.#dispatch();
  }

  #dispatch(): void {
    for (let next = this.#queue.next; next !== undefined; next = this.#queue.next) {
      if (this.#isOvertaken(next)) continue;
      const session = this.#sessions.takerOf(next);
      if (session === undefined) break;
      this.#queue.take(next, session);
      this.#assign(next, session);
    }
    this.#askAgainAt(this.#share.askAgainAt(this.#queue.holdsBack));
    if (!this.#queue.waits && this.#resting.isEmpty) this.#sessions.nothingWaits();
    // A user who takes the one value of an operation may ask for the next one while its lease is about to end in this turn.
    else if (this.#sessions.mayMakeRoom) process.nextTick(() => this.#sessions.makeRoom());
  }

  #askAgainAt(at: number): void {
    if (Number.isFinite(at)) this.#timer.set(at, () => this.#dispatch());
    else this.#timer.clear();
  }

  #isChange({ changes }: LeaseTask): boolean {
    return changes?.(this.#wanted.current) === true;
  }

  #assign(work: AskedWork, session: ControlSession): void {
    work.cancel = this.#sessions.start(session, work);
    if (work.left) work.cancel();
  }

  /** The lease of work that may be repeated has not ended yet: no other work has started by it. */
  #onFailed(work: AskedWork, failure: Failed, mayStartOver: boolean): void {
    try {
      if ((mayStartOver && this.#startOver(work, failure.error)) || this.#mayRest(work, failure.error)) return;
    } catch (error) {
      work.ended({ error });
      return;
    }
    work.ended(failure);
  }

  /** Whether the work keeps its place until it is tried again. It does not where another change has overtaken it. */
  #mayRest(work: AskedWork, error: unknown): boolean {
    if (work.left || this.#closed || this.#isOutdated(work)) return false;
    work.lost = error;
    if (!this.#resting.add(work, error)) return false;
    // A subscriber may leave, or close the client, at the news.
    if (work.left || this.#closed) this.#resting.remove(work);
    return !this.#closed;
  }

  #askAgain(work: AskedWork): void {
    this.#queue.putBack(work);
    this.#dispatch();
  }

  /** Starts the work once more, on another session. False where it has started over before, or its subscriber has left. */
  #startOver(work: AskedWork, error: unknown): boolean {
    if (work.startedOver === true || work.left || this.#closed) return false;
    work.startedOver = true;
    this.#putBack(work, error);
    this.#dispatch();
    return true;
  }

  #putBack(work: AskedWork, error: unknown): void {
    work.lost = error;
    this.#queue.putBack(work);
  }

  /** Ends work whose session was lost, where the client's state was changed since its turn: a session cannot go back to that. */
  #isOvertaken(work: AskedWork): boolean {
    if (!this.#isOutdated(work)) return false;
    this.#queue.remove(work);
    work.ended({ error: work.lost });
    return true;
  }

  /** The client's state was changed since the turn of the work, which might mean another file now. */
  #isOutdated({ state, task }: AskedWork): boolean {
    return state !== undefined && state !== this.#wanted.current && task.inAnyDirectory !== true;
  }

  #onChanged(by: object): void {
    const work = this.#queue.changedBy(by);
    if (work === undefined) return;
    work.state = this.#wanted.current;
    this.#dispatch();
  }

  #endChange(session: ControlSession): void {
    if (session.channel.cause === undefined) this.#queue.freed(session);
    else {
      // The end of its work is told next: a change that starts over comes before the work behind it.
      queueMicrotask(() => {
        this.#queue.freed(session);
        this.#dispatch();
      });
    }
  }

  #onFree(session: ControlSession): void {
    if (session.lane.idle) {
      this.#sessions.freed(session);
      this.#endChange(session);
      // A session that is spent takes no more work; another one is opened when it is gone.
      if (session.spent) void session.quit();
    }
    this.#dispatch();
    if (session.lane.idle) this.#sessions.rest(session);
  }
}

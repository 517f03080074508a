/**
 * Gives a client's work to its sessions.
 *
 * Work starts in the order it came, on the first session whose lane admits it. Work that came after a change of the client's
 * state (its directory, say) counts on that, and starts when it is made. Work that has not started sends nothing: it may be
 * given up. When no work waits any more, an opening connection is given up too.
 */
import type { ControlSession, SessionHost } from '../control/control-session.js';
import { FtpEvents } from '../control/events.js';
import { Learned } from '../control/learned.js';
import type { LeaseHost, LeaseTask, WorkEnd } from '../control/lease-host.js';
import type { FtpState } from '../control/session-state.js';
import { WantedState } from '../control/user-state.js';
import { FtpConnectionError, type FtpError, FtpTimeoutError, FtpUsageError } from '../errors.js';
import { ClientSessions, type PoolSettings, type WaitingWork } from './client-sessions.js';
import type { PooledWork } from './pooled-work.js';

/** Work of a client's, from when it is asked for until it is over. */
interface AskedWork extends PooledWork {
  readonly ended: (end: WorkEnd) => void;
  /** Counts all work in the order in which it came. */
  readonly order: number;
  /** Its subscriber has left: perhaps at what the session has shown when it was given the work. */
  left: boolean;
  startedOver: boolean;
  /** Set once the work has started on a session. */
  cancel?: () => void;
}

export class SessionPool implements LeaseHost {
  readonly #wanted: WantedState;
  readonly #host: SessionHost = {
    onFree: (session) => this.#onFree(session),
    nextKind: () => this.#waiting[0]?.task.kind,
    learned: new Learned(),
    events: new FtpEvents(),
    number: () => {
      this.#opened += 1;
      return this.#opened;
    },
  };
  readonly #sessions: ClientSessions<AskedWork>;
  #waiting: AskedWork[] = [];
  /** The session whose work is about to change the client's state: later work waits until that is done, or over. */
  #changing: ControlSession | undefined;
  /** How much work was asked for. */
  #asked = 0;
  /** How many sessions were opened. */
  #opened = 0;
  #closed = false;

  constructor(options: PoolSettings) {
    this.#wanted = new WantedState(true, (by) => this.#onChanged(by), options.type);
    this.#sessions = new ClientSessions({
      ...options,
      wanted: this.#wanted,
      host: this.#host,
      work: this.#waitingWork(),
    });
  }

  get status(): FtpState['status'] {
    return this.#sessions.status;
  }

  get events(): FtpEvents {
    return this.#host.events;
  }

  start(task: LeaseTask, ended: (end: WorkEnd) => void): () => void {
    if (this.#closed) {
      ended({ error: new FtpUsageError('This client is closed: make a new FtpClient.') });
      return () => {};
    }
    this.#asked += 1;
    const waiting: AskedWork = { task, ended, order: this.#asked, left: false, startedOver: false };
    this.#waiting.push(waiting);
    this.#dispatch();
    return () => this.#leave(waiting);
  }

  interrupt(reason: FtpError): void {
    this.#sessions.interrupt(reason);
  }

  /** Refuses what waits, ends what runs, says QUIT on every session. Never rejects. */
  close(): Promise<void> {
    this.#closed = true;
    const cause = new FtpConnectionError('The client was closed before this could start.', {
      channel: 'control',
      phase: 'close',
      outcome: 'none',
    });
    this.#refuse(cause);
    return this.#sessions.close(cause);
  }

  #waitingWork(): WaitingWork<AskedWork> {
    const areThere = (): boolean => this.#waiting.length > 0;
    return {
      get waits() {
        return areThere();
      },
      startable: (sessions) => this.#startable(sessions),
      dispatch: () => this.#dispatch(),
      ended: (work, end) => {
        if (end === undefined || !this.#mayStartOver(work, end.error)) work.ended(end);
      },
      putBack: (work) => this.#putBack(work),
      refuse: (cause) => this.#refuse(cause),
    };
  }

  #refuse(cause: unknown): void {
    for (const { ended } of this.#waiting.splice(0)) ended({ error: cause });
  }

  #leave(waiting: AskedWork): void {
    waiting.left = true;
    const index = this.#waiting.indexOf(waiting);
    if (index < 0) {
      waiting.cancel?.();
      return;
    }
    this.#waiting.splice(index, 1);
    if (this.#waiting.length === 0) this.#sessions.giveUpLogins();
    this.#dispatch();
  }

  #dispatch(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#changing === undefined; next = this.#waiting[0]) {
      const session = this.#sessions.takerOf(next.task.kind);
      if (session === undefined) break;
      this.#waiting.shift();
      this.#assign(next, session);
    }
    if (this.#waiting.length === 0) this.#sessions.nothingWaits();
    // A user who takes the one value of an operation may ask for the next one while its lease is about to end in this turn.
    else if (this.#sessions.mayMakeRoom) process.nextTick(() => this.#sessions.makeRoom());
  }

  #assign(waiting: AskedWork, session: ControlSession): void {
    if (this.#isChange(waiting)) this.#changing = session;
    waiting.cancel = this.#sessions.start(session, waiting);
    if (waiting.left) waiting.cancel();
  }

  /** Work that had not begun when the server fell silent starts once more, on another session and without that command. */
  #mayStartOver(waiting: AskedWork, error: unknown): boolean {
    // The error of a command that can be done without has the time-out as its cause.
    const notBegun =
      error instanceof FtpTimeoutError && error.outcome === 'none' && error.cause instanceof FtpTimeoutError;
    if (!notBegun || waiting.startedOver || waiting.left || this.#closed) return false;
    waiting.startedOver = true;
    this.#putBack(waiting);
    this.#dispatch();
    return true;
  }

  /** Its session was lost before it began: it waits at its old place. */
  #putBack(waiting: AskedWork): void {
    const next = this.#waiting.findIndex(({ order }) => order > waiting.order);
    this.#waiting.splice(next === -1 ? this.#waiting.length : next, 0, waiting);
  }

  /** How many waiting operations could start now, one per new session: a change of the state counts, the work behind it does not. */
  #startable(sessions: number): number {
    if (this.#changing !== undefined) return 0;
    const first = this.#waiting.slice(0, Math.max(0, sessions));
    const change = first.findIndex((waiting) => this.#isChange(waiting));
    return change === -1 ? first.length : change + 1;
  }

  #isChange({ task }: AskedWork): boolean {
    return task.changes?.(this.#wanted.current) === true;
  }

  /** Other work that ends meanwhile opens nothing: the session that makes the change has it alone. */
  #onChanged(by: object): void {
    if (this.#changing?.user !== by) return;
    this.#changing = undefined;
    this.#dispatch();
  }

  #onFree(session: ControlSession): void {
    if (session.lane.idle) {
      // It has the lane alone until it is over, however it ends.
      if (this.#changing === session) this.#changing = undefined;
      // A session that is spent takes no more work; another one is opened when it is gone.
      if (session.spent) void session.quit();
    }
    this.#dispatch();
    if (session.lane.idle) this.#sessions.rest(session);
  }
}

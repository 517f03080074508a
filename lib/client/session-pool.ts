/**
 * The sessions of a client: opened when work waits and none is free, kept when idle, forgotten when lost.
 *
 * Work starts in the order it came, on the first session whose lane admits it; what came after a change of the client's
 * state (its directory, say) counts on that, and starts when it is made. What has not started sends nothing: it may
 * be given up, and an opening connection that nobody waits for any more is given up with it. An idle session does not
 * keep the process alive.
 */
import type { Socket } from 'node:net';
import { skip } from 'rxjs';
import type { ControlSession, SessionHost } from '../control/control-session.js';
import { EarlyPortTrust } from '../control/early-port.js';
import type { LeaseKind } from '../control/lane.js';
import type { LeasedWork, LeaseHost, LeaseTask } from '../control/lease-host.js';
import { notBegun } from '../control/lease-runner.js';
import { openSession } from '../control/open-session.js';
import type { FtpState } from '../control/session-state.js';
import type { SessionSettings } from '../control/settings.js';
import { type UserState, WantedState } from '../control/user-state.js';
import { FtpConnectionError, type FtpError, FtpUsageError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';

interface Waiting {
  readonly task: LeaseTask;
  readonly ended: (error?: unknown) => void;
  /** Its subscriber has left: perhaps at what the session has shown when it was given the work. */
  left: boolean;
  /** Set once the work has started on a session. */
  cancel?: () => void;
}

export interface PoolSettings {
  readonly settings: SessionSettings;
  readonly maxSessions: number;
  /** Told of each session as soon as its connection is made, before the login. */
  readonly onOpened: (session: ControlSession) => void;
  /** Told when `status` may have changed. */
  readonly onChange: () => void;
}

export class SessionPool implements LeaseHost {
  readonly #options: PoolSettings;
  readonly #wanted: WantedState = new WantedState(true, (by) => this.#onChanged(by));
  readonly #host: SessionHost = {
    onFree: (session) => this.#onFree(session),
    nextKind: () => this.#waiting[0]?.task.kind,
    earlyPortTrust: new EarlyPortTrust(),
  };
  readonly #sessions = new Set<ControlSession>();
  /** Those with nothing to do, whose sockets do not keep the process alive. */
  readonly #resting = new WeakSet<ControlSession>();
  readonly #opening = new Set<AbortController>();
  #waiting: Waiting[] = [];
  /** The session whose work is about to change the client's state: later work waits until that is done, or over. */
  #changing: ControlSession | undefined;
  /** How many sessions the server has shown to allow, while there are any. */
  #allowed: number;
  #closed = false;

  constructor(options: PoolSettings) {
    this.#options = options;
    this.#allowed = options.maxSessions;
  }

  get status(): FtpState['status'] {
    if (this.#closed) return 'closed';
    const shown = [...this.#sessions].map(({ status }) => status);
    if (shown.includes('busy')) return 'busy';
    if (shown.includes('aborting')) return 'aborting';
    return this.#opening.size > 0 ? 'connecting' : 'idle';
  }

  start(task: LeaseTask, ended: (error?: unknown) => void): () => void {
    if (this.#closed) {
      ended(new FtpUsageError('This client is closed: make a new FtpClient.'));
      return () => {};
    }
    const waiting: Waiting = { task, ended, left: false };
    this.#waiting.push(waiting);
    this.#dispatch();
    return () => this.#leave(waiting);
  }

  interrupt(reason: FtpError): void {
    for (const session of this.#sessions) session.interrupt(reason);
  }

  /** Refuses what waits, ends what runs, says QUIT on every session. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    const cause = new FtpConnectionError('The client was closed before this could start.', {
      channel: 'control',
      phase: 'close',
    });
    for (const { ended } of this.#waiting.splice(0)) ended(cause);
    for (const opening of this.#opening) opening.abort(cause);
    await Promise.all([...this.#sessions].map((session) => session.quit()));
    this.#options.onChange();
  }

  #leave(waiting: Waiting): void {
    waiting.left = true;
    const index = this.#waiting.indexOf(waiting);
    if (index < 0) {
      waiting.cancel?.();
      return;
    }
    this.#waiting.splice(index, 1);
    if (this.#waiting.length === 0) for (const opening of this.#opening) opening.abort();
    this.#dispatch();
  }

  #dispatch(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#changing === undefined; next = this.#waiting[0]) {
      const session = this.#takerOf(next.task.kind);
      if (session === undefined) break;
      this.#waiting.shift();
      this.#assign(next, session);
    }
    // Whoever takes the one value of an operation may ask for the next one while its lease is about to end in this turn.
    if (this.#waiting.length > 0 && this.#mayMakeRoom()) process.nextTick(() => this.#makeRoom());
  }

  /** A session on which work of this kind would start at once. */
  #takerOf(kind: LeaseKind): ControlSession | undefined {
    for (const session of this.#sessions) if (takes(session, kind)) return session;
    return undefined;
  }

  /** Whether there may be another session, or one of them could be free sooner. */
  #mayMakeRoom(): boolean {
    if (this.#sessions.size + this.#opening.size < this.#allowed) return true;
    for (const session of this.#sessions) if (session.canHurry) return true;
    return false;
  }

  /** Opens sessions for what waits; where that cannot be, those who hold one are told. */
  #makeRoom(): void {
    // The first one alone: a wrong password is tried once, not once for each session.
    const most = this.#sessions.size === 0 ? 1 : this.#allowed - this.#sessions.size;
    for (let missing = this.#startable(most) - this.#opening.size; missing > 0; missing -= 1) void this.#open();
    if (this.#waiting.length > 0 && this.#opening.size === 0) for (const session of this.#sessions) session.awaited();
  }

  #assign(waiting: Waiting, session: ControlSession): void {
    if (this.#resting.delete(session)) keepAlive(session, true);
    const { task, ended } = waiting;
    if (this.#isChange(waiting)) this.#changing = session;
    // As it is now: what changes it later must not reach work that has yet to wait for the replies of a login.
    const { current } = this.#wanted;
    const work: LeasedWork = (on, signal) =>
      on.user.applied === current ? task.work(on, signal) : broughtUp(task, current, on, signal);
    waiting.cancel = session.start({ kind: kindOn(session, task.kind), work }, ended);
    if (waiting.left) waiting.cancel();
  }

  /** How many of those that wait could start now on as many new sessions: a change of the state, but nothing behind it. */
  #startable(sessions: number): number {
    if (this.#changing !== undefined) return 0;
    const first = this.#waiting.slice(0, Math.max(0, sessions));
    const change = first.findIndex((waiting) => this.#isChange(waiting));
    return change === -1 ? first.length : change + 1;
  }

  #isChange({ task }: Waiting): boolean {
    return task.changes?.(this.#wanted.current) === true;
  }

  /** Other work that ends meanwhile opens nothing: the session that makes the change has it alone. */
  #onChanged(by: object): void {
    if (this.#changing?.user !== by) return;
    this.#changing = undefined;
    this.#dispatch();
  }

  async #open(): Promise<void> {
    const opening = new AbortController();
    this.#opening.add(opening);
    this.#options.onChange();
    try {
      const { settings, onOpened } = this.#options;
      const options = { settings, wanted: this.#wanted, host: this.#host, onOpened };
      const session = await openSession(options, opening.signal);
      this.#opening.delete(opening);
      if (this.#closed) await session.quit();
      else this.#add(session);
    } catch (error) {
      this.#opening.delete(opening);
      if (!opening.signal.aborted) this.#onRefused(error);
    }
    this.#dispatch();
    this.#options.onChange();
  }

  #add(session: ControlSession): void {
    this.#sessions.add(session);
    this.#rest(session);
    session.state$.pipe(skip(1)).subscribe(({ status }) => {
      // A session that was lost may be replaced at once, as it is below.
      if (status !== 'closed') this.#options.onChange();
    });
    session.channel.closed$.subscribe(() => {
      this.#sessions.delete(session);
      this.#allowed = this.#options.maxSessions;
      this.#dispatch();
      this.#options.onChange();
    });
  }

  /** A server that takes no more sessions leaves those that are open; without any, nobody can be served. */
  #onRefused(error: unknown): void {
    this.#allowed = this.#sessions.size;
    if (this.#sessions.size > 0 || this.#opening.size > 0) return;
    this.#allowed = this.#options.maxSessions;
    for (const { ended } of this.#waiting.splice(0)) ended(error);
  }

  #onFree(session: ControlSession): void {
    if (session.lane.idle) {
      // It has the lane alone until it is over, however it ends.
      if (this.#changing === session) this.#changing = undefined;
      // A session that is spent takes no more work; another one is opened when it is gone.
      if (session.spent) void session.quit();
    }
    this.#dispatch();
    if (session.lane.idle) this.#rest(session);
  }

  #rest(session: ControlSession): void {
    this.#resting.add(session);
    keepAlive(session, false);
  }
}

async function broughtUp(
  task: LeaseTask,
  state: UserState,
  session: ControlSession,
  signal: Cancellation,
): Promise<void> {
  await session.bringUp(state, task.fromAnywhere);
  if (signal.aborted) throw notBegun(signal.reason);
  await task.work(session, signal);
}

/** Whether work would start on the session at once; one that is spent takes nothing beside what still runs. */
function takes(session: ControlSession, kind: LeaseKind): boolean {
  const { lane } = session;
  if (lane.idle) return lane.admits(kind);
  return typeof kind === 'number' && session.user.isUpToDate && !session.spent && lane.admits(kind);
}

/** A session that must be brought up first is needed alone. */
function kindOn(session: ControlSession, kind: LeaseKind): LeaseKind {
  return typeof kind === 'number' && !session.user.isUpToDate ? 'exclusive' : kind;
}

/** Whether the session's socket keeps the process alive; only while something runs on it. */
function keepAlive(session: ControlSession, wanted: boolean): void {
  const socket = session.channel.transport as Partial<Socket>;
  if (wanted) socket.ref?.();
  else socket.unref?.();
}

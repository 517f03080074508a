/**
 * Holds the open sessions of a client: gives them work, keeps idle ones, forgets lost ones. An idle session does not keep the process
 * alive. `SessionOpener` opens others when work waits and no session is free.
 */
import { skip } from 'rxjs';
import type { ControlSession } from '../control/control-session.js';
import { isShared } from '../control/lane.js';
import type { FtpState } from '../control/session-state.js';
import type { Leased, WorkEnd } from '../control/task-runner.js';
import type { FtpError } from '../errors.js';
import { GoodSessions, isClosedHere } from './good-sessions.js';
import { GrantedWork } from './granted-work.js';
import { IdleSessions } from './idle-sessions.js';
import { type PooledWork, wouldStart } from './pooled-work.js';
import {
  type OpeningSettings,
  SessionOpener,
  type SessionOpenerOptions,
  type WorkForSessions,
} from './session-opener.js';
import type { StarvedSessions } from './starved-uploads.js';
import type { SharedSessions } from './transfer-share.js';

export interface PoolSettings extends OpeningSettings {
  /** How long a session may be idle before the client says QUIT; 0: for ever. */
  readonly idleTimeoutMs: number;
  /** The type that transfers have until the user sets another. */
  readonly type: string;
}

/** The work that waits for a session, and hears of it. */
export interface WaitingWork<Work extends PooledWork> extends WorkForSessions {
  /** The work is over. `mayStartOver`: its session was lost, and nothing was done that must not be done twice. */
  ended(work: Work, end: WorkEnd, mayStartOver: boolean): void;
  /** Its session was lost before the work began, so that nothing was sent for it: it waits again. `error` says so. */
  putBack(work: Work, error: FtpError): void;
}

export interface ClientSessionsOptions<Work extends PooledWork>
  extends Omit<SessionOpenerOptions, 'open' | 'onReady'>,
    Pick<PoolSettings, 'idleTimeoutMs'> {
  readonly work: WaitingWork<Work>;
}

export class ClientSessions<Work extends PooledWork> implements SharedSessions {
  readonly #options: ClientSessionsOptions<Work>;
  readonly #open = new Set<ControlSession>();
  readonly #idle: IdleSessions;
  /** The sessions that have work, which has their lane. */
  readonly #busy = new Set<ControlSession>();
  /** The sessions that have a transfer. */
  readonly #transferring = new Set<ControlSession>();
  readonly #opener: SessionOpener;
  readonly #granted: GrantedWork<Work>;
  readonly #good: GoodSessions;
  #closed = false;
  #endsNext = false;

  constructor(options: ClientSessionsOptions<Work>) {
    this.#options = options;
    const { wanted, work, idleTimeoutMs, settings } = options;
    const { now } = settings.clock;
    this.#idle = new IdleSessions({ idleTimeoutMs, now });
    this.#opener = new SessionOpener({ ...options, open: this.#open, onReady: (session) => this.#add(session) });
    this.#good = new GoodSessions(() => this.#opener.succeeded());
    this.#granted = new GrantedWork({
      wanted,
      work,
      onBegun: this.#good.watch,
      isGood: (session) => this.#good.has(session),
    });
  }

  get status(): FtpState['status'] {
    if (this.#closed) return 'closed';
    const shown = [...this.#open].map(({ status }) => status);
    if (shown.includes('busy')) return 'busy';
    if (shown.includes('aborting')) return 'aborting';
    return this.#opener.connecting ? 'connecting' : 'idle';
  }

  get inUse(): number {
    return this.#opener.inUse;
  }

  get open(): number {
    return this.#open.size;
  }

  get transfers(): number {
    return this.#transferring.size;
  }

  holdsTransfer(ms: number): boolean {
    for (const session of this.#transferring) if (session.isHeldFor(ms)) return true;
    return false;
  }

  /** The session whose upload reads its source at this moment. An operation that is subscribed now is the one that the upload waits for. */
  get asking(): ControlSession | undefined {
    const { asking } = this.#options.owner;
    return asking !== undefined && this.#transferring.has(asking) ? asking : undefined;
  }

  /** The sessions, as `starved-uploads.ts` looks at them. */
  get starving(): StarvedSessions {
    const { sessions, inUse } = this.#opener;
    return { open: this.#open, mayGrow: sessions > this.#open.size || sessions < inUse };
  }

  /** A session on which the work would start at once. */
  takerOf({ task }: PooledWork): ControlSession | undefined {
    if (isShared(task.kind)) return this.#first(task);
    return this.#hasFree ? this.#firstFree(task) : undefined;
  }

  /** False if no session would take the work, whichever it is: each of them is busy, and the work shares none. */
  mayTake({ task }: PooledWork): boolean {
    return this.#hasFree || isShared(task.kind);
  }

  get #hasFree(): boolean {
    return this.#busy.size < this.#open.size;
  }

  #first(task: Leased): ControlSession | undefined {
    for (const session of this.#open) if (wouldStart(session, task)) return session;
    return undefined;
  }

  #firstFree(task: Leased): ControlSession | undefined {
    for (const session of this.#open) if (!this.#busy.has(session) && wouldStart(session, task)) return session;
    return undefined;
  }

  /** Starts work on a session that takes it; the returned function cancels it. */
  start(session: ControlSession, work: Work): () => void {
    const silentMs = this.#idle.wake(session);
    if (silentMs !== undefined) this.#granted.woke(session, silentMs);
    this.#busy.add(session);
    if (work.task.kind === 'transfer') this.#transferring.add(session);
    return this.#granted.start(session, work);
  }

  /** The session has ended its work, and may be given more. */
  freed(session: ControlSession): void {
    this.#busy.delete(session);
    this.#transferring.delete(session);
  }

  /** Nothing runs on the session. */
  rest(session: ControlSession): void {
    if (this.#open.has(session)) this.#idle.rest(session);
  }

  /** Whether there may be another session, or one of them could be free sooner. */
  get mayMakeRoom(): boolean {
    const { owner, maxSessions } = this.#options;
    return owner.yielding.size > 0 || this.#opener.sessions < maxSessions;
  }

  /** Opens sessions for the work that waits. If none can be opened, the work that holds one hears of it. */
  makeRoom(): void {
    this.#opener.open();
    if (this.#options.work.waits && !this.#opener.opening) for (const session of this.#open) session.contended();
  }

  /** No work waits any more: nothing is tried for it. */
  nothingWaits(): void {
    this.#opener.nothingWaits();
  }

  /** Breaks off the logins that are under way. */
  abandonLogins(): void {
    this.#opener.abandonAll();
  }

  interrupt(reason: FtpError): void {
    for (const session of this.#open) session.interrupt(reason);
  }

  /** No work comes after that which runs and waits. */
  expectQuit(): void {
    this.#endsNext = true;
    for (const session of this.#open) session.expectQuit();
  }

  /** Ends what runs, says QUIT on every session; nothing is opened any more. Never rejects. */
  async close(cause: FtpError): Promise<void> {
    this.#closed = true;
    this.#opener.close(cause);
    await Promise.all([...this.#open].map((session) => session.quit()));
    this.#options.onChange();
  }

  #add(session: ControlSession): void {
    this.#open.add(session);
    this.rest(session);
    if (this.#endsNext) session.expectQuit();
    session.state$.pipe(skip(1)).subscribe(({ status }) => {
      // A session that was lost may be replaced at once, as it is below.
      if (status !== 'closed') this.#options.onChange();
    });
    session.channel.closed$.subscribe((cause) => this.#onLost(session, cause));
  }

  #onLost(session: ControlSession, cause: FtpError): void {
    this.#open.delete(session);
    this.#idle.forget(session);
    this.#busy.delete(session);
    this.#transferring.delete(session);
    const early = !this.#closed && !this.#good.has(session) && !isClosedHere(cause);
    if (!this.#closed) this.#granted.putBackFrom(session, cause);
    this.#opener.lost(cause, early);
    this.#options.work.dispatch();
    this.#options.onChange();
  }
}

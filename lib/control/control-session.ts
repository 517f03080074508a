/**
 * Holds one logged-in control connection: the channel, the lane, and the known facts of the server.
 *
 * Work sees it as a `Session`, which documents its members. If a connection does not get into step after a cancel, the session closes it
 * and reports that.
 */
import type { Observable } from 'rxjs';
import { FtpConnectionError, type FtpError, FtpProtocolError, FtpTimeoutError } from '../errors.js';
import type { Cancellation } from '../net/cancellation.js';
import type { TlsLink } from '../net/tls-link.js';
import { type Command, command } from '../protocol/command.js';
import type { Features } from '../protocol/features.js';
import type { Reply } from '../protocol/reply.js';
import { Contention } from './contention.js';
import type { ControlChannel } from './control-channel.js';
import type { FtpEvents, SessionEvent } from './events.js';
import { KeepAlive } from './keep-alive.js';
import { Lane, type LeaseKind, type NextKind, opensData } from './lane.js';
import type { Learned, Optional } from './learned.js';
import { LeaseRunner } from './lease-runner.js';
import { LoginRemainder } from './login-remainder.js';
import { Representation } from './representation.js';
import { accepted, type FinalReply, type RequestOptions, request } from './request.js';
import { mustBeReplaced } from './server-faults.js';
import { profileOf, type ServerProfile } from './server-profile.js';
import { INITIAL_SERVER_STATE, nextServerState, type ServerEvent, type ServerState } from './server-state.js';
import type { EarlyPort, Session } from './session.js';
import type { FtpState } from './session-state.js';
import type { SessionSettings } from './settings.js';
import { type LeasedWork, type LeaseTask, leaseOn, type TaskRunner, type WorkEnd } from './task-runner.js';
import { withoutDoubledIac } from './telnet.js';
import { UnfinishedRename } from './unfinished-rename.js';
import { UserSettings } from './user-settings.js';
import type { WantedState } from './user-state.js';
import { withUserState } from './with-user-state.js';

/** The owner of a session, which gives it work. */
export interface SessionOwner {
  /** Told whenever a lease has ended and no other waits in the session's lane. */
  onFree(session: ControlSession): void;
  /** The kind of the work that waits for a session. */
  nextKind(): LeaseKind | undefined;
  /** Kept for all of its sessions. */
  readonly learned: Learned;
  readonly events: FtpEvents;
  /** A number for a new session. */
  number(): number;
  /** The sessions whose work wants to know when other work waits. */
  readonly yielding: Set<ControlSession>;
  /** The session whose upload reads its source now: an operation that is subscribed at this moment is the one that it waits for. */
  asking?: ControlSession | undefined;
}

export class ControlSession implements TaskRunner, Session {
  readonly channel: ControlChannel;
  readonly settings: SessionSettings;
  readonly lane: Lane;
  server: ServerState = INITIAL_SERVER_STATE;
  readonly user: UserSettings;
  welcome = '';
  peer: string | undefined;
  profile: ServerProfile = profileOf('');
  earlyPort: EarlyPort | undefined;
  readonly learned: Learned;
  /** The session's number in events. */
  readonly number: number;
  roundTripMs = 0;
  readonly rename: UnfinishedRename = new UnfinishedRename(this);
  readonly #owner: SessionOwner;
  readonly #leases: LeaseRunner;
  readonly #representation = new Representation(this);
  readonly #loginRemainder = new LoginRemainder(this);
  readonly #keepAlive: KeepAlive;
  #quitting: Promise<void> | undefined;
  /** No work comes after that which runs and waits. */
  #endsNext = false;
  readonly #contention: Contention;

  constructor(
    channel: ControlChannel,
    settings: SessionSettings,
    wanted: WantedState,
    owner: SessionOwner,
    number: number,
  ) {
    this.#owner = owner;
    this.learned = owner.learned;
    this.number = number;
    this.channel = channel;
    this.settings = settings;
    this.user = new UserSettings(wanted);
    this.#contention = new Contention(channel.timers.now);
    this.#keepAlive = new KeepAlive(settings.keepAliveMs, () => this.#noop());
    const onFree = (): void => {
      owner.onFree(this);
      this.#rest();
    };
    this.lane = new Lane(onFree, () => this.contended());
    this.#leases = new LeaseRunner({
      lane: this.lane,
      settle: () => this.channel.settle(),
      abortTimeoutMs: settings.abortTimeoutMs,
      onStart: (kind) => this.#onStart(kind),
      onCancel: () => channel.events.activity('aborting'),
      onOverdue: () => this.#closeOverdue(),
    });
    channel.closed$.subscribe((cause) => this.#onClosed(cause));
  }

  get features(): Features {
    return this.server.features;
  }

  get tls(): TlsLink | undefined {
    return this.server.tls;
  }

  /** The present state, then every change; completes after `closed`. */
  get state$(): Observable<FtpState> {
    return this.channel.events.state.changes$;
  }

  /** The present value of `state$`. */
  get status(): FtpState['status'] {
    return this.channel.events.state.status;
  }

  get nextKind(): NextKind | undefined {
    return this.lane.next ?? this.#owner.nextKind() ?? (this.#endsNext ? 'quit' : undefined);
  }

  onContention(callback: () => void): () => void {
    const { yielding } = this.#owner;
    const remove = this.#contention.add(callback);
    yielding.add(this);
    if (this.nextKind !== undefined) callback();
    return () => {
      remove();
      if (!this.#contention.any) yielding.delete(this);
    };
  }

  /** The user of its transfer takes, or gives, nothing: for so long, or once more after he did so for so long before. */
  isHeldFor(ms: number): boolean {
    return this.#contention.lasts(ms);
  }

  /** For how long the user of its transfer takes, or gives, nothing now; undefined if it is not held. */
  get heldMs(): number | undefined {
    return this.#contention.lastsMs;
  }

  askSource<T>(ask: () => T): T {
    const { asking } = this.#owner;
    this.#owner.asking = this;
    try {
      return ask();
    } finally {
      this.#owner.asking = asking;
    }
  }

  /** Other work, or its end, waits for this session. */
  contended(): void {
    this.#contention.tell();
  }

  /** Login is done: work may start. `rest` is the part of its replies that may come later. */
  ready(rest?: Promise<void>): void {
    if (rest !== undefined) this.#loginRemainder.begin(rest);
    this.tell({ type: 'ready' });
    this.#rest();
  }

  get settled(): Promise<void> | undefined {
    return this.#loginRemainder.done;
  }

  start(task: LeaseTask, ended: (end: WorkEnd) => void): () => void {
    const kind = leaseOn(this, task);
    const { cause } = this.channel;
    // An observer of the close may subscribe more before the lane hears of it.
    if (cause !== undefined) this.lane.close(cause);
    const work = (signal: Cancellation): Promise<void> =>
      this.#isReadyFor(task) ? task.work(this, signal) : this.#prepareFor(task, kind, signal);
    return this.#leases.start(kind, work, ended, task.again !== undefined);
  }

  /** Nothing has to be done before the task: so it is as a rule. */
  #isReadyFor({ state, mayFollowRnfr }: LeaseTask): boolean {
    const isInState = state === undefined || state === this.user.applied;
    return isInState && this.#loginRemainder.done === undefined && (mayFollowRnfr === true || this.rename.isOver);
  }

  #prepareFor(task: LeaseTask, kind: LeaseKind, signal: Cancellation): Promise<void> {
    const work = withUserState(task);
    const begun: LeasedWork = task.mayFollowRnfr === true ? work : (_, stop) => this.rename.before(work, stop);
    return this.#loginRemainder.run(kind, begun, signal);
  }

  interrupt(reason: FtpError): void {
    this.#leases.interrupt(reason);
  }

  /** The events beside the operations; a client's session shares those of all its sessions. */
  get events(): FtpEvents {
    return this.#owner.events;
  }

  tell(event: SessionEvent): void {
    this.channel.events.tell(event);
  }

  fallBack(what: Optional, to: string, reply?: Reply): void {
    this.channel.fallBack(what, to, reply);
  }

  fallBackFromSilence(what: Optional, to: string): void {
    if (!this.learned.hasAnswered(what)) this.fallBack(what, to);
  }

  pathFrom(named: string): string {
    const isDoubled = this.profile.doublesIac === true || this.learned.doublesIac;
    return isDoubled ? withoutDoubledIac(named, this.settings.codec) : named;
  }

  request(line: Command, options?: Partial<RequestOptions>): Promise<FinalReply> {
    const { now } = this.channel.timers;
    const started = now();
    const measured = this.status === 'connecting' ? this.channel.roundTrip.start() : undefined;
    const onEnd = (final: FinalReply | undefined): void => {
      if (final === undefined) {
        this.learn({ type: 'in doubt', command: line });
        return;
      }
      this.roundTripMs = now() - started;
      if (final.odd !== true) measured?.();
      this.learned.noteAnswer(line.verb);
      this.learn({ type: 'answered', command: line, reply: final.reply });
      this.rename.answered(line, final);
    };
    this.rename.sent(line);
    const { replyTimeoutMs: timeoutMs } = this.settings;
    const usual = { timeoutMs, gather: this.lane.shared, onEnd };
    return request(this.channel, line, options === undefined ? usual : { ...usual, ...options });
  }

  learn(event: ServerEvent): void {
    this.server = nextServerState(this.server, event);
  }

  async requestOptional(line: Command): Promise<FinalReply | undefined> {
    try {
      return await this.request(line);
    } catch (error) {
      if (this.channel.cause !== undefined || !(error instanceof FtpProtocolError)) throw error;
      return undefined;
    }
  }

  /** Asks a fence, so that the next reply is the next command's. */
  async bringIntoStep(): Promise<void> {
    this.channel.fenceBeforeNext();
    await this.channel.settle();
    if (this.channel.cause !== undefined) throw this.channel.cause;
  }

  /** Several exchanges in order: in one write, or each after the reply to the one before. */
  async requestAll(lines: readonly Command[], atOnce: boolean): Promise<FinalReply[]> {
    if (atOnce) return Promise.all(lines.map((line) => this.request(line, { gather: true })));
    const finals: FinalReply[] = [];
    for (const line of lines) finals.push(await this.request(line));
    return finals;
  }

  async perform(verb: string, ...args: (string | undefined)[]): Promise<Reply> {
    const line = command(verb, ...args);
    return accepted(await this.request(line), line.masked);
  }

  async performForUser(line: Command): Promise<Reply> {
    const asked = this.request(line).catch((error: unknown) => {
      // All sessions are brought to the possible new settings: then they agree.
      if (line.verb === 'OPTS' && this.channel.cause === undefined) this.user.note(line);
      throw error;
    });
    const reply = accepted(await asked, line.masked);
    this.user.note(line);
    return reply;
  }

  /** It has run into a fault of its server: another session should do later work. */
  get mustBeReplaced(): boolean {
    return mustBeReplaced(this);
  }

  ensureType(type: string, options: Partial<RequestOptions> = {}): Promise<void> {
    return this.#representation.ensure(type, options);
  }

  limitAbort(): void {
    this.#leases.limitAbort();
  }

  endAbort(): void {
    this.#leases.endAbort();
  }

  #closeOverdue(): void {
    const { abortTimeoutMs } = this.settings;
    this.channel.close(
      new FtpTimeoutError(
        `The server did not end the cancelled work within ${abortTimeoutMs} ms; the client closed the connection.`,
        { phase: 'abort', afterMs: abortTimeoutMs },
      ),
    );
  }

  /** QUIT comes next, once nothing runs any more: work that its user holds must not last for ever. */
  expectQuit(): void {
    this.#endsNext = true;
    this.contended();
  }

  /** Whether the session was told to quit. */
  get quits(): boolean {
    return this.#quitting !== undefined;
  }

  /** Refuses what waits, ends what runs with an error, says QUIT, and closes; once. Never rejects. */
  quit(): Promise<void> {
    this.#quitting ??= this.#quit();
    return this.#quitting;
  }

  async #quit(): Promise<void> {
    // The work on a lost connection gets the cause of the loss.
    if (this.channel.cause !== undefined) return;
    const cause = new FtpConnectionError('The session was closed by this client.', {
      channel: 'control',
      phase: 'close',
    });
    await this.#leases.close(cause);
    if (this.channel.cause === undefined) await this.#sayQuit();
    this.channel.close(cause);
  }

  #onStart(kind: LeaseKind): void {
    if (!opensData(kind)) this.earlyPort = undefined;
    this.#keepAlive.stop();
    this.#contention.reset();
    this.channel.events.activity('busy');
  }

  async #sayQuit(): Promise<void> {
    try {
      await this.request(command('QUIT'), { timeoutMs: this.settings.abortTimeoutMs, phase: 'close' });
    } catch {
      // A server that hangs up instead of answering QUIT has done what was asked.
    }
  }

  #rest(): void {
    if (!this.lane.idle || this.channel.cause !== undefined) return;
    this.channel.events.activity('idle');
    this.#keepAlive.rest();
  }

  /** A NOOP that fails has closed the channel, which tells its cause to all work. */
  #noop(): void {
    const work = async (): Promise<void> => void (await this.request(command('NOOP')));
    this.start({ kind: 'exclusive', work, mayFollowRnfr: true }, () => {});
  }

  #onClosed(cause: FtpError): void {
    this.#keepAlive.stop();
    this.lane.close(cause);
  }
}

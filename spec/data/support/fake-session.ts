/** A session without a connection: it records its calls, and only the spec answers. */

import { FtpEvents, type SessionEvent } from '../../../lib/control/events.js';
import type { NextKind } from '../../../lib/control/lane.js';
import { Learned, type Optional } from '../../../lib/control/learned.js';
import type { FinalReply } from '../../../lib/control/request.js';
import { profileOf } from '../../../lib/control/server-profile.js';
import { INITIAL_SERVER_STATE, nextServerState, type ServerEvent } from '../../../lib/control/server-state.js';
import type { EarlyPort, Session } from '../../../lib/control/session.js';
import type { SessionSettings } from '../../../lib/control/settings.js';
import type { FtpError } from '../../../lib/errors.js';
import { SYSTEM_CLOCK } from '../../../lib/net/clock.js';
import { connectSocket } from '../../../lib/net/connector.js';
import { TimerPool } from '../../../lib/net/timer-pool.js';
import type { TlsLink } from '../../../lib/net/tls-link.js';
import type { Command } from '../../../lib/protocol/command.js';
import { formatReply, type Reply } from '../../../lib/protocol/reply.js';

export class FakeSession {
  settings: Partial<SessionSettings> = {
    host: '192.0.2.1',
    secure: false,
    dataProtection: 'private',
    mode: 'passive',
    maxSessions: 1,
    connectTimeoutMs: 20_000,
    replyTimeoutMs: 30_000,
    stallTimeoutMs: 8_000,
    abortTimeoutMs: 10_000,
    minRate: false,
    trustPasvHost: false,
    connector: connectSocket,
  };
  readonly learned = new Learned();
  profile = profileOf('');
  server = INITIAL_SERVER_STATE;
  readonly user: { readonly applied: { protection?: string } } = { applied: {} };
  tls: TlsLink | undefined;
  peer: string | undefined;
  roundTripMs = 0;
  readonly events = new FtpEvents();
  earlyPort: EarlyPort | undefined;
  settled: Promise<void> | undefined;
  nextKind: NextKind | undefined;
  /** Its calls, in order. */
  readonly told: string[] = [];
  /** The cause of its closing. */
  closedBy: FtpError | undefined;
  readonly channel = new FakeChannel(this);
  /** Answers a request by its line. */
  answer: (line: string) => FinalReply | Promise<FinalReply> = (line) => Promise.reject(new Error(`${line}?`));
  readonly #listeners = new Set<() => void>();

  /** Itself, for the module that takes a real one. */
  get real(): Session {
    return this as unknown as Session;
  }

  /** How many listen for contention. */
  get watchers(): number {
    return this.#listeners.size;
  }

  askSource<T>(ask: () => T): T {
    return ask();
  }

  onContention(callback: () => void): () => void {
    this.#listeners.add(callback);
    if (this.nextKind !== undefined) callback();
    return () => this.#listeners.delete(callback);
  }

  /** Other work begins to wait. */
  await(kind: NextKind): void {
    this.nextKind = kind;
    for (const callback of [...this.#listeners]) callback();
  }

  async request(asked: Command): Promise<FinalReply> {
    this.told.push(asked.line);
    const final = await this.answer(asked.line);
    this.learn({ type: 'answered', command: asked, reply: final.reply });
    return final;
  }

  learn(event: ServerEvent): void {
    this.server = nextServerState(this.server, event);
  }

  async ensureType(type: string): Promise<void> {
    this.told.push(`TYPE ${type}`);
    await this.answer(`TYPE ${type}`);
  }

  fallBack(what: Optional, to: string): void {
    if (this.learned.doWithout(what)) this.told.push(`${to} for ${what}`);
  }

  fallBackFromSilence(what: Optional, to: string): void {
    if (!this.learned.hasAnswered(what)) this.fallBack(what, to);
  }

  tell(event: SessionEvent): void {
    this.told.push(event.type);
    this.events.tell(1, event);
  }

  limitAbort(): void {
    this.told.push('limit abort');
  }

  endAbort(): void {
    this.told.push('end abort');
  }
}

class FakeChannel {
  readonly timers = new TimerPool(SYSTEM_CLOCK.now);
  readonly transport = { localAddress: '127.0.0.1', remoteAddress: '127.0.0.1' };
  readonly #session: FakeSession;

  constructor(session: FakeSession) {
    this.#session = session;
  }

  get learned(): Learned {
    return this.#session.learned;
  }

  get cause(): FtpError | undefined {
    return this.#session.closedBy;
  }

  send({ line }: Command): void {
    this.#tell(line);
  }

  write({ line }: Command): void {
    this.#tell(line);
  }

  decide(_reader: unknown, held: Reply): void {
    this.#tell(`decide ${formatReply(held)}`);
  }

  readonly events = {
    tell: (event: SessionEvent): void => {
      this.#tell('reply' in event && event.reply !== undefined ? `dropped ${formatReply(event.reply)}` : event.type);
    },
  };

  fenceBeforeNext(): void {
    this.#tell('fence');
  }

  expectSurplus(): void {
    this.#tell('surplus');
  }

  moved(): void {
    this.#tell('moved');
  }

  requireSendable({ line }: Command): void {
    this.#tell(`sendable ${line}`);
  }

  close(cause: FtpError): void {
    this.#session.closedBy ??= cause;
    this.#tell('close');
  }

  #tell(what: string): void {
    this.#session.told.push(what);
  }
}

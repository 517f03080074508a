/**
 * A deterministic FTP server on a loopback port that does what a spec tells it: the client's counterpart in almost
 * every spec.
 *
 * Without a script it is a small correct server over a tree in memory. `on(verb, handler)` replaces one answer;
 * `received` and `event` are the promises to wait for, so that no spec sleeps; `commands`, `events` and `clear` say
 * afterwards what was on the wire. Use it with `await using`: closing ends every socket and throws what a handler threw.
 */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { AbortStyle } from './scripted/abort-style.js';
import { defaultFeatures } from './scripted/commands/features.js';
import { defaultHandler } from './scripted/commands/index.js';
import { type EventKind, type EventOf, Journal, type ServerEvent } from './scripted/journal.js';
import { MemoryTree } from './scripted/memory-tree.js';
import type { Handler, ScriptedServerOptions } from './scripted/options.js';
import type { Chunking } from './scripted/reply-writer.js';
import { type ServerTls, serverTls } from './scripted/server-tls.js';
import { type CommandLine, Session, type SessionServer } from './scripted/session.js';

export { type AbortStyle, everyAbortStyle } from './scripted/abort-style.js';
export type { EventKind, EventOf, ServerEvent } from './scripted/journal.js';
export type { Command, Handler, ScriptedServerOptions, ScriptedTls } from './scripted/options.js';
export type { Session } from './scripted/session.js';

/** Starts a scripted server on a free port. */
export async function scriptedServer(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
  const tls = options.tls === undefined ? undefined : await serverTls(options.tls);
  const server = new ScriptedServer(options, tls);
  await server.listen();
  return server;
}

export class ScriptedServer implements SessionServer, AsyncDisposable {
  readonly options: ScriptedServerOptions;
  readonly tls: ServerTls | undefined;
  readonly journal: Journal = new Journal();
  readonly sessions: Session[] = [];
  /** The files; a spec may look and change. */
  readonly tree: MemoryTree;
  /** The list of FEAT; a spec may change it. */
  features: readonly string[];
  /** How aborted transfers and ABOR are answered; a spec may change it. */
  abort: AbortStyle;
  readonly #handlers = new Map<string, Handler>();
  readonly #once = new Map<string, Handler[]>();
  readonly #resources = new Set<Socket | Server>();
  readonly #clear: Buffer[] = [];
  readonly #failures: unknown[] = [];
  readonly #listener: Server;
  #closing = false;

  constructor(options: ScriptedServerOptions, tls: ServerTls | undefined) {
    this.options = options;
    this.tls = tls;
    this.tree = new MemoryTree(options.files);
    this.features = defaultFeatures(tls?.mode);
    this.abort = options.abort ?? '426+225';
    this.#listener = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket));
    this.track(this.#listener);
  }

  get host(): string {
    return this.options.host ?? '127.0.0.1';
  }

  get port(): number {
    const address = this.#listener.address();
    if (typeof address !== 'object' || address === null) throw new Error('the scripted server does not listen');
    return address.port;
  }

  get chunking(): Chunking {
    return this.options.chunking ?? (process.env.RXFTP_CHUNKING === 'bytes' ? 'bytes' : 'whole');
  }

  get controlTls(): TlsOptions | undefined {
    return this.tls?.control;
  }

  get dataTls(): TlsOptions | undefined {
    return this.tls?.data;
  }

  /** Everything that happened, in order. */
  get events(): readonly ServerEvent[] {
    return this.journal.events;
  }

  /** The command lines in order of arrival, without line ends. */
  get commands(): string[] {
    return this.journal.of('command').map((event) => event.text);
  }

  /** All bytes that arrived in clear, on control and data connections. */
  get clear(): Buffer {
    return Buffer.concat(this.#clear);
  }

  /** Answers a verb from now on; the last handler given wins. */
  on(verb: string, handler: Handler): this {
    this.#handlers.set(verb.toUpperCase(), handler);
    return this;
  }

  /** Answers the next command of that verb, before `on`; several wait in line. */
  once(verb: string, handler: Handler): this {
    const waiting = this.#once.get(verb.toUpperCase()) ?? [];
    this.#once.set(verb.toUpperCase(), [...waiting, handler]);
    return this;
  }

  /** Answers a verb with fixed replies, sent in one packet; no reply at all is silence. */
  answer(verb: string, ...replies: readonly string[]): this {
    return this.on(verb, (session) => (replies.length > 0 ? session.reply(...replies) : undefined));
  }

  /** The `nth` command of that verb, past or to come. */
  received(verb: string, nth = 1): Promise<EventOf<'command'>> {
    return this.journal.wait('command', (event) => event.verb === verb.toUpperCase(), nth);
  }

  /** The `nth` event of that kind, past or to come, for which `where` holds. */
  event<K extends EventKind>(
    kind: K,
    { nth = 1, where = () => true }: { nth?: number; where?: (event: EventOf<K>) => boolean } = {},
  ): Promise<EventOf<K>> {
    return this.journal.wait(kind, where, nth);
  }

  async listen(): Promise<void> {
    this.#listener.listen(0, this.host);
    await once(this.#listener, 'listening');
  }

  /** Ends everything and resolves when all sockets are closed; throws what handlers threw. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.journal.close();
    const open = [...this.#resources];
    const closed = open.map((resource) => new Promise((resolve) => resource.once('close', resolve)));
    for (const resource of open) 'destroy' in resource ? resource.destroy() : resource.close();
    await Promise.all(closed);
    if (this.#failures.length > 0) throw new AggregateError(this.#failures, 'a handler of the scripted server failed');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  track(resource: Socket | Server): void {
    this.#resources.add(resource);
    resource.once('close', () => this.#resources.delete(resource));
    resource.on('error', () => undefined);
  }

  tap(bytes: Buffer): void {
    this.#clear.push(bytes);
  }

  /** A session has begun, and nothing has gone over it. */
  opened(_session: Session): void {}

  arrived(session: Session, line: CommandLine): void {
    if (line.verb === 'ABOR' && this.options.abortsAtOnce === true) session.link?.reset();
    const work = (): Promise<void> => this.#guard(session, () => this.#handle(session, line));
    if (this.options.outOfTurn?.includes(line.verb) === true) void work();
    else session.inTurn(work);
  }

  #accept(socket: Socket): void {
    this.track(socket);
    const session = new Session(this, this.sessions.length + 1, socket);
    this.sessions.push(session);
    this.opened(session);
    session.inTurn(() => this.#guard(session, () => this.#greet(session)));
  }

  async #greet(session: Session): Promise<void> {
    if (this.tls?.mode !== 'implicit') session.open();
    else if (!(await session.upgrade())) return;
    const greeting = this.options.greeting ?? '220 Ready (rxftp test server)';
    if (typeof greeting === 'function') await greeting(session);
    else if (greeting !== false) await session.reply(...[greeting].flat());
  }

  async #handle(session: Session, line: CommandLine): Promise<void> {
    const byDefault = async (): Promise<void> => {
      await defaultHandler(line.verb)(session, line.argument, this);
    };
    const [first, ...rest] = this.#once.get(line.verb) ?? [];
    this.#once.set(line.verb, rest);
    const handler = first ?? this.#handlers.get(line.verb) ?? byDefault;
    await handler(session, line.argument, { ...line, byDefault });
  }

  /** A failure after the end of the connection is no fault of the script. */
  async #guard(session: Session, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#closing || session.closed) return;
      this.#failures.push(error);
      session.record('handler-failed', { error });
      await session.reply('451 The script failed.');
    }
  }
}

/** Holds a running test server: its listener, its sessions, and the test's handlers and faults. */
import type { Server, Socket } from 'node:net';
import type { FtpOptions } from '../client/options.js';
import { FtpUsageError } from '../errors.js';
import type { CommandLine } from './command-line.js';
import type { CommandServer } from './commands/handler.js';
import { answer } from './commands/index.js';
import { type Fault, Faults, type TestFault } from './faults.js';
import type { TestServerOptions } from './options.js';
import { areReplies } from './scripted-reply.js';
import { HOST, listenOn, portOf, type ServerTls, serverTls } from './server-sockets.js';
import { Session } from './session.js';
import type { SessionServer } from './session-server.js';
import type { TestContent } from './test-file.js';
import { TestFiles } from './test-files.js';
import type { TestCommand, TestHandler, TestServer } from './test-server.js';
import { requireVerb } from './verbs.js';

/** Our client knows by it that each command is answered once, and does not wait for a second reply. */
const GREETING = 'Ready (rxftp test server)';

export class RunningServer implements TestServer, SessionServer<Session>, CommandServer {
  readonly files: TestFiles = new TestFiles();
  readonly commands: string[] = [];
  readonly listing: 'mlsd' | 'unix' | 'dos';
  readonly mode: 'explicit' | 'implicit' | undefined;
  // Private, so that no inspection of the server shows the password or the key.
  readonly #user: string | undefined;
  readonly #password: string | undefined;
  readonly #tls: ServerTls | undefined;
  readonly #greeting: string;
  readonly #faults = new Faults();
  readonly #handlers = new Map<string, TestHandler>();
  readonly #sockets = new Set<Socket>();
  readonly #errors: unknown[] = [];
  #listener: Server | undefined;
  #port = 0;
  #sessions = 0;
  #isDisposed = false;

  private constructor(options: TestServerOptions) {
    const { files = {}, secure, greeting = GREETING, listing = 'mlsd' } = options;
    for (const [path, content] of entriesOf(files)) this.files.set(path, content);
    this.#user = options.user;
    this.#password = options.password;
    this.listing = listing;
    this.mode = secure?.mode;
    this.#tls = secure === undefined ? undefined : serverTls(secure);
    this.#greeting = greeting;
  }

  static async start(options: TestServerOptions): Promise<RunningServer> {
    const server = new RunningServer(options);
    server.#listener = await listenOn(options.port ?? 0, (socket) => server.#connected(socket));
    server.#port = portOf(server.#listener);
    return server;
  }

  get url(): string {
    const scheme = this.mode === undefined ? 'ftp' : { explicit: 'ftpes', implicit: 'ftps' }[this.mode];
    const secret = this.#password === undefined ? '' : `:${encodeURIComponent(this.#password)}`;
    const login = this.#user === undefined ? '' : `${encodeURIComponent(this.#user)}${secret}@`;
    return `${scheme}://${login}${HOST}:${this.#port}/`;
  }

  get options(): FtpOptions {
    const login = {
      ...(this.#user === undefined ? {} : { user: this.#user }),
      ...(this.#password === undefined ? {} : { password: this.#password }),
    };
    const options: FtpOptions = { host: HOST, port: this.#port, ...login };
    if (this.mode === undefined || this.#tls === undefined) return options;
    return { ...options, secure: this.mode, tls: { fingerprint256: this.#tls.fingerprint256 } };
  }

  on(verb: string, handler: TestHandler): () => void {
    const known = requireVerb(verb);
    if (typeof handler !== 'function') throw new FtpUsageError(`The handler of ${known} must be a function`);
    this.#handlers.set(known, handler);
    return () => {
      if (this.#handlers.get(known) === handler) this.#handlers.delete(known);
    };
  }

  fail(verb: string, how: TestFault): void {
    this.#faults.add(verb, how, new Set(this.#handlers.keys()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [...this.#sockets].map((socket) => closing(socket));
    if (this.#listener?.listening === true) closed.push(closing(this.#listener));
    for (const socket of this.#sockets) socket.destroy();
    this.#listener?.close();
    await Promise.all(closed);
    this.#isDisposed = true;
    const [error] = this.#errors.splice(0);
    if (error !== undefined) throw error;
  }

  get tls(): ServerTls | undefined {
    return this.#tls;
  }

  letsIn(user: string, password: string): boolean {
    return (this.#user ?? user) === user && (this.#password ?? password) === password;
  }

  now(): Date {
    return new Date();
  }

  track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (this.#listener?.listening === false) socket.destroy();
  }

  received(shown: string): void {
    this.commands.push(shown);
  }

  takeFault(verb: string): Fault | undefined {
    return this.#faults.take(verb);
  }

  async scripted(session: Session, { verb, argument }: CommandLine): Promise<readonly string[] | undefined> {
    const command: TestCommand = { verb, argument, session: session.id };
    const given: unknown = await this.#handlers.get(verb)?.(command);
    const lines = typeof given === 'string' ? [given] : given;
    if (lines === undefined || (Array.isArray(lines) && areReplies(lines))) return lines;
    throw new FtpUsageError(`The handler of ${verb} must give whole replies such as '250 Done.', or undefined`);
  }

  answer(session: Session, command: CommandLine): Promise<void> | void {
    return answer(session, command, this);
  }

  /** Behind the disposal there is nothing left that could tell the test. */
  failed(error: unknown): void {
    if (!this.#isDisposed) this.#errors.push(error ?? new Error('A handler has failed without a reason.'));
  }

  #connected(socket: Socket): void {
    this.track(socket);
    this.#sessions += 1;
    const session = new Session(this, this.#sessions, socket);
    session.open(this.#greeting, this.mode === 'implicit').catch((error: unknown) => this.failed(error));
  }
}

function entriesOf(files: NonNullable<TestServerOptions['files']>): Iterable<[string, TestContent]> {
  return Symbol.iterator in files ? (files as ReadonlyMap<string, TestContent>) : Object.entries(files);
}

function closing(resource: Server | Socket): Promise<void> {
  return new Promise((resolve) => resource.once('close', () => resolve()));
}

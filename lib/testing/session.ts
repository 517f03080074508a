/**
 * Runs one session: it answers its commands one after the other, and holds the state that they change.
 *
 * Two commands do not wait for the transfer before them. ABOR ends it, and STAT reports on it (RFC 959 section 4.1.3). The session notes
 * each when it comes.
 */
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { CommandBreak } from './command-break.js';
import { type CommandLine, readCommand } from './command-line.js';
import { CommandQueue } from './command-queue.js';
import { ControlConnection } from './control-connection.js';
import { DataPort } from './data-port.js';
import { EarlyCommands } from './early-command.js';
import type { Break } from './faults.js';
import { applyLogin } from './login.js';
import type { SessionServer } from './session-server.js';
import { newState, type SessionState } from './session-state.js';
import { delay } from './socket-events.js';
import type { Transfer } from './transfer.js';
import { DATA_VERBS } from './verbs.js';

export class Session {
  readonly id: number;
  readonly state: SessionState = newState();
  /** The source of the next data connection. */
  readonly dataPort: DataPort;
  /** The transfer that runs. */
  transfer: Transfer | undefined;
  readonly #server: SessionServer<Session>;
  readonly #control: ControlConnection;
  readonly #waiting: CommandQueue;
  readonly #early: EarlyCommands<Session>;
  readonly #break: CommandBreak;
  /** No further command is done. */
  #isOver = false;

  constructor(server: SessionServer<Session>, id: number, socket: Socket) {
    this.#server = server;
    this.id = id;
    this.#control = new ControlConnection(socket, {
      line: (line) => this.#arrived(readCommand(line)),
      tooLong: () => this.#refuseLongLine(),
      closed: () => this.#closed(),
    });
    this.#break = new CommandBreak(this.#control);
    this.#waiting = new CommandQueue(this.#control, (command) =>
      this.#perform(command).catch((error: unknown) => this.#failed(error)),
    );
    this.#early = new EarlyCommands<Session>(this, server);
    this.dataPort = new DataPort(this.#control, (opened) => server.track(opened));
  }

  get isSecure(): boolean {
    return this.#control.isSecure;
  }

  get peer(): string {
    return this.#control.peer;
  }

  /** Aborts when the control connection is closed. */
  get gone(): AbortSignal {
    return this.#control.gone;
  }

  /** The TLS of data connections; undefined for clear text. */
  get dataTls(): TlsOptions | undefined {
    return this.state.protection === 'P' ? this.#server.tls?.options : undefined;
  }

  /** An ABOR that came behind the command of this transfer, and before its 150, ends it. */
  abortIfNext(): void {
    const abort = this.#waiting.find('ABOR');
    if (abort !== undefined) this.#doEarly(abort);
  }

  /** Greets, with TLS before if it is implicit, and begins to read. */
  async open(greeting: string, isImplicit: boolean): Promise<void> {
    if (isImplicit && !(await this.secure())) return;
    await this.reply(`220 ${greeting}`);
    this.#control.open();
  }

  /** Sends replies: each is one line. A fault of the control connection that no transfer has taken hits them. */
  reply(...lines: readonly string[]): Promise<void> {
    this.#break.beforeReply();
    return this.#control.send(lines);
  }

  /** Lays TLS over the control connection. */
  async secure(): Promise<boolean> {
    const options = this.#server.tls?.options;
    if (options === undefined) return false;
    // Commands that came behind AUTH in clear text are not answered.
    this.#waiting.clear();
    return this.#control.secure(options);
  }

  /** Goes on to read, over TLS. */
  resume(): void {
    this.#control.open();
  }

  /** Ends the session after all that was sent. Commands that come behind are not done. */
  end(): void {
    this.#waiting.clear();
    this.#isOver = true;
    this.#control.end();
  }

  reset(): void {
    this.#control.reset();
  }

  /** As after the login of a new user: REIN (RFC 959 section 4.1.1). */
  reinitialize(): void {
    const { protection, hasBufferSize } = this.state;
    this.dataPort.close();
    Object.assign(this.state, newState(), { protection, hasBufferSize });
  }

  /** Lets a fault of the control connection hit the next reply. */
  breakReply(how: Break): void {
    this.#control.breakOff(how);
  }

  /** The fault that breaks the transfer of this command. */
  takeBreak(): Break | undefined {
    return this.#break.take();
  }

  #arrived(command: CommandLine): void {
    this.#server.received(command.shown);
    if (this.#isOver) return;
    const isStat = command.verb === 'STAT' && command.argument === '';
    if (this.transfer !== undefined && (isStat || command.verb === 'ABOR')) this.#doEarly(command);
    this.#waiting.push(command);
  }

  #doEarly(command: CommandLine): void {
    this.#early.begin(command, (error) => this.#failed(error));
  }

  async #perform(command: CommandLine): Promise<void> {
    const early = await this.#early.of(command);
    if (early?.isAnswered) return;
    if (early !== undefined) {
      this.#break.begin(command.verb, early.break);
      return this.#server.answer(this, command);
    }
    const fault = this.#server.takeFault(command.verb);
    if (fault?.delayMs !== undefined) await delay(fault.delayMs, this.gone);
    // The client has closed the connection meanwhile.
    if (this.gone.aborted) return;
    try {
      if (fault?.refusal !== undefined) await this.replyAsTold([fault.refusal]);
      else await this.#answer(command, fault?.break);
    } finally {
      this.#used(command.verb);
    }
  }

  /** Sends lines of the test's own. 221 and 421 say that the connection is closed with them (RFC 959 section 5.4). */
  async replyAsTold(lines: readonly string[]): Promise<void> {
    await this.reply(...lines);
    if (/^[24]21/.test(lines.at(-1) ?? '')) this.end();
  }

  /** The next transfer uses its settings up, even if it is refused or fails. */
  #used(verb: string): void {
    if (DATA_VERBS.has(verb)) this.dataPort.close();
    if (!DATA_VERBS.has(verb) && verb !== 'HASH') return;
    this.state.restart = 0;
    this.state.range = undefined;
  }

  async #answer(command: CommandLine, fault: Break | undefined): Promise<void> {
    this.#break.begin(command.verb, fault);
    const answer = await this.#server.scripted(this, command);
    const last = answer?.at(-1);
    if (this.gone.aborted) return;
    if (answer === undefined) await this.#server.answer(this, command);
    else if (last !== undefined) {
      applyLogin(this.state, command, last);
      await this.replyAsTold(answer);
    }
    this.#break.end();
  }

  /** A handler or a file of the test has failed. The client gets 451; the disposal of the server tells the test. */
  async #failed(error: unknown): Promise<void> {
    this.#server.failed(error);
    await this.reply('451 The test that runs this server has failed.');
  }

  #refuseLongLine(): void {
    void this.reply('500 The line is too long.');
    this.end();
  }

  #closed(): void {
    this.#waiting.clear();
    this.dataPort.close();
    this.transfer?.cancel();
  }
}

/**
 * FTP by as little code as will do: no checks, no errors, no timeouts, nothing decoded that is not needed. It tells what
 * Node's sockets, the server and the machine leave to any client. rxjs is imported, as it is by every program of ours.
 */
import 'rxjs';
import { connect, type Socket } from 'node:net';
import type { Task } from '../task.js';

export class BareSession implements Disposable {
  readonly #host: string;
  readonly #socket: Socket;
  readonly #waiting: ((reply: string) => void)[] = [];
  /** EPSV's reply, asked for when the data of the transfer before had ended. */
  #port: Promise<string> | undefined;

  private constructor({ host, port }: Task) {
    this.#host = host;
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.setEncoding('latin1').on('data', (text) => {
      for (const line of String(text).split('\r\n')) if (/^[2-5]\d\d /.test(line)) this.#waiting.shift()?.(line);
    });
  }

  static async open(task: Task): Promise<BareSession> {
    const session = new BareSession(task);
    await session.#reply();
    for (const line of [`USER ${task.user}`, `PASS ${task.password}`, 'TYPE I']) await session.ask(line);
    return session;
  }

  static openAll(task: Task): Promise<BareSession[]> {
    return Promise.all(Array.from({ length: task.sessions }, () => BareSession.open(task)));
  }

  /** Sends a line; resolves with its final reply. */
  ask(line: string): Promise<string> {
    this.#socket.write(`${line}\r\n`);
    return this.#reply();
  }

  async receive(command: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const onread = {
      buffer: Buffer.allocUnsafe(16_384),
      callback: (length: number, buffer: Uint8Array): boolean =>
        chunks.push(Buffer.from(buffer.subarray(0, length))) > 0,
    };
    const data = connect({ host: this.#host, port: await this.#nextPort(), onread }).resume();
    await new Promise((resolve) => data.once('connect', resolve));
    const final = this.ask(command);
    await new Promise((resolve) => data.once('end', resolve));
    this.#port = this.ask('EPSV');
    await final;
    data.destroy();
    return Buffer.concat(chunks);
  }

  async send(command: string, bytes: Uint8Array): Promise<void> {
    const data = connect({ host: this.#host, port: await this.#nextPort() });
    await new Promise((resolve) => data.once('connect', resolve));
    const final = this.ask(command);
    data.end(bytes);
    this.#port = this.ask('EPSV');
    await final;
    data.destroy();
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #reply(): Promise<string> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async #nextPort(): Promise<number> {
    return Number((await (this.#port ?? this.ask('EPSV'))).split('|')[3]);
  }
}

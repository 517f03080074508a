/**
 * A control connection by hand, over node:net and node:tls alone: what proves a real server must not be what is proved
 * with it. Strictly one command at a time, passive by EPSV; every wait is bounded.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { RealServer } from './real-server.js';

const soon = (): { readonly signal: AbortSignal } => ({ signal: AbortSignal.timeout(5000) });
const completeReply = /^(\d{3})(?:-[\s\S]*?\r\n\1)? .*\r\n/;

export class RawDialogue {
  readonly #server: RealServer;
  readonly #tlsOptions: ConnectionOptions;
  #socket: Socket;
  #secure: TLSSocket | undefined;
  #received = '';
  /** Resume the control connection's session on data connections. */
  resumes = true;

  private constructor(server: RealServer, socket: Socket, tlsOptions: ConnectionOptions) {
    this.#server = server;
    this.#socket = socket;
    this.#tlsOptions = {
      ...(server.ca === undefined ? {} : { ca: server.ca }),
      ...server.client,
      servername: 'localhost',
      ...tlsOptions,
    };
    this.#listen();
  }

  /** In clear, and not yet greeted. */
  static async open(server: RealServer, tlsOptions: ConnectionOptions = {}): Promise<RawDialogue> {
    const socket = connect(server.port, server.host);
    await once(socket, 'connect', soon());
    return new RawDialogue(server, socket, tlsOptions);
  }

  get session(): TLSSocket | undefined {
    return this.#secure;
  }

  /** TLS from here on: after 234, or from the first byte. */
  async secure(): Promise<void> {
    this.#socket.removeAllListeners('data');
    this.#secure = tlsConnect({ ...this.#tlsOptions, socket: this.#socket });
    this.#socket = this.#secure;
    this.#listen();
    await once(this.#secure, 'secureConnect', soon());
  }

  #listen(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('utf8');
    });
  }

  /** The next reply, whole. */
  async reply(): Promise<string> {
    for (const { signal } = soon(); ; ) {
      const [reply] = completeReply.exec(this.#received) ?? [];
      if (reply !== undefined) {
        this.#received = this.#received.slice(reply.length);
        return reply;
      }
      await once(this.#socket, 'data', { signal });
    }
  }

  async command(line: string): Promise<string> {
    this.#socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** USER and PASS; the last reply. */
  async login(password = this.#server.password): Promise<string> {
    await this.command(`USER ${this.#server.user}`);
    return this.command(`PASS ${password}`);
  }

  /** EPSV, the commands, of which the last transfers, and all that the data connection brings. */
  async download(...lines: readonly string[]): Promise<string> {
    const data = await this.#transfer(lines);
    const content = await buffer(data);
    this.#expect('226', await this.reply());
    return content.toString('utf8');
  }

  async upload(content: string, ...lines: readonly string[]): Promise<void> {
    const data = await this.#transfer(lines);
    // TLS 1.3: unread tickets would turn the close into a reset.
    data.resume().end(content);
    await once(data, 'close', soon());
    this.#expect('226', await this.reply());
  }

  async #transfer(lines: readonly string[]): Promise<Socket> {
    const [, port] = /\|\|\|(\d+)\|/.exec(await this.command('EPSV')) ?? [];
    const data = connect(Number(port), this.#server.host);
    await once(data, 'connect', soon());
    let last = '';
    for (const line of lines) last = await this.command(line);
    this.#expect('1', last);
    if (this.#secure === undefined) return data;
    const session = this.resumes ? this.#secure.getSession() : undefined;
    const secured = tlsConnect({ ...this.#tlsOptions, socket: data, ...(session === undefined ? {} : { session }) });
    await once(secured, 'secureConnect', soon());
    return secured;
  }

  #expect(prefix: string, reply: string): void {
    if (!reply.startsWith(prefix)) throw new Error(`expected ${prefix}, received ${reply}`);
  }

  close(): void {
    this.#socket.destroy();
  }
}

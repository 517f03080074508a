/**
 * A naive FTP client over bare sockets, to prove the test servers without the library they are to test.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';

const finalLine = /^(\d{3}) .*\r\n/m;

export class RawClient implements Disposable {
  socket: Socket;
  readonly chunks: string[] = [];
  #text = '';
  #closed = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.#listen(socket);
  }

  static async connect(to: { readonly host: string; readonly port: number }): Promise<RawClient> {
    const socket = connect({ host: to.host, port: to.port, noDelay: true });
    const client = new RawClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** The next reply, all its lines without the last CRLF; undefined when the connection ended first. */
  async reply(): Promise<string | undefined> {
    for (;;) {
      const end = finalLine.exec(this.#text);
      if (end !== null) {
        const reply = this.#text.slice(0, end.index + end[0].length);
        this.#text = this.#text.slice(reply.length);
        return reply.trimEnd();
      }
      if (this.#closed) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async code(): Promise<number> {
    return Number((await this.reply())?.slice(0, 3));
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Sends a line and resolves with its first reply. */
  send(line: string): Promise<string | undefined> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  async login(user = 'anonymous', password = 'anonymous@'): Promise<void> {
    await this.reply();
    await this.send(`USER ${user}`);
    await this.send(`PASS ${password}`);
    await this.send('TYPE I');
  }

  /** EPSV and the TCP connection to its port. */
  async passive(): Promise<Socket> {
    const port = await this.passivePort();
    const socket = connect({ host: this.socket.remoteAddress ?? '127.0.0.1', port });
    await once(socket, 'connect');
    return socket;
  }

  /** EPSV alone. */
  async passivePort(): Promise<number> {
    const reply = await this.send('EPSV');
    return Number(/\|\|\|(\d+)\|/.exec(reply ?? '')?.[1]);
  }

  /** A whole download over a passive connection, without TLS. */
  async download(line: string): Promise<{ bytes: Buffer; replies: (string | undefined)[] }> {
    const socket = await this.passive();
    const first = await this.send(line);
    const bytes = await readToEnd(socket);
    return { bytes, replies: [first, await this.reply()] };
  }

  async upload(line: string, bytes: string): Promise<(string | undefined)[]> {
    const socket = await this.passive();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    // A refused upload may be reset; its reply says so.
    socket.on('error', () => undefined);
    const first = await this.send(line);
    socket.resume().end(bytes);
    await closed;
    return [first, await this.reply()];
  }

  /** Puts the control connection under TLS. */
  async secure(options: ConnectionOptions): Promise<TLSSocket> {
    const secured = connectTls({ socket: this.socket, ...options });
    this.#listen(secured);
    this.socket = secured;
    await once(secured, 'secureConnect');
    return secured;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #listen(socket: Socket): void {
    this.socket.removeAllListeners('data');
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk.toString('latin1'));
      this.#text += chunk.toString('utf8');
      this.#wake();
    });
    socket.once('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }
}

export async function readToEnd(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

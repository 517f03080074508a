/** A proxy whose answers a spec writes: it listens on loopback, and serves each connection by a script. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Serves one connection. Its promise rejects where the client hangs up; that is no fault of the proxy. */
export type ProxyScript = (client: ProxyClient) => unknown;

/** The client's end of one connection. */
export class ProxyClient {
  readonly socket: Socket;
  readonly #proxy: ScriptedProxy;

  constructor(socket: Socket, proxy: ScriptedProxy) {
    this.socket = socket;
    this.#proxy = proxy;
  }

  /** Exactly so many bytes; rejects when the client hangs up before. */
  async take(count: number): Promise<Buffer> {
    for (;;) {
      const bytes: Buffer | null = count === 0 ? Buffer.alloc(0) : this.socket.read(count);
      if (bytes !== null) return bytes;
      if (this.socket.destroyed || this.socket.readableEnded) throw new Error('the client has hung up');
      await Promise.race([once(this.socket, 'readable'), once(this.socket, 'close')]);
    }
  }

  /** The bytes up to `end`, with it. */
  async takeUntil(end: string): Promise<string> {
    let text = '';
    while (!text.endsWith(end)) text += (await this.take(1)).toString('latin1');
    return text;
  }

  send(bytes: readonly number[] | string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? bytes : Buffer.from(bytes));
  }

  /** One byte in a turn of the event loop each. */
  async sendSlowly(bytes: readonly number[] | string): Promise<void> {
    for (const byte of typeof bytes === 'string' ? Buffer.from(bytes) : bytes) {
      this.send([byte]);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Connects to the server; rejects with Node's error. */
  async reach(host: string, port: number): Promise<Socket> {
    const server = connect({ host, port, noDelay: true });
    this.#proxy.keep(server);
    await once(server, 'connect');
    return server;
  }

  /** Hands everything on from now on; the end of one side is that of the other. */
  relay(server: Socket): void {
    const { socket } = this;
    server.pipe(socket).pipe(server);
    server.on('close', () => socket.destroy());
    socket.on('close', () => server.destroy());
  }
}

export class ScriptedProxy implements AsyncDisposable {
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer({ noDelay: true }, (socket) => void this.#serve(socket));
  readonly #host: string;
  readonly #script: ProxyScript;
  /** How many connections have been made to it. */
  connections = 0;

  private constructor(script: ProxyScript, host: string) {
    this.#script = script;
    this.#host = host;
  }

  static async start(script: ProxyScript, host = '127.0.0.2'): Promise<ScriptedProxy> {
    const proxy = new ScriptedProxy(script, host);
    proxy.#server.listen({ host, port: 0 });
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** Host and port, as in a URL. */
  get name(): string {
    const { port } = this.#server.address() as AddressInfo;
    return this.#host.includes(':') ? `[${this.#host}]:${port}` : `${this.#host}:${port}`;
  }

  /** Sockets that are still open, on both sides. */
  get open(): number {
    return this.#sockets.size;
  }

  /** Resolves when all its sockets are closed, which is the client's doing. */
  async idle(): Promise<void> {
    // The end of a socket is seen behind what has not been read.
    for (const socket of this.#sockets) socket.resume();
    for (const socket of [...this.#sockets]) {
      if (this.#sockets.has(socket)) await new Promise((resolve) => socket.once('close', resolve));
    }
  }

  keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
  }

  async #serve(socket: Socket): Promise<void> {
    this.connections += 1;
    this.keep(socket);
    try {
      await this.#script(new ProxyClient(socket, this));
    } catch {
      socket.destroy();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

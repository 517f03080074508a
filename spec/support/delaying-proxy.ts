/**
 * A TCP relay that makes the way long: each piece arrives `delayMs` later, and replies may arrive byte by byte.
 *
 * Meant for control connections: the data connections go straight to the server, whose address is the same, so that
 * replies and data change their order.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { byteByByte, whole } from './chunks.js';

export interface DelayingProxyOptions {
  /** Where to. */
  readonly host: string;
  readonly port: number;
  /** One way, both ways. */
  readonly delayMs: number;
  /** Every byte from the server in a write, and a turn of the event loop, of its own. Default `false`. */
  readonly byteByByte?: boolean;
}

export class DelayingProxy implements AsyncDisposable {
  readonly #options: DelayingProxyOptions;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer({ noDelay: true }, (socket) => this.#serve(socket));

  private constructor(options: DelayingProxyOptions) {
    this.#options = options;
  }

  static async start(options: DelayingProxyOptions): Promise<DelayingProxy> {
    const proxy = new DelayingProxy(options);
    proxy.#server.listen({ host: options.host, port: 0 });
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #serve(client: Socket): void {
    const { host, port } = this.#options;
    const server = connect({ host, port, noDelay: true });
    this.#keep(client);
    this.#keep(server);
    relay(client, server, this.#options.delayMs, whole);
    relay(server, client, this.#options.delayMs, this.#options.byteByByte === true ? byteByByte : whole);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    // A broken half has nothing to tell but that it is over.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

type Cut = (bytes: Uint8Array) => Uint8Array[];

/** Pieces keep their order: each waits for its own time and for the one before it. So does the end. */
function relay(from: Socket, to: Socket, delayMs: number, cut: Cut): void {
  let before: Promise<void> = Promise.resolve();
  const later = (action: () => void | Promise<void>): void => {
    // The delay is the purpose of this relay, and stands for no event.
    const due = new Promise((resolve) => setTimeout(resolve, delayMs));
    before = Promise.all([before, due]).then(action);
  };
  from.on('data', (chunk: Uint8Array) => later(() => writeAll(to, cut(chunk))));
  from.on('close', () => later(() => to.destroySoon()));
}

async function writeAll(to: Socket, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) {
    if (!to.writable) return;
    to.write(piece);
    if (pieces.length > 1) await new Promise(setImmediate);
  }
}

/**
 * Plays an attacker, or a bad network, on data connections: a TCP relay that watches the bytes and cuts them.
 *
 * It stands in by the `connector` option: data connections are made to the relay, which makes its own to where they were
 * meant for. It knows nothing of TLS.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Connector, type ConnectorEndpoint, connectSocket } from '../../../lib/index.js';

/** One connection through the relay. */
export interface Relayed {
  /** All that the client has sent so far. */
  readonly sent: () => Buffer;
  /** How many bytes were handed to the client. */
  readonly received: () => number;
}

export class DataRelay implements AsyncDisposable {
  readonly connections: Relayed[] = [];
  /** After so many bytes from the server the client gets a FIN, and the server a reset. */
  cutAfter = Number.POSITIVE_INFINITY;
  /** Looks at the client's first bytes; what it says no to is cut off. */
  admits: (hello: Buffer) => boolean = () => true;
  readonly #sockets = new Set<Socket>();
  readonly #targets: ConnectorEndpoint[] = [];
  readonly #server: Server = createServer((socket) => this.#serve(socket));

  static async start(): Promise<DataRelay> {
    const relay = new DataRelay();
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  /** For the option `connector`, and for one transfer at a time. */
  readonly connector: Connector = (endpoint, signal) => {
    if (endpoint.channel === 'control') return connectSocket(endpoint, signal);
    this.#targets.push(endpoint);
    const { port } = this.#server.address() as AddressInfo;
    return connectSocket({ ...endpoint, host: '127.0.0.1', port }, signal);
  };

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #serve(client: Socket): void {
    const target = this.#targets.shift();
    if (target === undefined) throw new Error('nobody said where this connection is meant for');
    const server = connect({ host: target.host, port: target.port, noDelay: true });
    const sent: Buffer[] = [];
    let received = 0;
    this.connections.push({ sent: () => Buffer.concat(sent), received: () => received });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // A break of one half breaks the other.
      socket.on('error', () => other.destroy());
      socket.on('end', () => other.end());
    }
    const cut = (): void => {
      client.end();
      server.resetAndDestroy();
    };
    client.on('data', (chunk: Buffer) => {
      sent.push(chunk);
      if (sent.length === 1 && !this.admits(chunk)) cut();
      else server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => {
      const allowed = chunk.subarray(0, Math.max(0, this.cutAfter - received));
      received += allowed.length;
      client.write(allowed);
      if (received >= this.cutAfter) cut();
    });
  }
}

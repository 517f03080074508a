/** A passive data connection that writes down what it is given, and servers that say nothing. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { connectData } from '../../../lib/data/connect-data.js';
import type { DataConnection } from '../../../lib/data/data-connection.js';
import { Canceller } from '../../../lib/net/cancellation.js';
import type { Connector } from '../../../lib/net/connector.js';
import { FakeSession } from './fake-session.js';

export const LOCAL = '127.0.0.1';
/** The memory that a download reads into. */
export const onread = { buffer: Buffer.alloc(16), callback: () => true };

export interface Kind {
  /** The name that the server has under TLS; missing in clear text. */
  readonly name?: string;
  readonly servername?: string;
  readonly upload?: boolean;
}

export class Connecting {
  readonly session = new FakeSession();
  readonly signal = new Canceller();
  /** How often a TLS session was taken for a connection. */
  taken = 0;
  /** The arguments of the data connection. */
  given: { readonly way: 'attach' | 'attachSecuring'; readonly stream: Duplex } | undefined;

  /** A connector of the user's. */
  by(connector: Connector): void {
    this.session.settings = { ...this.session.settings, connector };
  }

  connect(port: number, kind: Kind = {}): Promise<void> {
    return connectData(this.session.real, this.#dataOf(kind), { host: LOCAL, port }, this.signal);
  }

  /** Nothing of it is left. */
  end(): void {
    this.given?.stream.destroy();
    this.session.channel.timers.close();
  }

  #dataOf({ name, servername, upload = false }: Kind): DataConnection {
    const take = (way: 'attach' | 'attachSecuring') => (stream: Duplex) => {
      this.given = { way, stream };
    };
    const takeSession = (): void => {
      this.taken += 1;
    };
    const options = servername === undefined ? {} : { servername };
    const protection = name === undefined ? undefined : { link: { identity: { host: name, options }, takeSession } };
    const fake = { onread: upload ? undefined : onread, protection };
    return { ...fake, attach: take('attach'), attachSecuring: take('attachSecuring') } as unknown as DataConnection;
  }
}

/** A server that reads, and says nothing. */
export class SilentServer implements AsyncDisposable {
  readonly #server = createServer((socket) => socket.on('error', () => undefined).resume());

  static async start(): Promise<SilentServer> {
    const silent = new SilentServer();
    silent.#server.listen(0, LOCAL);
    await once(silent.#server, 'listening');
    return silent;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Its end of the next connection. */
  get visitor(): Promise<Duplex> {
    return once(this.#server, 'connection').then(([socket]) => socket as Duplex);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** A port without a listener. */
export async function deadPort(): Promise<number> {
  await using server = await SilentServer.start();
  return server.port;
}

/**
 * A TCP relay on the way to a server that cuts connections where a spec says so: by FIN, by RST, or by silence, on control, data or both;
 * or as if the server was restarted.
 *
 * Its `connector` leads all connections of a client through it. One session at a time: a cut of control is one of the newest session.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Connector, connectSocket } from '../../lib/index.js';

export const CUT_KINDS = [
  'data-fin',
  'data-rst',
  'control-fin',
  'control-rst',
  'both-fin',
  'both-rst',
  'stall',
  'restart',
] as const;

export interface Cut {
  readonly kind: (typeof CUT_KINDS)[number];
  /** The bytes that are counted, in both directions. */
  readonly of: 'data' | 'control';
  /** After so many of them, since the last cut. */
  readonly after: number;
}

/** How many logins are refused after a restart. */
const REFUSED = 2;

interface Pair {
  readonly channel: 'data' | 'control';
  readonly client: Socket;
  readonly server: Socket;
  /** Nothing is handed on any more. */
  isOff: boolean;
}

export class CuttingProxy implements AsyncDisposable {
  /** How many cuts were made. */
  made = 0;
  #cuts: Cut[] = [];
  #counted = 0;
  #refusing = 0;
  readonly #pairs = new Set<Pair>();
  readonly #sockets = new Set<Socket>();
  readonly #listeners = new Set<Server>();

  /** Makes these cuts from now on, one after the other, in place of those that are left. */
  schedule(cuts: readonly Cut[]): void {
    this.#cuts = [...cuts];
    this.#counted = 0;
    this.made = 0;
  }

  readonly connector: Connector = async (endpoint, signal) => {
    if (endpoint.channel === 'control' && this.#refusing > 0) {
      this.#refusing -= 1;
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
    }
    const { host, port, channel } = endpoint;
    const listener = createServer({ allowHalfOpen: true }, (client) => {
      this.#close(listener);
      this.#serve(channel, client, connect({ host, port, allowHalfOpen: true }));
    });
    this.#listeners.add(listener);
    listener.listen(0, host);
    await once(listener, 'listening');
    return connectSocket({ ...endpoint, port: (listener.address() as AddressInfo).port }, signal);
  };

  async [Symbol.asyncDispose](): Promise<void> {
    for (const listener of this.#listeners) this.#close(listener);
    const open = [...this.#sockets];
    const closed = open.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of open) socket.destroy();
    await Promise.all(closed);
  }

  #close(listener: Server): void {
    this.#listeners.delete(listener);
    listener.close();
  }

  #serve(channel: Pair['channel'], client: Socket, server: Socket): void {
    const pair: Pair = { channel, client, server, isOff: false };
    this.#pairs.add(pair);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    this.#relay(pair, client, server);
    this.#relay(pair, server, client);
  }

  #relay(pair: Pair, from: Socket, to: Socket): void {
    from.on('data', (chunk: Uint8Array) => {
      if (pair.isOff) return;
      const { length, cut } = this.#count(pair, chunk.length);
      const isWritten = [to.write(chunk.subarray(0, length))];
      if (cut !== undefined) this.#cut(pair, cut);
      // A cut of another connection leaves this one whole.
      if (!pair.isOff && length < chunk.length) isWritten.push(to.write(chunk.subarray(length)));
      if (pair.isOff || !isWritten.includes(false)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
    from.on('end', () => {
      if (!pair.isOff) to.end();
      else from.destroy();
    });
    from.on('error', () => reset(to));
    from.on('close', () => {
      this.#pairs.delete(pair);
      if (pair.isOff) to.destroy();
      else to.destroySoon();
    });
  }

  /** How much of a chunk passes, and what is done then. */
  #count({ channel }: Pair, length: number): { readonly length: number; readonly cut?: Cut } {
    const [cut] = this.#cuts;
    if (cut === undefined || cut.of !== channel) return { length };
    const left = cut.after - this.#counted;
    this.#counted += length;
    return length < left ? { length } : { length: left, cut };
  }

  #cut(pair: Pair, { kind }: Cut): void {
    this.#cuts.shift();
    this.#counted = 0;
    this.made += 1;
    if (kind === 'stall') pair.isOff = true;
    if (kind === 'restart') this.#refusing = REFUSED;
    const [channel, how] = kind.split('-');
    for (const each of [...this.#pairs]) {
      const isHit = kind === 'restart' || channel === 'both' || each.channel === channel;
      if (kind === 'stall' || !isHit) continue;
      if (how === 'fin') this.#end(each);
      else this.#reset(each);
    }
  }

  /** What was written before still arrives; what still comes is thrown away. */
  #end(pair: Pair): void {
    pair.isOff = true;
    for (const socket of [pair.client, pair.server]) socket.resume().end();
  }

  #reset(pair: Pair): void {
    pair.isOff = true;
    for (const socket of [pair.client, pair.server]) reset(socket);
  }
}

/** Node waits with a reset until all is written, and cannot make one while an end is under way. */
function reset(socket: Socket): void {
  if (socket.writableLength > 0 || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

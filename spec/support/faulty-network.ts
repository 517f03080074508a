/**
 * A network that breaks: a client's connector whose connections go through a relay. Connections end by FIN, by RST or by silence, where
 * a spec says so, or after a random number of bytes; or as if the server was restarted.
 *
 * `schedule` is for one session at a time: its cuts hit all connections of their kind.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Connector, connectSocket } from '../../lib/net/connector.js';
import type { Random } from './random.js';

type Channel = 'control' | 'data';

/** How one connection ends. */
export type FaultKind = 'fin' | 'rst' | 'stall';

const FAULT_KINDS = ['fin', 'rst', 'stall'] as const;

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
  readonly of: Channel;
  /** After so many of them, since the last cut. */
  readonly after: number;
}

/** Faults that strike connections by chance. */
export interface RandomFaults {
  readonly random: Random;
  /** How likely a connection is to break, 0 to 1. */
  readonly chance: Readonly<Record<Channel, number>>;
  /** It breaks before so many bytes have passed, both ways together. */
  readonly within: Readonly<Record<Channel, number>>;
  readonly kinds?: readonly [FaultKind, ...FaultKind[]];
}

/** How many logins are refused after a restart. */
const REFUSED = 2;

interface Pair {
  readonly channel: Channel;
  readonly client: Socket;
  readonly server: Socket;
  /** The fault of this connection, after so many bytes. */
  readonly fault: { readonly kind: FaultKind; left: number } | undefined;
  /** Nothing is handed on any more. */
  isOff: boolean;
}

export class FaultyNetwork implements AsyncDisposable {
  /** How many scheduled cuts were made. */
  made = 0;
  /** How many connections each kind of random fault has struck. */
  readonly struck: Record<FaultKind, number> = { fin: 0, rst: 0, stall: 0 };
  readonly #faults: RandomFaults | undefined;
  #cuts: Cut[] = [];
  #counted = 0;
  #refusing = 0;
  readonly #pairs = new Set<Pair>();
  readonly #sockets = new Set<Socket>();
  readonly #listeners = new Set<Server>();

  constructor(faults?: RandomFaults) {
    this.#faults = faults;
  }

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
    const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.#close(listener);
      this.#serve(channel, client, connect({ host, port, allowHalfOpen: true, noDelay: true }));
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

  #serve(channel: Channel, client: Socket, server: Socket): void {
    const pair: Pair = { channel, client, server, fault: this.#plan(channel), isOff: false };
    this.#pairs.add(pair);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    this.#relay(pair, client, server);
    this.#relay(pair, server, client);
  }

  #plan(channel: Channel): Pair['fault'] {
    if (this.#faults === undefined) return undefined;
    const { random, chance, within, kinds = FAULT_KINDS } = this.#faults;
    if (!random.chance(chance[channel])) return undefined;
    return { kind: random.pick(kinds), left: random.below(within[channel]) };
  }

  #relay(pair: Pair, from: Socket, to: Socket): void {
    from.on('data', (chunk: Uint8Array) => {
      if (pair.isOff) return;
      const { length, strike } = this.#count(pair, chunk.length);
      const isWritten = [to.write(chunk.subarray(0, length))];
      strike?.();
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
  #count(pair: Pair, length: number): { readonly length: number; readonly strike?: () => void } {
    const { channel, fault } = pair;
    if (fault !== undefined) {
      const { left } = fault;
      fault.left -= length;
      return length < left ? { length } : { length: left, strike: () => this.#strike(pair, fault.kind) };
    }
    const [cut] = this.#cuts;
    if (cut === undefined || cut.of !== channel) return { length };
    const left = cut.after - this.#counted;
    this.#counted += length;
    return length < left ? { length } : { length: left, strike: () => this.#cut(pair, cut) };
  }

  #strike(pair: Pair, kind: FaultKind): void {
    this.struck[kind] += 1;
    end(pair, kind);
  }

  #cut(pair: Pair, { kind }: Cut): void {
    this.#cuts.shift();
    this.#counted = 0;
    this.made += 1;
    if (kind === 'stall') {
      end(pair, kind);
      return;
    }
    if (kind === 'restart') this.#refusing = REFUSED;
    const [channel, how] = kind.split('-');
    for (const each of [...this.#pairs]) {
      const isHit = kind === 'restart' || channel === 'both' || each.channel === channel;
      if (isHit) end(each, how === 'fin' ? 'fin' : 'rst');
    }
  }
}

/** Before FIN, what was written still arrives. Later bytes are thrown away in any case. */
function end(pair: Pair, kind: FaultKind): void {
  pair.isOff = true;
  if (kind === 'stall') return;
  for (const socket of [pair.client, pair.server]) {
    if (kind === 'fin') socket.resume().end();
    else reset(socket);
  }
}

/** Node waits with a reset until all is written, and cannot make one while an end is under way. */
function reset(socket: Socket): void {
  if (socket.writableLength > 0 || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

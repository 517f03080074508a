/**
 * A network that breaks: a client's connector whose connections go through a relay, which ends some of them after a random number of
 * bytes: by FIN, by RST, or by silence.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Connector, type ConnectorEndpoint, connectSocket } from '../../lib/net/connector.js';
import type { Random } from './random.js';

export type FaultKind = 'fin' | 'reset' | 'silence';

const KINDS: readonly [FaultKind, ...FaultKind[]] = ['fin', 'reset', 'silence'];

export interface FaultyNetworkOptions {
  readonly random: Random;
  /** How likely a connection is to break, 0 to 1. */
  readonly chance: Readonly<Record<'control' | 'data', number>>;
  /** It breaks before so many bytes have passed, both ways together. */
  readonly within: Readonly<Record<'control' | 'data', number>>;
  readonly kinds?: readonly [FaultKind, ...FaultKind[]];
  /** Most faults in all. Default: no limit. */
  readonly most?: number;
}

/** A fault that will strike after `left` bytes. */
interface Fault {
  readonly kind: FaultKind;
  left: number;
  isSilent: boolean;
}

export class FaultyNetwork implements AsyncDisposable {
  /** How many connections each kind of fault has struck. */
  readonly struck: Record<FaultKind, number> = { fin: 0, reset: 0, silence: 0 };
  /** How many bytes have passed, by the kind of connection. */
  readonly passed: Record<'control' | 'data', number> = { control: 0, data: 0 };
  readonly connector: Connector = (endpoint, signal) => this.#connect(endpoint, signal);
  readonly #options: FaultyNetworkOptions;
  readonly #sockets = new Set<Socket>();
  readonly #meetings = new Map<number, Meeting>();
  readonly #server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => void this.#accept(socket));
  #planned = 0;

  private constructor(options: FaultyNetworkOptions) {
    this.#options = options;
  }

  static async start(options: FaultyNetworkOptions): Promise<FaultyNetwork> {
    const network = new FaultyNetwork(options);
    network.#server.listen({ host: '127.0.0.1', port: 0 });
    await once(network.#server, 'listening');
    return network;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #connect(endpoint: ConnectorEndpoint, signal: AbortSignal): Promise<Socket> {
    const { port } = this.#server.address() as AddressInfo;
    const socket = await connectSocket({ ...endpoint, host: '127.0.0.1', port }, signal);
    this.#meet(socket.localPort ?? 0).tell(endpoint);
    return socket;
  }

  async #accept(near: Socket): Promise<void> {
    this.#keep(near);
    const endpoint = await this.#meet(near.remotePort ?? 0).told;
    const far = connect({ host: endpoint.host, port: endpoint.port, noDelay: true });
    this.#keep(far);
    // The server is not there: while it starts anew, say.
    far.once('error', () => near.resetAndDestroy());
    const fault = this.#plan(endpoint.channel);
    this.#relay(near, far, endpoint.channel, fault);
    this.#relay(far, near, endpoint.channel, fault);
    near.once('close', () => far.destroySoon());
    near.resume();
  }

  /** Both ends of a connection meet by its local port, whichever of them comes first. */
  #meet(port: number): Meeting {
    const met = this.#meetings.get(port);
    if (met === undefined) {
      const meeting = newMeeting();
      this.#meetings.set(port, meeting);
      return meeting;
    }
    this.#meetings.delete(port);
    return met;
  }

  #plan(channel: 'control' | 'data'): Fault | undefined {
    const { random, chance, within, kinds = KINDS, most = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#planned >= most || !random.chance(chance[channel])) return undefined;
    this.#planned += 1;
    return { kind: random.pick(kinds), left: random.below(within[channel]), isSilent: false };
  }

  #relay(from: Socket, to: Socket, channel: 'control' | 'data', fault: Fault | undefined): void {
    from.on('data', (chunk: Uint8Array) => {
      if (fault?.isSilent === true) return;
      const passing = fault === undefined ? chunk : chunk.subarray(0, fault.left);
      this.passed[channel] += passing.length;
      if (passing.length > 0 && !to.write(passing)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
      if (fault === undefined) return;
      fault.left -= passing.length;
      if (fault.left === 0) this.#strike(fault, from, to);
    });
    from.on('end', () => {
      if (fault?.isSilent !== true) to.end();
    });
  }

  #strike(fault: Fault, from: Socket, to: Socket): void {
    this.struck[fault.kind] += 1;
    // The bytes that come from now on are dropped, until the client closes the connection.
    fault.isSilent = true;
    if (fault.kind === 'silence') return;
    for (const socket of [from, to]) {
      if (fault.kind === 'fin') socket.destroySoon();
      else socket.resetAndDestroy();
    }
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    // A broken half has nothing to tell but that it is over.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

/** Where the two ends of a connection meet: the connector tells where it leads. */
interface Meeting {
  readonly told: Promise<ConnectorEndpoint>;
  readonly tell: (endpoint: ConnectorEndpoint) => void;
}

function newMeeting(): Meeting {
  let tell: (endpoint: ConnectorEndpoint) => void = () => {};
  const told = new Promise<ConnectorEndpoint>((resolve) => {
    tell = resolve;
  });
  return { told, tell };
}

/**
 * How a TCP connection is made. Everything that opens a connection goes through a `Connector`, so that a proxy, a test
 * or another transport can stand in; TLS is laid over what it returns and is never the connector's business.
 */
import { connect, type OnReadOpts, Socket, type TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { abortSignalOf, type Cancellation } from './cancellation.js';
import { DeadlinePassed, withDeadline } from './deadline.js';
import type { RestingTimers, TimeLimit } from './resting-timers.js';

/** Where to connect, and how. */
export interface Endpoint {
  /** A host name or an IP address; always an IP address or the control connection's own host for data connections. */
  readonly host: string;
  readonly port: number;
  readonly channel: 'control' | 'data';
  /** 4 or 6 to insist on one address family, 0 for either. */
  readonly family: 0 | 4 | 6;
  /** The local address to bind. */
  readonly localAddress?: string | undefined;
  /** Node's `onread`: where a `net.Socket` should read into. A connector that cannot honour it ignores it. */
  readonly onread?: OnReadOpts | undefined;
}

/**
 * Resolves with a connected duplex, or rejects. When `signal` aborts, the attempt must be given up and whatever was
 * opened must be closed.
 */
export type Connector = (endpoint: Endpoint, signal: AbortSignal) => Promise<Duplex>;

/**
 * The default connector: a `net.Socket`.
 *
 * A control connection sends each command at once (TCP_NODELAY), and TCP keep-alive reveals a dead peer during long
 * transfers without any NOOP. A data connection needs neither: what it writes is large or the end, and `stallTimeoutMs`
 * reveals a peer that is silent; an upload turns keep-alive on itself.
 */
export const connectSocket: Connector = (endpoint, signal) => openSocket(endpoint, signal);

/** Whether `stream` is a socket of Node's own, TLS or not. */
export function isSocket(stream: Duplex): stream is Socket {
  return stream instanceof Socket;
}

/** How long a connection may take to be made, and whose timers tell. */
export interface Patience {
  readonly ms: number;
  readonly timers: RestingTimers;
}

/** Connects by `connector`: rejects with `DeadlinePassed` when that takes too long, and with the reason of `signal` when that aborts. */
export function connectWithin(
  patience: Patience,
  signal: Cancellation,
  connector: Connector,
  endpoint: Endpoint,
): Promise<Duplex> {
  return connector === connectSocket
    ? openSocket(endpoint, signal, patience)
    : withDeadline(patience.ms, signal, (limited) => connector(endpoint, abortSignalOf(limited)));
}

/** Keep-alive probes start after this long. */
export const KEEP_ALIVE_MS = 30_000;

function openSocket(endpoint: Endpoint, signal: Cancellation, patience?: Patience): Promise<Socket> {
  return connected(() => connect(socketOptions(endpoint)), signal, patience);
}

/** `endpoint` in the words of `node:net`. */
export function socketOptions({ host, port, family, channel, localAddress, onread }: Endpoint): TcpNetConnectOpts {
  const isControl = channel === 'control';
  const promptAndWatched = { noDelay: isControl, keepAlive: isControl, keepAliveInitialDelay: KEEP_ALIVE_MS };
  return { host, port, family, localAddress, onread, ...promptAndWatched };
}

/**
 * Resolves when the socket that `open` makes, which is connecting, is connected; rejects and destroys it when it fails,
 * when that takes too long, or when `signal` aborts.
 */
export function connected<S extends Socket>(open: () => S, signal: Cancellation, patience?: Patience): Promise<S> {
  return new Promise((resolve, reject) => {
    const socket = open();
    let limit: TimeLimit | undefined;
    const settle = (): void => {
      patience?.timers.stop(limit);
      signal.removeEventListener('abort', onAbort);
      socket.off('connect', onConnect).off('error', onError);
    };
    const onConnect = (): void => {
      settle();
      resolve(socket);
    };
    const onError = (error: Error): void => {
      settle();
      reject(error);
    };
    const giveUp = (reason: unknown): void => {
      settle();
      socket.on('error', ignoreLateError).destroy();
      reject(reason);
    };
    const onAbort = (): void => giveUp(signal.reason);
    socket.on('connect', onConnect).on('error', onError);
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort);
    if (patience !== undefined) {
      const { ms, timers } = patience;
      limit = timers.start(ms, () => giveUp(new DeadlinePassed(ms)));
    }
  });
}

/** A socket that was given up may still report an error; nobody waits for it any more. */
function ignoreLateError(): void {}

/**
 * Breaks a connection off with a RST, as abruptly as it can be where Node has none for it: a pipe, a duplex of somebody
 * else's, a TLS socket that has made its own connection.
 */
export function resetOrDestroy(connection: Duplex): void {
  const socket = connection as Duplex & Partial<Socket>;
  try {
    if (socket.resetAndDestroy === undefined) socket.destroy();
    else socket.resetAndDestroy();
  } catch {
    connection.destroy();
  }
}

/**
 * How a TCP connection is made. Everything that opens a connection goes through a `Connector`, so that a proxy, a test
 * or another transport can stand in; TLS is laid over what it returns and is never the connector's business.
 */
import { connect, type OnReadOpts, Socket, type TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { abortSignalOf, type Cancellation } from './cancellation.js';
import { withDeadline } from './deadline.js';

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

/** Connects by `connector`, in `ms` at most: rejects with `DeadlinePassed` then, and with the reason of `outer` when that aborts. */
export function connectWithin(
  ms: number,
  outer: Cancellation,
  connector: Connector,
  endpoint: Endpoint,
): Promise<Duplex> {
  return withDeadline(ms, outer, (limited) =>
    connector === connectSocket ? openSocket(endpoint, limited) : connector(endpoint, abortSignalOf(limited)),
  );
}

/** Keep-alive probes start after this long. */
export const KEEP_ALIVE_MS = 30_000;

const PROMPT_AND_WATCHED = { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };

function openSocket(endpoint: Endpoint, signal: Cancellation): Promise<Socket> {
  return connected(connect(socketOptions(endpoint)), signal);
}

/** `endpoint` in the words of `node:net`. */
export function socketOptions({ host, port, family, channel, localAddress, onread }: Endpoint): TcpNetConnectOpts {
  return {
    host,
    port,
    family,
    ...(channel === 'control' ? PROMPT_AND_WATCHED : {}),
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(onread === undefined ? {} : { onread }),
  };
}

/** Resolves when `socket`, which is connecting, is connected; rejects and destroys it when it fails, or when `signal` aborts. */
export function connected<S extends Socket>(socket: S, signal: Cancellation): Promise<S> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
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
    const onAbort = (): void => {
      settle();
      socket.on('error', ignoreLateError).destroy();
      reject(signal.reason);
    };
    socket.on('connect', onConnect).on('error', onError);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
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

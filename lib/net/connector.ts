/**
 * Defines how a TCP connection is made. Every module that opens a connection uses a `Connector`. So a proxy, a test or another transport
 * can take its place. TLS is laid over the returned stream, and the connector never deals with it.
 */
import { connect, type OnReadOpts, Socket, type TcpNetConnectOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Endpoint } from '../protocol/endpoint.js';
import { abortSignalOf, type Cancellation, Canceller } from './cancellation.js';
import { asConnection, type Connection, destroyUnheard } from './connection.js';
import { DeadlinePassed, withDeadline } from './deadline.js';
import type { TimeLimit, TimerPool } from './timer-pool.js';

/**
 * The destination of a connection, and its local settings. Data connections go to an IP address, or to the control connection's own host.
 */
export interface ConnectorEndpoint extends Endpoint {
  readonly channel: 'control' | 'data';
  /** 4 or 6 to insist on one address family, 0 for either. */
  readonly family: 0 | 4 | 6;
  /** The local address to bind. */
  readonly localAddress?: string | undefined;
  /** The local port to bind, of a control connection. A port in use must be an error with the code EADDRINUSE. */
  readonly localPort?: number | undefined;
  /** Node's `onread`: the memory that a `net.Socket` reads into. A connector that cannot honour it ignores it. */
  readonly onread?: OnReadOpts | undefined;
}

/**
 * Opens a connection to `endpoint`: the control connection, and each passive data connection.
 *
 * Resolves with a connected duplex, or with a `Connection`, or rejects. TLS is laid over its stream. If it returns a duplex alone, the
 * client does not take its remote address for the server's. It may be a proxy's.
 *
 * When `signal` aborts, the connector must end the attempt and close the sockets that it has opened. The client does not wait for that. It
 * destroys a connection that arrives later.
 *
 * @example
 * ```ts
 * // The control connection goes through a relay, data connections go to the server itself.
 * const ftp = new FtpClient({
 *   host: '192.0.2.7',
 *   connector: (endpoint, signal) =>
 *     endpoint.channel === 'data'
 *       ? connectSocket(endpoint, signal)
 *       : connectSocket({ ...endpoint, host: 'relay.example.com', port: 2121 }, signal),
 * });
 * ```
 */
export type Connector = (endpoint: ConnectorEndpoint, signal: AbortSignal) => Promise<Duplex | Connection>;

/**
 * The default connector: a `net.Socket`.
 *
 * A control connection sends each command at once (TCP_NODELAY). TCP keep-alive reveals a dead peer during long transfers without any NOOP.
 * A data connection needs neither. Its writes are large or the last, and `stallTimeoutMs` reveals a silent peer. An upload turns keep-alive
 * on itself. Without `signal` the attempt cannot be cancelled.
 */
export const connectSocket = (endpoint: ConnectorEndpoint, signal?: AbortSignal): Promise<Socket> =>
  openSocket(endpoint, signal ?? new Canceller());

/** Whether the library makes the connections itself: one of Node's sockets for each, and no connector of the user's. */
export function isDirect(connector: Connector): boolean {
  return connector === connectSocket;
}

/** Whether `stream` is a socket of Node's own, TLS or not. */
export function isSocket(stream: Duplex): stream is Socket {
  return stream instanceof Socket;
}

/** The time limit of opening a connection, and the timers that measure it. */
export interface Deadline {
  readonly ms: number;
  readonly timers: TimerPool;
}

/** Connects by `connector`: rejects with `DeadlinePassed` if that takes too long, and with the reason of `signal` if that aborts. */
export function connectWithin(
  deadline: Deadline,
  signal: Cancellation,
  connector: Connector,
  endpoint: ConnectorEndpoint,
): Promise<Connection> {
  if (isDirect(connector)) return openSocket(endpoint, signal, deadline).then(directly);
  return connectByUser(deadline, signal, connector, endpoint);
}

/** As `connectWithin`, for callers that need the stream alone. */
export function connectStream(
  deadline: Deadline,
  signal: Cancellation,
  connector: Connector,
  endpoint: ConnectorEndpoint,
): Promise<Duplex> {
  if (isDirect(connector)) return openSocket(endpoint, signal, deadline);
  return connectByUser(deadline, signal, connector, endpoint).then(({ stream }) => stream);
}

function connectByUser(
  deadline: Deadline,
  signal: Cancellation,
  connector: Connector,
  endpoint: ConnectorEndpoint,
): Promise<Connection> {
  const work = async (limited: Cancellation): Promise<Connection> =>
    asConnection(await connector(endpoint, abortSignalOf(limited)));
  return withDeadline(deadline.ms, signal, work, ({ stream }) => destroyUnheard(stream));
}

function directly(stream: Socket): Connection {
  return { stream, direct: true };
}

/** Keep-alive probes start after this long. */
export const KEEP_ALIVE_MS = 30_000;

function openSocket(endpoint: ConnectorEndpoint, signal: Cancellation, deadline?: Deadline): Promise<Socket> {
  return connected(() => connect(socketOptions(endpoint)), signal, deadline);
}

/** `endpoint` in the words of `node:net`. */
export function socketOptions({
  host,
  port,
  family,
  channel,
  localAddress,
  localPort,
  onread,
}: ConnectorEndpoint): TcpNetConnectOpts {
  const isControl = channel === 'control';
  return {
    host,
    port,
    family,
    localAddress,
    localPort,
    onread,
    noDelay: isControl,
    keepAlive: isControl,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  };
}

/**
 * Resolves when the connecting socket that `open` makes is connected. Rejects and destroys it if it fails, takes too long, or `signal`
 * aborts.
 */
export function connected<S extends Socket>(open: () => S, signal: Cancellation, deadline?: Deadline): Promise<S> {
  return new Promise((resolve, reject) => {
    const socket = open();
    let limit: TimeLimit | undefined;
    const settle = (): void => {
      deadline?.timers.stop(limit);
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
    const fail = (reason: unknown): void => {
      settle();
      destroyUnheard(socket);
      reject(reason);
    };
    const onAbort = (): void => fail(signal.reason);
    socket.on('connect', onConnect).on('error', onError);
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort);
    if (deadline !== undefined) {
      const { ms, timers } = deadline;
      limit = timers.start(ms, () => fail(new DeadlinePassed(ms)));
    }
  });
}

/**
 * Breaks a connection off with a RST, or as abruptly as possible. Node has no RST for a pipe, a duplex of other code, or a TLS socket that
 * has made its own connection.
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

/**
 * How a TCP connection is made. Everything that opens a connection goes through a `Connector`, so that a proxy, a test
 * or another transport can stand in; TLS is laid over what it returns and is never the connector's business.
 */
import { connect, type OnReadOpts, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

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

/** TCP keep-alive probes start after this long; they reveal a dead peer during long transfers without any NOOP. */
const KEEP_ALIVE_MS = 30_000;

/** Whether `stream` is a socket of Node's own, TLS or not. */
export function isSocket(stream: Duplex): stream is Socket {
  return stream instanceof Socket;
}

/** The default connector: a `net.Socket`. */
export const connectSocket: Connector = (endpoint, signal) =>
  new Promise<Socket>((resolve, reject) => {
    const socket = connect({
      host: endpoint.host,
      port: endpoint.port,
      family: endpoint.family,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      ...(endpoint.localAddress === undefined ? {} : { localAddress: endpoint.localAddress }),
      ...(endpoint.onread === undefined ? {} : { onread: endpoint.onread }),
    });
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

/** A socket that was given up may still report an error; nobody waits for it any more. */
function ignoreLateError(): void {}

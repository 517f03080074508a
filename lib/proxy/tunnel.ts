/**
 * Opens a connection through a proxy: TCP to the proxy, TLS if its URL asks for it, then the proxy's handshake. If the signal aborts, or a
 * step fails, it destroys the socket.
 */
import type { Duplex } from 'node:stream';
import { destroyUnheard } from '../net/connection.js';
import { type ConnectorEndpoint, connectSocket } from '../net/connector.js';
import { secured, startTls } from '../net/tls.js';
import { connectionError, ProxyFault } from './proxy-fault.js';
import type { ProxyServer } from './proxy-server.js';

/**
 * Asks the proxy at the other end of `stream` for a connection. Resolves with a stream whose next byte is the server's; rejects with a
 * ProxyFault. It ends when the stream is destroyed.
 */
export type ProxyHandshake = (stream: Duplex) => Promise<Duplex>;

/** Resolves with a stream to `endpoint`; rejects with FtpConnectionError, or with the reason of `signal`. */
export async function openTunnel(
  proxy: ProxyServer,
  endpoint: ConnectorEndpoint,
  signal: AbortSignal,
  handshake: ProxyHandshake,
): Promise<Duplex> {
  try {
    const toProxy = { ...endpoint, host: proxy.host, port: proxy.port, family: 0, onread: undefined } as const;
    const socket = await connectSocket(toProxy, signal).catch((error: unknown) => {
      throw isLocal(error) ? error : unreachable(error);
    });
    return await destroyingOnAbort(socket, signal, async () => handshake(await laidOver(socket, proxy, signal)));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof ProxyFault ? connectionError(error, endpoint, proxy) : error;
  }
}

async function destroyingOnAbort(socket: Duplex, signal: AbortSignal, work: () => Promise<Duplex>): Promise<Duplex> {
  const onAbort = (): void => destroyUnheard(socket);
  signal.addEventListener('abort', onAbort);
  try {
    signal.throwIfAborted();
    return await work();
  } catch (error) {
    destroyUnheard(socket);
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The stream that the proxy is spoken to over: `socket`, or TLS over it. */
async function laidOver(socket: Duplex, { scheme, host }: ProxyServer, signal: AbortSignal): Promise<Duplex> {
  if (scheme !== 'https') return socket;
  const identity = { host, options: {} };
  return secured(startTls(socket, identity), identity, signal).catch((error: unknown) => {
    throw new ProxyFault(
      `TLS with the proxy failed (${reasonOf(error)})`,
      {
        transient: (error as NodeJS.ErrnoException).code === 'ECONNRESET',
        advice: "Check that the proxy's port speaks TLS, and that NODE_EXTRA_CA_CERTS names its authority.",
      },
      error as Error,
    );
  });
}

/** Of this machine's own side: Node's error names the faults of the options localAddress and localPort. */
function isLocal(error: unknown): boolean {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return syscall === 'bind' || code === 'EADDRINUSE' || code === 'EADDRNOTAVAIL';
}

function unreachable(error: unknown): ProxyFault {
  const transient = (error as NodeJS.ErrnoException).code !== 'ENOTFOUND';
  const advice = "Check the proxy's address, and that the proxy runs.";
  return new ProxyFault(`the proxy was not reached (${reasonOf(error)})`, { transient, advice }, error as Error);
}

/** Node's error of several addresses has a code and no message. */
function reasonOf(error: unknown): string {
  const { code = 'no reason was given', message } = error as NodeJS.ErrnoException;
  return message || code;
}

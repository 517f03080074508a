/** Makes the sockets of a test server: its listener, TLS over a connection, and connections of active mode. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
// By import, so that fake timers of the test do not hold the server.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { FtpUsageError } from '../errors.js';
import { nodeCrypto, nodeTls } from '../net/builtins.js';
import type { Endpoint } from '../protocol/endpoint.js';
import type { TestTlsOptions } from './options.js';

/** The only address of a test server. */
export const HOST = '127.0.0.1';

/** Listens on 127.0.0.1. Resolves when it does; a port that cannot be had is an FtpUsageError. */
export function listenOn(port: number, connected: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ noDelay: true }, connected);
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(portError(port, cause)));
    server.listen({ host: HOST, port, exclusive: true }, () => resolve(server));
  });
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function portError(port: number, cause: NodeJS.ErrnoException): FtpUsageError {
  const why = cause.code === 'EADDRINUSE' ? 'is in use' : `cannot be had (${cause.code ?? cause.message})`;
  return new FtpUsageError(
    `Port ${port} of ${HOST} ${why}: give another, or leave the option port out for a free one`,
    {
      cause,
    },
  );
}

/** Connects to a client in active mode. Rejects with Node's own error. */
export function connectTo({ host, port }: Endpoint, opened: (socket: Socket) => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    opened(socket);
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The connection was given up before it was made.')));
  });
}

/** The TLS of one server. All its connections share the ticket keys, so that a client can resume a session on a data connection. */
export interface ServerTls {
  readonly options: TlsOptions;
  /** SHA-256 of the certificate, which the client pins. */
  readonly fingerprint256: string;
}

const TICKET_KEY_BYTES = 48;

/** Throws an FtpUsageError for a key or a certificate that is none, and for two that do not fit. */
export function serverTls({ key, cert, minVersion, maxVersion }: TestTlsOptions): ServerTls {
  const { randomBytes, X509Certificate } = nodeCrypto();
  const versions = { ...(minVersion && { minVersion }), ...(maxVersion && { maxVersion }) };
  const pair = { key: textOf(key), cert: textOf(cert), ...versions };
  try {
    nodeTls().createSecureContext(pair);
    const { fingerprint256 } = new X509Certificate(pair.cert);
    return { options: { ...pair, ticketKeys: randomBytes(TICKET_KEY_BYTES) }, fingerprint256 };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FtpUsageError(`The key and the certificate of the option secure cannot be used: ${reason}`, { cause });
  }
}

function textOf(pem: string | Uint8Array): string {
  return typeof pem === 'string' ? pem : Buffer.from(pem).toString('latin1');
}

/** Takes a connection over at once; resolves after the handshake, rejects when it fails or the client has gone. */
export function secureConnection(raw: Socket, options: TlsOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // It never listens. node:tls documents that a connection may be handed to it by its event `connection`.
    const handshaker = nodeTls().createServer(options);
    // One turn later: Node tells of it within OpenSSL's handshake, and an end that is said there is lost: no close_notify.
    handshaker.once('secureConnection', (socket) => resolve(nextTurn(socket)));
    handshaker.once('tlsClientError', reject);
    raw.once('close', () => reject(new Error('The client has gone before the TLS handshake ended.')));
    handshaker.emit('connection', raw);
  });
}

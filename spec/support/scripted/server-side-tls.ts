/**
 * TLS from the server's side on a connection that is already there: after AUTH, at once for implicit TLS, and on data
 * connections.
 *
 * All connections of one scripted server share the ticket keys, so that a client can resume its control session on a
 * data connection, as vsftpd and ProFTPD demand.
 */
import type { Duplex } from 'node:stream';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';

/** Takes the connection over synchronously; resolves after the handshake, rejects when it fails or the peer goes. */
export function secureServerSide(raw: Duplex, options: TlsOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // Never listens; tls.Server documents that connections may be injected by its 'connection' event.
    const handshaker = createServer(options);
    handshaker.once('secureConnection', resolve);
    handshaker.once('tlsClientError', reject);
    raw.once('close', () => reject(new Error('closed before the TLS handshake ended')));
    handshaker.emit('connection', raw);
  });
}

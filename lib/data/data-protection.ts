/** Secures one data connection by TLS: the handshake, and the check of the server's identity. */
import type { TLSSocket } from 'node:tls';
import { handshakeError } from '../net/tls.js';
import type { FollowedConnection, TlsLink } from '../net/tls-link.js';

/** A server needs so long, beyond the round trips, to send the ticket of a handshake that is done. */
const TICKET_MS = 150;

export class DataProtection {
  readonly link: TlsLink;
  /** Since when the server is expected to shake hands, by the connection's clock; undefined as long as it is not. */
  expectedAt: number | undefined;
  /** The handshake is done, and the server is the one of the control connection. */
  secured = false;
  /** The TLS session is the control connection's, which servers may insist on. */
  resumed = false;
  #followed: FollowedConnection | undefined;

  constructor(link: TlsLink) {
    this.link = link;
  }

  /** Follows `stream` from before its handshake: calls `onSecured` when it may be used, or `onFail`, which may come later too. */
  follow(stream: TLSSocket, onSecured: () => void, onFail: (error: Error) => void): void {
    const followed = this.link.follow(stream);
    this.#followed = followed;
    stream.on('error', (error) => {
      onFail(this.secured ? error : handshakeError(error, 'data', this.link.identity.host));
    });
    stream.once('secureConnect', () => {
      const fault = followed.faultOfPeer();
      this.resumed = stream.isSessionReused();
      this.secured = fault === undefined;
      if (fault === undefined) onSecured();
      else onFail(fault);
    });
  }

  /** Calls `end` when the connection may be ended; `roundTripMs` is how long the server's next ticket may take. */
  beforeEnd(end: () => void, roundTripMs: number): void {
    if (this.#followed === undefined) end();
    else this.#followed.beforeEnd(end, 2 * roundTripMs + TICKET_MS);
  }
}

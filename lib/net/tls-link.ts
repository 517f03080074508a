/**
 * Ties data connections to their control connection under TLS. It keeps the sessions to resume, newest first, and the certificate that must
 * be the same.
 *
 * TLS 1.3 tickets may be good for one use only (FileZilla Server). So it keeps each data connection's new tickets, and offers the newest
 * next. It offers none twice while it has another. A link belongs to one control connection, since servers (ProFTPD) refuse the session of
 * another. It never offers the tickets of a refused data connection: with its own ticket an impostor would pass.
 */
import type { TLSSocket } from 'node:tls';
import { FtpSecurityError } from '../errors.js';
import type { ClearableSocket } from './clearable-socket.js';
import { identityFault, type TlsIdentity } from './tls.js';

/** One data connection, as its link follows it. */
export interface FollowedConnection {
  /** To be called after the handshake: why the connection is not to be used. Its tickets count when there is no reason. */
  faultOfPeer(): FtpSecurityError | undefined;
  /**
   * Calls `end` when the connection may end. That is at once, unless the next data connection needs this one's ticket, which OpenSSL would
   * ignore after close_notify. That is waited for, `waitMs` at most.
   */
  beforeEnd(end: () => void, waitMs: number): void;
}

/** The number of tickets that are kept: enough for a few aborted data connections, which use one up and leave none. */
const MAX_TICKETS = 8;

export class TlsLink {
  readonly identity: TlsIdentity;
  /** The layer between TLS and the socket, if TLS may be taken off again. */
  readonly clearable: ClearableSocket | undefined;
  readonly #control: TLSSocket;
  readonly #fingerprint: string;
  /** The tickets that were not offered yet. */
  readonly #tickets: Buffer[] = [];
  /** The one that was offered last, which must do again when there is no other. */
  #used: Buffer | undefined;
  /** A ticket was waited for in vain: this server gives none when it resumes (ProFTPD), and accepts one many times. */
  #awaitedInVain = false;
  readonly #keep = (ticket: Buffer): void => {
    this.#tickets.push(ticket);
    if (this.#tickets.length > MAX_TICKETS) this.#tickets.shift();
  };

  /** `control` is the secured control connection. */
  constructor(control: TLSSocket, identity: TlsIdentity, clearable?: ClearableSocket) {
    this.identity = identity;
    this.clearable = clearable;
    this.#control = control;
    this.#fingerprint = control.getPeerCertificate().fingerprint256;
    control.on('session', this.#keep);
  }

  /** The session for the next data connection: the newest ticket, else what the control connection has by now. */
  takeSession(): Buffer | undefined {
    this.#used = this.#tickets.pop() ?? this.#used;
    return this.#used ?? this.#control.getSession();
  }

  /** Follows a data connection from before its handshake. */
  follow(data: TLSSocket): FollowedConnection {
    const early: Buffer[] = [];
    let given = false;
    let keep = (ticket: Buffer): void => void early.push(ticket);
    data.on('session', (ticket: Buffer) => {
      given = true;
      keep(ticket);
    });
    return {
      faultOfPeer: () => {
        const fault = this.#faultOf(data);
        keep = fault === undefined ? this.#keep : () => {};
        if (fault === undefined) for (const ticket of early) this.#keep(ticket);
        return fault;
      },
      beforeEnd: (end, waitMs) => {
        if (given || !this.#runsOut(data)) end();
        else this.#awaitTicket(data, end, waitMs);
      },
    };
  }

  /** Whether the last ticket is in use. TLS 1.2 sessions do not wear out. */
  #runsOut(data: TLSSocket): boolean {
    if (this.#awaitedInVain || data.getProtocol() !== 'TLSv1.3') return false;
    return this.#tickets.length === 0 && this.#used !== undefined;
  }

  #awaitTicket(data: TLSSocket, end: () => void, waitMs: number): void {
    const settle = (): void => {
      clearTimeout(timer);
      data.off('session', onTicket).off('close', settle);
    };
    const onTicket = (): void => {
      settle();
      // OpenSSL is still reading when node emits the ticket, and must not close meanwhile.
      setImmediate(end);
    };
    const timer = setTimeout(() => {
      this.#awaitedInVain = true;
      settle();
      end();
    }, waitMs);
    data.on('session', onTicket).on('close', settle);
  }

  #faultOf(data: TLSSocket): FtpSecurityError | undefined {
    if (data.isSessionReused()) return undefined;
    const fault = identityFault(data, this.identity);
    const same = data.getPeerCertificate().fingerprint256 === this.#fingerprint;
    if (fault === undefined && same) return undefined;
    const why = fault?.message ?? 'its certificate is not the one of the control connection';
    return new FtpSecurityError(`The data connection to ${this.identity.host} is another server's: ${why}.`, {
      cause: fault,
    });
  }
}

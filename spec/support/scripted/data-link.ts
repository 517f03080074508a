/**
 * One data connection of a scripted session, from EPSV or PORT to its close.
 *
 * Passive: listens at once and accepts the first connection. Active: connects when it is first asked for. TLS starts
 * only when `socket()` is called, so that a script decides whether its 150 goes before the handshake.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import type { EventFields, EventKind } from './journal.js';
import { resetSocket } from './reset-socket.js';
import { secureServerSide } from './server-side-tls.js';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** The members of its session that a link needs. */
export interface LinkContext {
  record<K extends DataEventKind>(kind: K, fields: EventFields[K]): void;
  track(resource: Socket | Server): void;
}
type DataEventKind = Extract<EventKind, `data-${string}`>;

export class DataLink {
  readonly #context: LinkContext;
  readonly #tls: TlsOptions | undefined;
  readonly #raw: () => Promise<Socket>;
  #listener: Server | undefined;
  #connecting: Promise<Socket> | undefined;
  #secured: Promise<Socket> | undefined;
  #socket: Socket | undefined;
  #giveUp: (cause: Error) => void = () => undefined;

  private constructor(context: LinkContext, tls: TlsOptions | undefined, raw: (link: DataLink) => Promise<Socket>) {
    this.#context = context;
    this.#tls = tls;
    this.#raw = () => raw(this);
  }

  /** Listens on a free port; `tls` is given when the connection is to be protected (PROT P). */
  static async passive(context: LinkContext, host: string, tls?: TlsOptions): Promise<DataLink> {
    const listener = createServer({ allowHalfOpen: true });
    context.track(listener);
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(0, host, resolve);
    });
    const accepted = new Promise<Socket>((resolve, reject) => {
      listener.on('connection', resolve);
      listener.once('close', () => reject(new Error('the data port was closed before anybody connected')));
    });
    accepted.catch(() => undefined);
    const link = new DataLink(context, tls, () => accepted);
    link.#listener = listener;
    link.#connecting = accepted.then((socket) => link.#adopt(socket, false));
    link.#connecting.catch(() => undefined);
    context.record('data-listening', { port: link.port });
    return link;
  }

  /** Will connect to the client; `localAddress` lets the connection come from a stranger's address. */
  static active(context: LinkContext, to: Endpoint, tls?: TlsOptions, localAddress?: string): DataLink {
    return new DataLink(context, tls, (link) => link.#connect(to, localAddress));
  }

  /** The passive port; 0 in active mode. */
  get port(): number {
    const address = this.#listener?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get isProtected(): boolean {
    return this.#tls !== undefined;
  }

  /** The TCP connection, without TLS: accepted or made. */
  raw(): Promise<Socket> {
    this.#connecting ??= this.#raw().then((socket) => this.#adopt(socket, true));
    return this.#connecting;
  }

  /** The connection ready for data: after the TLS handshake when it is protected. */
  socket(): Promise<Socket> {
    this.#secured ??= this.raw().then((raw) => this.#secure(raw));
    return this.#secured;
  }

  /** Resets the TCP connection under whatever is on it; when there is none yet, there will be none. */
  reset(): void {
    if (this.#socket === undefined) this.close();
    else resetSocket(this.#socket);
  }

  /** Closes the link: it accepts no more connections, and leaves an open one to its owner. */
  close(): void {
    this.#listener?.close();
    this.#giveUp(new Error('the data link was closed'));
  }

  #connect(to: Endpoint, localAddress: string | undefined): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const from = localAddress === undefined ? {} : { localAddress };
      const socket = connect({ ...to, ...from, allowHalfOpen: true });
      this.#giveUp = reject;
      socket.once('error', (error) => {
        this.#context.record('data-refused', { error });
        reject(error);
      });
      socket.once('connect', () => resolve(socket));
      this.#context.track(socket);
    });
  }

  #adopt(raw: Socket, active: boolean): Socket {
    this.#socket = raw;
    this.#context.track(raw);
    this.#listener?.close();
    raw.setNoDelay(true);
    this.#context.record('data-opened', { from: raw.remoteAddress ?? '', active });
    let reset = false;
    raw.on('error', () => {
      reset = true;
    });
    raw.once('close', (failed) => {
      this.#context.record('data-closed', {
        reset: reset || failed,
        received: raw.bytesRead,
        sent: raw.bytesWritten,
      });
    });
    if (this.#tls === undefined) {
      raw.once('end', () => this.#context.record('data-ended', { received: raw.bytesRead }));
    }
    return raw;
  }

  async #secure(raw: Socket): Promise<Socket> {
    if (this.#tls === undefined) return raw;
    const handshake = secureServerSide(raw, { ...this.#tls, allowHalfOpen: true });
    handshake.catch((error) => this.#context.record('data-tls-failed', { error }));
    const socket = await handshake;
    socket.on('error', () => undefined);
    socket.once('end', () => this.#context.record('data-ended', { received: socket.bytesRead }));
    this.#context.record('data-secured', { resumed: socket.isSessionReused(), servername: servernameOf(socket) });
    return socket;
  }
}

/** The name the client asked for by SNI. */
export function servernameOf(socket: TLSSocket): string | undefined {
  return 'servername' in socket && typeof socket.servername === 'string' ? socket.servername : undefined;
}

/**
 * Holds one data connection of a session, from PASV or PORT to its close.
 *
 * In passive mode it listens at once, and accepts one connection, from the client's address alone. In active mode it connects when the
 * transfer begins. TLS begins after the 1yz of the transfer.
 */
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { type Listener, listen } from '../net/listener.js';
import type { Endpoint } from '../protocol/endpoint.js';
import { connectTo, HOST, secureConnection } from './server-sockets.js';
import { resetOnly } from './socket-events.js';

/** Notes a socket that the server has to close at its end. */
export type Track = (socket: Socket) => void;

export class DataChannel {
  /** The port of a passive one, else 0. */
  readonly port: number;
  readonly #track: Track;
  readonly #connect: () => Promise<Socket>;
  readonly #listener: Listener | undefined;
  #raw: Socket | undefined;
  #closed = false;

  private constructor(track: Track, connect: () => Promise<Socket>, listener?: Listener) {
    this.#track = track;
    this.#connect = connect;
    this.#listener = listener;
    this.port = listener?.port ?? 0;
  }

  /** Listens for a connection from `peer`. */
  static async passive(peer: string, track: Track): Promise<DataChannel> {
    const listener = await listen({ host: HOST, peers: [peer] });
    const channel: DataChannel = new DataChannel(track, () => listener.accepted, listener);
    listener.accepted.then(
      (socket) => channel.#adopt(socket),
      // It was closed before a connection came: `open` rejects by the same promise.
      () => {},
    );
    return channel;
  }

  /** Will connect to `to`. */
  static active(to: Endpoint, track: Track): DataChannel {
    const channel: DataChannel = new DataChannel(track, () => connectTo(to, (socket) => channel.#adopt(socket)));
    return channel;
  }

  /** The connection, ready for data: with `tls`, after its handshake. Rejects when there is none. */
  async open(tls: TlsOptions | undefined): Promise<Socket> {
    const raw = await this.#connect();
    if (tls === undefined) return raw;
    const secured = await secureConnection(raw, tls);
    secured.on('error', () => {});
    return secured;
  }

  /** Ends the connection by a TCP reset. */
  reset(): void {
    if (this.#raw !== undefined) resetOnly(this.#raw);
  }

  /** Takes no connection any more; one that is there is left to end by itself. */
  release(): void {
    this.#listener?.close();
  }

  /** Closes the listener and the connection. */
  close(): void {
    this.#closed = true;
    this.release();
    this.#raw?.destroy();
  }

  #adopt(socket: Socket): void {
    this.#raw = socket;
    this.#track(socket);
    // Its event `close` follows, which ends the transfer.
    socket.on('error', () => {});
    if (this.#closed) socket.destroy();
  }
}

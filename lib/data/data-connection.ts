/**
 * Reports one data connection, passive or active, clear or TLS, as events: connected, secured, ended, failed. It knows nothing of replies.
 *
 * It closes in one of three ways. `finish` is an upload's end of file. `reset` sends RST: no server takes it for the end of a file, and no
 * tested server crashes on it. If TLS has made the connection (see `connectData`), `reset` is a close. `close` is for a connection whose
 * both ends are done. A download in clear text has closed itself by then, at the end of the data. Error listeners stay for ever.
 */
import type { OnReadOpts, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { FtpSecurityError } from '../errors.js';
import { isSocket, KEEP_ALIVE_MS, resetOrDestroy } from '../net/connector.js';
import type { Listener } from '../net/listener.js';
import { startTls } from '../net/tls.js';
import type { TlsLink } from '../net/tls-link.js';
import type { ByteReceiver } from '../streams/byte-sink.js';
import { DataProtection } from './data-protection.js';
import type { DataEvent } from './machine/script.js';
import { ReceiveBuffer } from './receive-buffer.js';

/** The receiver of a download's bytes as they are on the wire. */
export interface DataReceiver extends ByteReceiver {
  /** The connection has ended. It calls `ended` when it has passed on all bytes, with the fault if there is one. */
  end?(ended: (fault?: Error) => void): void;
}

export class DataConnection {
  /** The server's half has ended. */
  ended = false;
  /** The connection broke. */
  error: Error | undefined;
  /** The number of writes without a callback yet. */
  unsentWrites = 0;
  /** Nothing is to be passed on for now. */
  held = false;
  /** It leads to a port that was asked for before the last transfer's final reply. */
  toEarlyPort = false;
  /** The reply that named its port was odd. */
  portIsDoubtful = false;
  /** Missing in clear text. */
  readonly protection: DataProtection | undefined;
  readonly #receiver: DataReceiver | undefined;
  /** Missing for an upload. */
  readonly #buffer: ReceiveBuffer | undefined;
  readonly #tell: (event: DataEvent) => void;
  readonly #now: () => number;
  #listener: Listener | undefined;
  #raw: Duplex | undefined;
  #stream: Duplex | undefined;
  #mayStartTls = false;
  #closed = false;

  /**
   * `receiver` is missing for an upload, which discards bytes of the server. `tell` receives each event as it happens.
   */
  constructor(
    receiver: DataReceiver | undefined,
    tell: (event: DataEvent) => void,
    link: TlsLink | undefined,
    now: () => number,
  ) {
    this.#receiver = receiver;
    this.#tell = tell;
    this.#now = now;
    this.protection = link && new DataProtection(link);
    this.#buffer = receiver && new ReceiveBuffer(receiver, link !== undefined, () => this.#end());
  }

  /** Node's `onread`: lets the socket of a download read straight into the receiver's memory. */
  get onread(): OnReadOpts | undefined {
    return this.#buffer?.onread;
  }

  get connected(): boolean {
    return this.#raw !== undefined;
  }

  /** Bytes may flow: connected, and secured if TLS is required. */
  get open(): boolean {
    return this.protection?.secured ?? this.connected;
  }

  /**
   * Takes the connected socket; in clear text, bytes flow from now on. An upload whose source is silent for long is kept in
   * the memory of firewalls by TCP keep-alive.
   */
  attach(raw: Duplex): void {
    if (!this.#take(raw)) return;
    this.#tell({ type: 'connected' });
    raw.on('error', (error) => this.#fail(error));
    if (this.#buffer === undefined) (raw as Partial<Socket>).setKeepAlive?.(true, KEEP_ALIVE_MS);
    if (this.protection === undefined) this.#use(raw);
    else if (this.#mayStartTls) this.startTls();
  }

  /** Takes a connected socket that shakes hands by itself; `secured` or `error` follows. */
  attachSecuring(socket: TLSSocket): void {
    if (!this.#take(socket)) return;
    this.#tell({ type: 'connected' });
    this.#secure(socket);
    // It may have broken as soon as it was there, before it had a listener.
    if (socket.destroyed) this.#fail(socket.errored ?? new Error('The data connection was closed at once.'));
  }

  /** Takes the one connection that `listener` accepts, and closes the listener with this connection. */
  awaitPeer(listener: Listener): void {
    this.#listener = listener;
    listener.accepted.then(
      (socket) => this.attach(socket),
      (error: Error) => this.#fail(error),
    );
  }

  /**
   * The server may shake hands. Starts the handshake, now or when connected, with the control connection's session, where
   * the socket does not do so by itself; `secured` or `error` follows.
   */
  startTls(): void {
    this.#mayStartTls = true;
    if (this.protection === undefined || this.#raw === undefined) return;
    this.#expectHandshake(this.protection);
    const { link } = this.protection;
    if (this.#stream === undefined) this.#secure(startTls(this.#raw, link.identity, link.takeSession()));
  }

  #expectHandshake(protection: DataProtection): void {
    if (protection.expectedAt !== undefined) return;
    protection.expectedAt = this.#now();
    this.#tell({ type: 'handshake-expected', at: protection.expectedAt });
  }

  /** The bytes that were written and have not left yet. */
  get unsentBytes(): number {
    return this.#stream?.writableLength ?? 0;
  }

  hold(): void {
    this.held = true;
    this.#buffer?.hold();
    this.#regulate();
  }

  release(): void {
    this.held = false;
    this.#buffer?.release();
    this.#regulate();
  }

  /** Writes a chunk; `written` is called when it has left, and never if it could not. Writes of one turn leave together. */
  write(chunk: Uint8Array, written: () => void): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    this.unsentWrites += 1;
    gather(stream);
    stream.write(chunk, (error) => {
      // If destroying breaks a write off, Node calls it a success.
      if (error || stream.destroyed) return;
      this.unsentWrites -= 1;
      written();
    });
  }

  /** Written memory is free when its bytes have left. A duplex that is no socket of Node's own may keep it for longer. */
  get releasesMemory(): boolean {
    return this.#stream !== undefined && isSocket(this.#stream);
  }

  /**
   * End of file for the server: FIN, after close_notify under TLS. The socket stays until the final reply. `roundTripMs`
   * is how long the server's next ticket may take, if it is needed. `finished` is called when all written bytes have left.
   */
  finish(roundTripMs: number, finished: () => void): void {
    const end = (): void => void this.#stream?.end(finished);
    if (this.protection === undefined) end();
    else this.protection.beforeEnd(end, roundTripMs);
  }

  /** Breaks the connection off with a RST, if there is one for it. */
  reset(): void {
    this.#discard((raw) => {
      if (this.#ending) raw.destroy();
      else resetOrDestroy(raw);
    });
  }

  /**
   * All is written and FIN is on its way, which no reset can take back: libuv refuses it until the shutdown is done, and
   * Node 20 then forgets the socket while it is open.
   */
  get #ending(): boolean {
    return [this.#raw, this.#stream].some(
      (half) => half?.writableEnded === true && !half.writableFinished && half.writableLength === 0,
    );
  }

  /** Releases the connection when nothing is expected of it any more. */
  close(): void {
    this.#discard((raw) => void raw.destroy());
  }

  /**
   * Node 20 crashes when a raw socket and the TLS socket over it are destroyed in the tick of `secureConnect`; a turn of
   * the event loop between the two is enough.
   */
  #discard(end: (raw: Duplex) => void): void {
    this.#closed = true;
    this.#buffer?.close();
    this.#listener?.close();
    if (this.#raw !== undefined) end(this.#raw);
    const stream = this.#stream;
    if (stream !== undefined && stream !== this.#raw) setImmediate(() => stream.destroy());
  }

  /** False when it came too late. */
  #take(connection: Duplex): boolean {
    if (this.#closed) connection.on('error', ignoreLateError).destroy();
    else this.#raw = connection;
    return !this.#closed;
  }

  #secure(stream: TLSSocket): void {
    const onSecured = (): void => {
      this.#regulate();
      this.#tell({ type: 'secured', at: this.#now() });
    };
    this.protection?.follow(stream, onSecured, (error) => this.#fail(error));
    this.#use(stream);
  }

  #use(stream: Duplex): void {
    this.#stream = stream;
    stream.on('end', () => this.#onEnd(stream));
    stream.on('close', () => {
      if (!this.ended) this.#fail(new Error('The data connection was closed before its end.'));
    });
    // A socket that honours `onread` never emits 'data'. An upload reads too: TLS 1.3 tickets left unread turn close into RST.
    stream.on('data', (chunk: Uint8Array) => this.#buffer?.take(chunk));
    this.#regulate();
  }

  /** A handshake has to be read, held or not. An accepted socket arrives paused, and stays so until its owner resumes it. */
  #regulate(): void {
    if (this.held && this.open) this.#stream?.pause();
    else this.#stream?.resume();
  }

  #onEnd(stream: Duplex): void {
    if (this.#buffer === undefined) {
      this.#end();
      return;
    }
    // All was read and nothing is to be written: one close, if Node would shut down first. TLS owes a close_notify.
    if (this.protection === undefined) stream.destroy();
    this.#buffer.end();
  }

  #end(): void {
    this.ended = true;
    if (this.#receiver?.end === undefined) this.#tell(ENDED);
    else this.#receiver.end((fault) => this.#tell(fault === undefined ? ENDED : broken(fault)));
  }

  /**
   * Errors after the end of a download are ignored, even if bytes still wait for the receiver. An end during the TLS handshake is an error.
   */
  #fail(error: Error): void {
    const over = this.open && this.#buffer?.ended === true;
    if (this.#closed || this.error !== undefined || over) return;
    if (this.open) this.#buffer?.flush();
    this.error = error;
    this.#buffer?.close();
    this.#tell(broken(error));
  }
}

const ENDED: DataEvent = { type: 'ended' };

function broken(error: Error): DataEvent {
  return { type: 'data-error', error, isAttack: error instanceof FtpSecurityError };
}

/** Holds written bytes back to the end of this turn. */
function gather(stream: Duplex): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** The error of a connection that came too late changes nothing. */
function ignoreLateError(): void {}

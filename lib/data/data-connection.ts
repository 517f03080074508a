/**
 * One data connection, passive or active, clear or TLS, behind one set of facts that a transfer waits for: connected,
 * secured, ended, failed. It knows nothing of replies.
 *
 * It is closed in one of three ways: `finish` (an upload's end of file), `reset` (RST: the only close that no server takes
 * for the end of a file, and that none dies of), or `close` (when both ends are done). Error listeners stay for ever.
 */
import type { OnReadOpts, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isSocket, KEEP_ALIVE_MS } from '../net/connector.js';
import type { Listener } from '../net/listener.js';
import { handshakeError, startTls } from '../net/tls.js';
import type { FollowedConnection, TlsLink } from '../net/tls-link.js';

/** What a server needs, beyond the way, to send the ticket of a handshake that is done. */
const TICKET_MS = 150;

/** Who gets the bytes of a download. */
export interface DataReceiver {
  /** Memory for the next read. */
  buffer(): Uint8Array;
  chunk(bytes: Uint8Array): void;
}

export class DataConnection {
  /** The server's half has ended. */
  ended = false;
  /** The connection broke. */
  error: Error | undefined;
  /** When the TLS handshake began, by `performance.now()`. */
  handshakeAt = 0;
  /** The TLS handshake is done. */
  secured = false;
  /** When it was, by `performance.now()`. */
  securedAt = 0;
  /** The TLS session is the control connection's, which servers may insist on. */
  resumed = false;
  /** How many writes have not been called back yet. */
  unsentWrites = 0;
  readonly protection: TlsLink | undefined;
  readonly #receiver: DataReceiver | undefined;
  readonly #onChange: () => void;
  #listener: Listener | undefined;
  #raw: Duplex | undefined;
  #stream: Duplex | undefined;
  #followed: FollowedConnection | undefined;
  #mayStartTls = false;
  #held = false;
  #closed = false;

  /**
   * `receiver` is missing for an upload: what the server sends then is discarded. `onChange` is told whenever one of the
   * facts above has changed.
   */
  constructor(receiver: DataReceiver | undefined, onChange: () => void, protection: TlsLink | undefined) {
    this.#receiver = receiver;
    this.#onChange = onChange;
    this.protection = protection;
  }

  /** Node's `onread`: lets a clear socket read straight into the receiver's memory. */
  get onread(): OnReadOpts | undefined {
    const receiver = this.#receiver;
    if (receiver === undefined || this.protection !== undefined) return undefined;
    return {
      buffer: () => receiver.buffer(),
      callback: (length, memory) => {
        receiver.chunk(memory.subarray(0, length));
        return true;
      },
    };
  }

  get connected(): boolean {
    return this.#raw !== undefined;
  }

  /** Bytes may flow: connected, and secured where that is asked for. */
  get open(): boolean {
    return this.protection === undefined ? this.connected : this.secured;
  }

  /**
   * Takes the connected socket; in clear text, bytes flow from now on. An upload whose source is silent for long is kept in
   * the memory of firewalls by TCP keep-alive.
   */
  attach(raw: Duplex): void {
    if (this.#closed) {
      raw.on('error', ignoreLateError).destroy();
      return;
    }
    this.#raw = raw;
    raw.on('error', (error) => this.#fail(error));
    if (this.#receiver === undefined) (raw as Partial<Socket>).setKeepAlive?.(true, KEEP_ALIVE_MS);
    if (this.protection === undefined) this.#use(raw);
    else if (this.#mayStartTls) this.startTls();
    this.#onChange();
  }

  /** Takes the one connection that `listener` accepts, and closes the listener with this connection. */
  awaitPeer(listener: Listener): void {
    this.#listener = listener;
    listener.accepted.then(
      (socket) => this.attach(socket),
      (error: Error) => this.#fail(error),
    );
  }

  /** Starts the TLS handshake, now or when connected, with the control connection's session; `secured` or `error` follows. */
  startTls(): void {
    this.#mayStartTls = true;
    const link = this.protection;
    if (link === undefined || this.#raw === undefined || this.#stream !== undefined) return;
    this.handshakeAt = performance.now();
    const stream = startTls(this.#raw, link.identity, link.takeSession());
    const followed = link.follow(stream);
    this.#followed = followed;
    stream.on('error', (error) => {
      this.#fail(this.secured ? error : handshakeError(error, 'data', link.identity.host));
    });
    stream.once('secureConnect', () => {
      const fault = followed.faultOfPeer();
      this.resumed = stream.isSessionReused();
      this.secured = fault === undefined;
      this.securedAt = performance.now();
      if (fault === undefined) this.#onChange();
      else this.#fail(fault);
    });
    this.#use(stream);
  }

  /** What was written and has not left yet. */
  get unsentBytes(): number {
    return this.#stream?.writableLength ?? 0;
  }

  hold(): void {
    this.#held = true;
    this.#stream?.pause();
  }

  release(): void {
    this.#held = false;
    this.#stream?.resume();
  }

  /** Writes a chunk; `written` is called when it has left, and never when it could not. Those of one turn leave together. */
  write(chunk: Uint8Array, written: () => void): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    this.unsentWrites += 1;
    gather(stream);
    stream.write(chunk, (error) => {
      // Node calls the write that destroying has broken off a success.
      if (error || stream.destroyed) return;
      this.unsentWrites -= 1;
      written();
      this.#onChange();
    });
  }

  /** What was written is free when it has left; a duplex that is no socket of Node's own may keep what it is given. */
  get frees(): boolean {
    return this.#stream !== undefined && isSocket(this.#stream);
  }

  /**
   * End of file for the server: FIN, after close_notify under TLS. The socket stays until the final reply. `roundTripMs`
   * is how long the server's next ticket may take, where it is needed.
   */
  finish(roundTripMs: number): void {
    const end = (): void => void this.#stream?.end(this.#onChange);
    if (this.#followed === undefined) end();
    else this.#followed.beforeEnd(end, 2 * roundTripMs + TICKET_MS);
  }

  /** Breaks the connection off with a RST. */
  reset(): void {
    this.#closed = true;
    this.#listener?.close();
    const raw = this.#raw as Partial<Socket> | undefined;
    if (raw?.resetAndDestroy === undefined || this.#ending) this.#raw?.destroy();
    else raw.resetAndDestroy();
    this.#discardStream();
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

  /** Lets go of the connection when nothing is expected of it any more. */
  close(): void {
    this.#closed = true;
    this.#listener?.close();
    this.#raw?.destroy();
    this.#discardStream();
  }

  /**
   * Node 20 crashes when a raw socket and the TLS socket over it are destroyed in the tick of `secureConnect`; a turn of
   * the event loop between the two is enough.
   */
  #discardStream(): void {
    const stream = this.#stream;
    if (stream !== undefined && stream !== this.#raw) setImmediate(() => stream.destroy());
  }

  #use(stream: Duplex): void {
    this.#stream = stream;
    stream.on('end', () => {
      this.ended = true;
      this.#onChange();
    });
    stream.on('close', () => {
      if (!this.ended) this.#fail(new Error('The data connection was closed before its end.'));
    });
    // A socket that honours `onread` never emits 'data'. An upload reads too: TLS 1.3 tickets left unread turn close into RST.
    stream.on('data', (chunk: Uint8Array) => this.#receiver?.chunk(chunk));
    // An accepted socket comes paused, and stays so until it is told to flow.
    if (this.#held) stream.pause();
    else stream.resume();
  }

  #fail(error: Error): void {
    if (this.#closed || this.error !== undefined) return;
    this.error = error;
    this.#onChange();
  }
}

/** Holds what is written back to the end of this turn. */
function gather(stream: Duplex): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/** Nobody waits for a connection that came too late. */
function ignoreLateError(): void {}

/**
 * Runs the control connection of one session: lines in, replies out, TLS, and faults.
 *
 * It drops clear text behind AUTH with its line, so that it never takes that for a protected command.
 */
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { encodeUtf8 } from '../protocol/encoding.js';
import { ControlLines } from './control-lines.js';
import type { Break } from './faults.js';
import { secureConnection } from './server-sockets.js';
import { aborted, resetOnly, write } from './socket-events.js';

/** The events of a control connection, for its session. */
export interface ControlEvents {
  line(line: string): void;
  /** A line was longer than 64 KiB. */
  tooLong(): void;
  closed(): void;
}

export class ControlConnection {
  readonly #raw: Socket;
  readonly #events: ControlEvents;
  readonly #gone = new AbortController();
  #socket: Socket;
  #lines = new ControlLines();
  #break: Break | undefined;
  readonly #receive = (bytes: Uint8Array): void => this.#read(bytes);

  constructor(socket: Socket, events: ControlEvents) {
    this.#raw = socket;
    this.#socket = socket;
    this.#events = events;
    socket.once('close', () => {
      this.#gone.abort();
      events.closed();
    });
    this.#use(socket);
  }

  /** Aborts when the connection is closed. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get isSecure(): boolean {
    return this.#socket !== this.#raw;
  }

  /** The address of the client. */
  get peer(): string {
    return this.#raw.remoteAddress ?? '';
  }

  /** Starts to read. */
  open(): void {
    this.#socket.on('data', this.#receive);
  }

  /** The reply under way, and all after it, break off as `how` says. */
  breakOff(how: Break): void {
    this.#break = how;
  }

  /** Sends lines, each with its CRLF, in one packet. Resolves when the socket takes more, or is gone. */
  async send(lines: readonly string[]): Promise<void> {
    const bytes = encodeUtf8(lines.map((line) => `${line}\r\n`).join(''));
    if (this.#break === undefined) await write(this.#socket, bytes);
    else await this.#sendPart(bytes, this.#break);
  }

  /** Ends the connection after all that was sent. */
  end(): void {
    this.#socket.destroySoon();
  }

  /** Ends the connection by a TCP reset. */
  reset(): void {
    resetOnly(this.#raw);
  }

  /** Reads no more bytes until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** Lays TLS over the connection from the next byte on. Resolves after the handshake, with false when it has failed. */
  async secure(options: TlsOptions): Promise<boolean> {
    this.#raw.off('data', this.#receive);
    this.#lines = new ControlLines();
    try {
      this.#socket = await secureConnection(this.#raw, options);
    } catch {
      // The client knows why: node:tls has sent it the alert. This session is over.
      this.#raw.destroy();
      return false;
    }
    this.#use(this.#socket);
    return true;
  }

  #use(socket: Socket): void {
    // Its event `close` follows, which ends the session.
    socket.on('error', () => {});
    socket.once('end', () => this.end());
  }

  async #sendPart(bytes: Uint8Array, { how, afterBytes }: Break): Promise<void> {
    if (afterBytes > 0) await write(this.#socket, bytes.subarray(0, afterBytes));
    if (how === 'cut') this.end();
    else if (how === 'reset') this.reset();
    await aborted(this.gone);
  }

  #read(bytes: Uint8Array): void {
    let lines: readonly string[] = [];
    try {
      lines = this.#lines.push(bytes);
    } catch {
      // It throws for one reason only.
      this.#events.tooLong();
    }
    for (const line of lines) this.#events.line(line);
  }
}

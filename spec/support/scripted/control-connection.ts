/**
 * The socket of one control connection as the scripted server holds it: lines in, bytes out, TLS, and its end.
 *
 * Lines are split at LF and handed over with their bytes untouched. It drops bytes before TLS that are not a whole line: it must not take
 * them for a protected command.
 */
import type { Socket } from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { ClearableSocket } from '../../../lib/net/clearable-socket.js';
import { servernameOf } from './data-link.js';
import { ReplyWriter } from './reply-writer.js';
import { resetSocket } from './reset-socket.js';
import { secureServerSide } from './server-side-tls.js';

export interface ControlEvents {
  line(line: Buffer): void;
  /** Every chunk that came in clear. */
  clear(bytes: Buffer): void;
  secured(fields: { resumed: boolean; servername: string | undefined }): void;
  ended(): void;
  closed(reset: boolean): void;
}

const lf = 0x0a;

export class ControlConnection {
  readonly #events: ControlEvents;
  readonly #raw: Socket;
  #socket: Socket;
  #replyWriter: ReplyWriter;
  #pending: Buffer = Buffer.alloc(0);
  #reset = false;
  #clearable: ClearableSocket | undefined;
  #mayClear = false;
  readonly #receive = (bytes: Buffer): void => this.#split(bytes);

  constructor(socket: Socket, events: ControlEvents) {
    this.#events = events;
    this.#raw = socket;
    this.#socket = socket;
    this.#replyWriter = new ReplyWriter(socket);
    this.#watch(socket);
    socket.once('close', () => events.closed(this.#reset));
  }

  get secure(): boolean {
    return this.#socket !== this.#raw;
  }

  get closed(): boolean {
    return this.#raw.destroyed;
  }

  /** Starts to read. */
  open(): void {
    this.#socket.on('data', this.#receive);
  }

  write(chunks: readonly Uint8Array[]): Promise<void> {
    return this.#replyWriter.write(chunks);
  }

  /** Ends the connection after everything written so far. */
  close(how: 'fin' | 'rst'): Promise<void> {
    return this.#replyWriter.after(() => {
      if (how === 'fin') this.#socket.end();
      else resetSocket(this.#raw);
    });
  }

  /** Puts the connection under TLS after everything written so far; resolves after the handshake. */
  async upgrade(options: TlsOptions, isClearable = false): Promise<void> {
    const secured = await this.#takeOver(options, isClearable);
    this.#socket = secured;
    this.#replyWriter = new ReplyWriter(secured);
    this.#watch(secured);
    this.#events.secured({ resumed: secured.isSessionReused(), servername: servernameOf(secured) });
    this.open();
  }

  /** The client may end TLS and go on in clear text (CCC): so does the server then. */
  allowClear(): void {
    const tls = this.#socket;
    this.#mayClear = true;
    this.#clearable?.spare();
    tls.once('end', () => tls.end(() => this.#goClear(tls)));
  }

  #goClear(tls: Socket): void {
    tls.off('data', this.#receive);
    this.#clearable?.detach();
    this.#mayClear = false;
    this.#socket = this.#raw;
    this.#replyWriter = new ReplyWriter(this.#raw);
    this.open();
    this.#raw.resume();
  }

  #takeOver(options: TlsOptions, isClearable: boolean): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      // In the turn of the last write, so that not even an instant ClientHello is read as a command.
      const takeOver = (): void => {
        this.#socket.off('data', this.#receive);
        this.#pending = Buffer.alloc(0);
        this.#clearable = isClearable ? new ClearableSocket(this.#raw) : undefined;
        secureServerSide(this.#clearable ?? this.#raw, { ...options, allowHalfOpen: true }).then(resolve, reject);
      };
      this.#replyWriter.after(takeOver).catch(reject);
    });
  }

  #watch(socket: Socket): void {
    socket.on('error', () => {
      this.#reset = true;
    });
    socket.once('end', () => {
      if (!this.#mayClear) this.#events.ended();
    });
  }

  #split(bytes: Buffer): void {
    if (!this.secure) this.#events.clear(bytes);
    this.#pending = Buffer.concat([this.#pending, bytes]);
    for (let end = this.#pending.indexOf(lf); end >= 0; end = this.#pending.indexOf(lf)) {
      const line = this.#pending.subarray(0, end + 1);
      this.#pending = this.#pending.subarray(end + 1);
      this.#events.line(line);
    }
  }
}

/**
 * Runs one session of the scripted server: a handler's means to answer, and the state of a small server.
 *
 * Commands are answered one after the other, each when the one before is done, as in vsftpd; the server's `outOfTurn`
 * verbs are answered when they arrive. Every line is recorded before anything is done with it.
 */
import type { Server, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { byteByByte } from '../chunks.js';
import { ControlConnection } from './control-connection.js';
import { DataLink, type Endpoint, type LinkContext } from './data-link.js';
import { finish, type MoveOutcome, readAll, writeAll } from './data-moves.js';
import type { EventFields, EventKind, EventOf, Journal } from './journal.js';
import type { ScriptedServerOptions } from './options.js';
import { type Chunking, chop } from './reply-writer.js';

/** A command line, taken apart. */
export interface CommandLine {
  readonly verb: string;
  readonly argument: string;
  /** The bytes as they came, with the line end. */
  readonly line: Buffer;
}

/** The members of its server that a session needs. */
export interface SessionServer {
  readonly journal: Journal;
  readonly chunking: Chunking;
  readonly options: Pick<ScriptedServerOptions, 'ccc'>;
  /** Undefined for a server without certificate. */
  readonly controlTls: TlsOptions | undefined;
  readonly dataTls: TlsOptions | undefined;
  track(resource: Socket | Server): void;
  tap(bytes: Buffer): void;
  /** A line has arrived; it may have to wait for its turn. */
  arrived(session: Session, command: CommandLine): void;
}

/** The values that commands change. */
export interface SessionState {
  user: string;
  loggedIn: boolean;
  directory: string;
  type: 'A' | 'I';
  /** In MODE Z, data is compressed as the server sends it, and inflated as it comes. */
  mode: 'S' | 'Z';
  protection: 'C' | 'P';
  restart: number;
  /** The facts of MLSD and MLST, as OPTS MLST has chosen them; undefined for all. */
  facts: readonly string[] | undefined;
  renameFrom: string | undefined;
  /** The next ABOR has its reply already. */
  aborAnswered: boolean;
}

export interface SendOptions {
  /** How the data connection ends: by FIN (the default), by RST, or not at all. */
  readonly end?: 'fin' | 'reset' | 'open';
  /** These chunks instead of the bytes as the server chops them, as they are in any mode; may be endless. */
  readonly chunks?: Iterable<Uint8Array>;
}

export class Session {
  readonly id: number;
  readonly state: SessionState;
  /** The data link of the last EPSV, PASV, EPRT or PORT. */
  link: DataLink | undefined;
  readonly #server: SessionServer;
  readonly #control: ControlConnection;
  #turn: Promise<void> = Promise.resolve();

  constructor(server: SessionServer, id: number, socket: Socket) {
    this.#server = server;
    this.id = id;
    this.state = { ...freshState };
    this.record('connected', { from: socket.remoteAddress ?? '' });
    this.#control = new ControlConnection(socket, {
      line: (line) => this.#line(line),
      clear: (bytes) => server.tap(bytes),
      secured: (fields) => void this.record('secured', fields),
      ended: () => {
        this.record('control-ended', {});
        this.inTurn(() => this.closeControl('fin'));
      },
      closed: (reset) => {
        this.record('control-closed', { reset });
        this.link?.close();
      },
    });
  }

  get secure(): boolean {
    return this.#control.secure;
  }

  get closed(): boolean {
    return this.#control.closed;
  }

  /** Starts to read commands. */
  open(): void {
    this.#control.open();
  }

  /** Runs `work` when everything that arrived before is done. */
  inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work);
  }

  /** Sends replies: each argument is a line (or several, joined by CRLF) and gets its CRLF; all go in one packet. */
  reply(...lines: readonly string[]): Promise<void> {
    for (const text of lines) this.record('reply', { text, secure: this.secure });
    return this.replyRaw(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** Sends bytes as they are, cut as the server chops or into the given chunks. */
  replyRaw(bytes: string | Uint8Array, cut?: Chunking | readonly Uint8Array[]): Promise<void> {
    if (typeof cut === 'object') return this.#control.write(cut);
    const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    return this.#control.write((cut ?? this.#server.chunking) === 'bytes' ? byteByByte(all) : [all]);
  }

  /** Puts the control connection under TLS; resolves after the handshake, with false when the client broke it off. */
  async upgrade(options: TlsOptions | undefined = this.#server.controlTls): Promise<boolean> {
    if (options === undefined) throw new Error('this scripted server has no certificate');
    try {
      await this.#control.upgrade(options, this.#server.options.ccc);
      return true;
    } catch (error) {
      this.record('tls-failed', { error });
      return false;
    }
  }

  /** The client may end TLS on the control connection, and both go on in clear text (CCC). */
  allowClear(): void {
    this.#control.allowClear();
  }

  /** Ends the control connection after everything written so far. */
  closeControl(how: 'fin' | 'rst' = 'fin'): Promise<void> {
    return this.#control.close(how);
  }

  /** Opens a passive data port and resolves with its number. */
  async listen(server: string): Promise<number> {
    this.link?.close();
    this.link = await DataLink.passive(this.#linkContext(), server, this.#dataTls);
    return this.link.port;
  }

  /** Names the client's endpoint for the next data connection; with `localAddress` it comes from there. */
  connectTo(endpoint: Endpoint, localAddress?: string): void {
    this.link?.close();
    this.link = DataLink.active(this.#linkContext(), endpoint, this.#dataTls, localAddress);
  }

  /** The data connection, ready for data: when it is there and, under PROT P, its TLS handshake is done. */
  async data(): Promise<Socket> {
    return this.#requireLink().socket();
  }

  /** The data connection as soon as it is there, before TLS. */
  async rawData(): Promise<Socket> {
    return this.#requireLink().raw();
  }

  async sendData(bytes: string | Uint8Array, options: SendOptions = {}): Promise<MoveOutcome> {
    const socket = await this.data();
    const file = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    const whole = this.state.mode === 'Z' ? deflateSync(file) : file;
    const chunks = options.chunks ?? chop(whole, this.#server.chunking);
    const outcome = await writeAll(socket, chunks);
    if (options.end === 'open' || outcome === 'broken') return outcome;
    if (options.end !== 'reset') return finish(socket);
    this.link?.reset();
    return 'done';
  }

  /** Reads the data connection up to the client's FIN; `received` is called for each chunk. */
  async receiveData(
    received: (chunk: Buffer) => void = () => undefined,
  ): Promise<{ bytes: Buffer; outcome: MoveOutcome }> {
    const link = this.#requireLink();
    const chunks: Buffer[] = [];
    const outcome = await readAll(await link.socket(), (chunk) => {
      if (!link.isProtected) this.#server.tap(chunk);
      chunks.push(chunk);
      received(chunk);
    });
    const wire = Buffer.concat(chunks);
    // As on ProFTPD, a stream that was cut off is inflated as far as it goes.
    const finishFlush = constants.Z_SYNC_FLUSH;
    const inflates = this.state.mode === 'Z' && wire.length > 0;
    return { bytes: inflates ? inflateSync(wire, { finishFlush }) : wire, outcome };
  }

  record<K extends EventKind>(kind: K, fields: EventFields[K]): EventOf<K> {
    return this.#server.journal.record(kind, this.id, fields);
  }

  get #dataTls(): TlsOptions | undefined {
    return this.state.protection === 'P' ? this.#server.dataTls : undefined;
  }

  #requireLink(): DataLink {
    if (this.link === undefined) throw new Error('no EPSV, PASV, EPRT or PORT came before');
    return this.link;
  }

  #linkContext(): LinkContext {
    return {
      record: (kind, fields) => void this.record(kind, fields),
      track: (resource) => this.#server.track(resource),
    };
  }

  #line(line: Buffer): void {
    const text = line.toString('utf8').replace(/\r?\n$/, '');
    const space = text.indexOf(' ');
    const verb = (space < 0 ? text : text.slice(0, space)).toUpperCase();
    const argument = space < 0 ? '' : text.slice(space + 1);
    this.record('command', { line, text, verb, argument, secure: this.secure });
    this.#server.arrived(this, { verb, argument, line });
  }
}

const freshState: SessionState = {
  user: '',
  loggedIn: false,
  directory: '/',
  type: 'A',
  mode: 'S',
  protection: 'C',
  restart: 0,
  facts: undefined,
  renameFrom: undefined,
  aborAnswered: false,
};

/**
 * The control connection: an ordered stream of replies in which every reply has exactly one owner.
 *
 * Exchanges stand in line in the order their commands were written; the first in line owns the next reply. A reply that
 * nobody can own (stray, or one its owner cannot have been sent) poisons the connection: there is no guessing whose it
 * is. The channel closes once, with one cause, and everybody in line is told that cause.
 */
import type { Duplex } from 'node:stream';
import { AsyncSubject, type Observable, Subject } from 'rxjs';
import { FtpConnectionError, type FtpError, FtpProtocolError, FtpSecurityError } from '../errors.js';
import { RestingTimers } from '../net/resting-timers.js';
import type { Command } from '../protocol/command.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import { ReplyDecoder } from '../protocol/reply-decoder.js';
import { encodeLine } from './encode-line.js';
import type { Intake } from './intake.js';
import { conductOf } from './known-servers.js';
import { type LineLimit, lineLimit } from './line-limit.js';
import { Outbox } from './outbox.js';
import type { ReplyReader } from './reply-reader.js';
import { Secrets } from './secrets.js';
import type { TextCodec } from './settings.js';

export interface ChannelSettings {
  readonly codec: TextCodec;
  readonly maxReplyBytes: number;
  readonly maxLineBytes: number;
  readonly maxCommandBytes: number | undefined;
}

interface Place {
  readonly reader: ReplyReader;
  /** How many chunks had been received when the place was taken: its replies can only come in later ones. */
  readonly since: number;
}

export class ControlChannel {
  /** The connection as the connector made it, whatever is laid over it: for its addresses. */
  readonly transport: Duplex;
  /** For the time limits of what is done here; none is left when the connection is closed. */
  readonly timers: RestingTimers = new RestingTimers();
  /** How long a command line may be. */
  lineLimit: LineLimit;
  readonly #settings: ChannelSettings;
  readonly #replies = new Subject<Reply>();
  readonly #commands = new Subject<string>();
  readonly #closed = new AsyncSubject<FtpError>();
  #socket: Duplex;
  #decoder: ReplyDecoder;
  #line: Place[] = [];
  readonly #outbox = new Outbox(() => this.#socket);
  readonly #secrets = new Secrets();
  #received = 0;
  #cause: FtpError | undefined;
  #detach: () => void;

  /** `intake` is what `socket` reads into, where it does; any other emits its chunks. */
  constructor(socket: Duplex, settings: ChannelSettings, intake?: Intake) {
    this.#settings = settings;
    this.lineLimit = lineLimit(conductOf(''), settings.maxCommandBytes);
    this.transport = socket;
    this.#socket = socket;
    this.#decoder = this.#newDecoder();
    this.#detach = this.#attach(socket, intake);
  }

  /** Every reply, as it is decoded; completes when the connection closes. Hot. */
  get reply$(): Observable<Reply> {
    return this.#replies;
  }

  /** Every command line, secrets masked, as it is written; completes when the connection closes. Hot. */
  get command$(): Observable<string> {
    return this.#commands;
  }

  /** Emits the cause once the connection is closed, then completes; late subscribers get it too. */
  get closed$(): Observable<FtpError> {
    return this.#closed;
  }

  /** Why the connection is closed; undefined while it is open. */
  get cause(): FtpError | undefined {
    return this.#cause;
  }

  /**
   * Writes a command and takes a place in line for its replies; with `gather`, at the end of this turn, in one write with
   * others. Throws FtpUsageError for what `requireSendable` refuses.
   */
  send(command: Command, reader: ReplyReader, gather = false): void {
    const line = encodeLine(command, this.#settings.codec, this.lineLimit);
    if (!this.expect(reader)) return;
    if (this.#commands.observed) this.#commands.next(command.masked);
    if (gather) this.#outbox.gather(line);
    else this.#outbox.write(line);
  }

  /** Throws FtpUsageError for text that the codec cannot encode, and for a line that is longer than the server takes. */
  requireSendable(...commands: readonly Command[]): void {
    for (const command of commands) encodeLine(command, this.#settings.codec, this.lineLimit);
  }

  /** Takes a place in line for a reply that no command asks for (the greeting). */
  expect(reader: ReplyReader): boolean {
    if (this.#cause === undefined && this.#line.length === 0 && this.#decoder.pendingBytes > 0) {
      this.close(
        new FtpProtocolError(`The server sent something unasked before ${reader.command}; the connection was closed.`, {
          command: reader.command,
        }),
      );
    }
    if (this.#cause !== undefined) {
      reader.fail(this.#cause);
      return false;
    }
    if (reader.secrets !== undefined) this.#secrets.add(reader.secrets);
    this.#line.push({ reader, since: this.#received });
    if (this.#line.length === 1) reader.onTurn?.();
    return true;
  }

  /** Writes a command whose replies belong to the place that is already first in line (ABOR and its sentinel). */
  write(command: Command): void {
    if (this.#cause !== undefined) return;
    const line = encodeLine(command, this.#settings.codec, this.lineLimit);
    if (this.#commands.observed) this.#commands.next(command.masked);
    this.#outbox.write(line);
  }

  /** Closes the connection; the first cause given is the one that counts. */
  close(cause: FtpError): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    this.timers.close();
    this.#outbox.close();
    this.#detach();
    this.#socket.destroy();
    for (const { reader } of this.#line.splice(0)) reader.fail(cause);
    this.#closed.next(cause);
    this.#closed.complete();
    this.#replies.complete();
    this.#commands.complete();
  }

  /**
   * Swaps the socket under the channel, with a fresh decoder: nothing that came over the old one may answer what is
   * sent over the new one. `wrap` gets the old socket, with nobody listening to it.
   */
  async replaceSocket(wrap: (socket: Duplex) => Promise<Duplex>): Promise<void> {
    if (this.#cause !== undefined) throw this.#cause;
    this.#detachSocket();
    const socket = await wrap(this.#socket);
    this.#socket = socket;
    this.#decoder = this.#newDecoder();
    if (this.#cause === undefined) this.#detach = this.#attach(socket);
    else socket.destroy();
  }

  #newDecoder(): ReplyDecoder {
    const { maxLineBytes, maxReplyBytes, codec } = this.#settings;
    const conceal = (line: string): string => this.#secrets.mask(line);
    return new ReplyDecoder({ maxLineBytes, maxReplyBytes, decode: codec.decode, conceal });
  }

  #attach(socket: Duplex, intake?: Intake): () => void {
    const onEnd = (): void => this.close(this.#lost('The server closed the control connection'));
    const onError = (error: Error): void => this.close(this.#lost('The control connection broke', error));
    intake?.listen(this.#receive);
    socket.on('data', this.#receive).on('end', onEnd).on('close', onEnd).on('error', onError).resume();
    return () => {
      intake?.close();
      socket.off('data', this.#receive).off('end', onEnd).off('close', onEnd).off('error', onError);
      socket.on('error', ignoreLateError);
    };
  }

  #detachSocket(): void {
    this.#detach();
    this.#detach = () => {};
  }

  readonly #receive = (chunk: Uint8Array): void => {
    this.#received += 1;
    const decoder = this.#decoder;
    let replies: Reply[];
    try {
      replies = decoder.push(chunk);
    } catch (error) {
      this.close(error as FtpError);
      return;
    }
    for (let reply = replies.shift(); reply !== undefined && this.#cause === undefined; reply = replies.shift()) {
      this.#deliver(reply, replies.length > 0);
    }
    if (decoder.failure !== undefined) this.close(decoder.failure);
  };

  #deliver(received: Reply, moreReplies: boolean): void {
    const place = this.#owner();
    const concealed = this.#secrets.areIn(received) && place?.reader.carriesValue(received) !== true;
    const reply = concealed ? this.#secrets.conceal(received) : received;
    if (this.#replies.observed) this.#replies.next(reply);
    if (this.#cause !== undefined) return;
    if (reply.code === 421) {
      this.close(this.#lost(`The server ended the session: ${formatReply(reply)}`, undefined, reply));
      return;
    }
    if (place === undefined) {
      this.close(new FtpProtocolError(`The server sent a reply nobody asked for: ${formatReply(reply)}`, { reply }));
      return;
    }
    this.#handOver(place.reader, reply, moreReplies);
  }

  /** Whose reply it is that is received now; nobody's when it cannot have been sent for who is first in line. */
  #owner(): Place | undefined {
    const place = this.#line[0];
    return place !== undefined && place.since < this.#received ? place : undefined;
  }

  #handOver(reader: ReplyReader, reply: Reply, moreReplies: boolean): void {
    try {
      if (!reader.accept(reply)) return;
    } catch (error) {
      this.close(error as FtpError);
      return;
    }
    this.#line.shift();
    this.#line[0]?.reader.onTurn?.();
    if (reader.sealed !== true) return;
    this.#detachSocket();
    if (moreReplies || this.#decoder.pendingBytes > 0 || this.#decoder.failure !== undefined) {
      this.close(
        new FtpSecurityError(`Bytes in clear text followed the reply to ${reader.command}: somebody injected them.`, {
          command: reader.command,
          reply,
        }),
      );
    }
  }

  #lost(what: string, error?: Error, reply?: Reply): FtpConnectionError {
    const command = this.#line[0]?.reader.command;
    const when = command === undefined ? 'while nothing was under way' : `during ${command}`;
    return new FtpConnectionError(error === undefined ? `${what} ${when}.` : `${what} ${when}: ${error.message}`, {
      channel: 'control',
      phase: command === undefined ? 'idle' : 'command',
      command,
      reply,
      cause: error,
    });
  }
}

/** A closed socket may still report an error; the cause is already known. */
function ignoreLateError(): void {}

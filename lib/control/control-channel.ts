/**
 * Runs the control connection: commands leave, and their replies arrive in order.
 *
 * `Incoming` makes replies of bytes, and `ReplyLine` gives each to the reader whose command it answers. The channel closes once, with one
 * cause, and reports that cause to every reader in line.
 */
import type { Duplex } from 'node:stream';
import { AsyncSubject, map, type Observable } from 'rxjs';
import { FtpConnectionError, type FtpConnectionPhase, type FtpError } from '../errors.js';
import type { Clock } from '../net/clock.js';
import { resetOrDestroy } from '../net/connector.js';
import { TimerPool } from '../net/timer-pool.js';
import { handshakeError, isTlsAlert } from '../net/tls.js';
import type { Command } from '../protocol/command.js';
import { mustNotComeLate } from '../protocol/repetition.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import { adviceFor } from './advice.js';
import { CommandWriter } from './command-writer.js';
import { ControlEvents } from './control-events.js';
import { encodeLine, type LineLimit, lineLimit } from './encode-line.js';
import type { SessionEvent } from './events.js';
import { Incoming } from './incoming.js';
import { Learned, type Optional } from './learned.js';
import { transienceOf } from './login-refusal.js';
import type { ReadBuffer } from './read-buffer.js';
import { ReplyLine, type Timing } from './reply-line.js';
import type { ReplyReader } from './reply-reader.js';
import { RoundTrip } from './round-trip.js';
import { Secrets } from './secrets.js';
import { profileOf } from './server-profile.js';
import type { TextCodec } from './settings.js';

export interface ChannelSettings {
  readonly host: string;
  readonly user?: string;
  readonly codec: TextCodec;
  readonly maxReplyBytes: number;
  readonly maxLineBytes: number;
  readonly maxCommandBytes: number | undefined;
  /** The time limit of a fence. */
  readonly abortTimeoutMs: number;
  readonly clock: Clock;
}

/** The channel's owner: it receives the channel's news, and gives it facts. */
export interface ChannelOwner {
  readonly learned: Learned;
  readonly roundTrip?: RoundTrip;
  /** The session's number in events. */
  readonly number: number;
  /** Told of the events beside the operations. */
  readonly onEvent: (event: SessionEvent) => void;
}

export class ControlChannel {
  /** The connection as the connector made it, below all layers: for its addresses. */
  readonly transport: Duplex;
  /** For the channel's time limits; none is left when the connection is closed. */
  readonly timers: TimerPool;
  /** The longest command line. */
  lineLimit: LineLimit;
  /** The client's knowledge of this server, from all of its sessions. */
  readonly learned: Learned;
  /** The earliest time of a reply. */
  readonly roundTrip: RoundTrip;
  /** All that happens here; replies are dispatched from it. */
  readonly events: ControlEvents;
  /** How often `progress$` has emitted, or would have. */
  progressCount = 0;
  readonly #settings: ChannelSettings;
  readonly #closed = new AsyncSubject<FtpError>();
  readonly #writer: CommandWriter;
  readonly #secrets = new Secrets();
  readonly #incoming: Incoming;
  readonly #line: ReplyLine;
  #socket: Duplex;
  /** Commands that wait until the present fence is over. */
  #behindFence: (() => void)[] = [];
  #cause: FtpError | undefined;
  #detach: () => void;

  /** `readBuffer` is the memory that `socket` reads into, if it does; any other socket emits its chunks. */
  constructor(socket: Duplex, settings: ChannelSettings, readBuffer?: ReadBuffer, owner?: ChannelOwner) {
    const { abortTimeoutMs, clock, codec, maxCommandBytes, maxLineBytes, maxReplyBytes } = settings;
    this.#settings = settings;
    this.timers = new TimerPool(clock.now);
    this.events = new ControlEvents(owner?.number ?? 0, clock, (event) => {
      if (event.type === 'reply') this.#take(event.reply, event.moreCame);
      else if (event.type === 'told') owner?.onEvent(event.event);
      else if (event.type === 'closed') this.#tellClosed(event.cause, owner);
    });
    this.learned = owner?.learned ?? new Learned();
    this.roundTrip = owner?.roundTrip ?? new RoundTrip();
    this.lineLimit = lineLimit(profileOf(''), maxCommandBytes);
    this.transport = socket;
    this.#socket = socket;
    this.#writer = new CommandWriter(socket);
    this.#incoming = new Incoming(
      { maxLineBytes, maxReplyBytes, decode: codec.decode, conceal: (line) => this.#secrets.mask(line) },
      {
        onReply: this.#deliver,
        onLine: (line) => {
          if (this.#cause === undefined) this.#line.takeLine(line);
        },
        onFault: (error) => this.close(error),
      },
    );
    this.#line = new ReplyLine({
      incoming: this.#incoming,
      learned: this.learned,
      writer: this,
      fenceTimeoutMs: abortTimeoutMs,
      onSkipped: (skipped) => this.events.tell({ type: 'skipped', ...skipped }),
      onReplaceSocket: () => this.#detachSocket(),
      onAnswered: this.moved,
      onFenceOver: () => this.#sendWaiting(),
      onOutOfStep: (reply) => this.fallBack('several commands at once', 'one command at a time', reply),
    });
    this.#detach = this.#attach(socket, readBuffer);
  }

  /** The client does without `what` from now on, by way of `to`; told once. */
  fallBack(what: Optional, to: string, reply?: Reply): void {
    if (!this.learned.doWithout(what)) return;
    this.events.tell({ type: 'fallback', what, to, ...(reply === undefined ? {} : { reply }) });
  }

  /** Every reply, as it is decoded; completes when the connection closes. Hot. */
  get reply$(): Observable<Reply> {
    return this.events.reply$;
  }

  /** Every command line, secrets masked, as it is written; completes when the connection closes. Hot. */
  get command$(): Observable<string> {
    return this.events.command$;
  }

  /** Emits whenever a command has its final answer, or data has moved; completes when the connection closes. Hot. */
  get progress$(): Observable<void> {
    return this.events.of('moved').pipe(map(() => undefined));
  }

  /** Emits the cause once the connection is closed, then completes; late subscribers get it too. */
  get closed$(): Observable<FtpError> {
    return this.#closed;
  }

  /** Why the connection is closed; undefined while it is open. */
  get cause(): FtpError | undefined {
    return this.#cause;
  }

  /** As `Incoming.unfinished`. */
  get unfinished(): string {
    return this.#incoming.unfinished;
  }

  /** The server's greeting names it, and it was seen to answer each command once. */
  set answersOnce(known: boolean) {
    this.#line.answersOnce = known;
  }

  /**
   * Writes a command and takes a place in line for its replies; with `gather`, at the end of this turn, in one write with
   * others. While a fence is asked, the command waits for its end. Throws FtpUsageError for a line that `requireSendable` refuses.
   */
  send(command: Command, reader: ReplyReader, gather = false): void {
    const line = encodeLine(command, this.#settings.codec, this.lineLimit);
    if (this.#line.fence !== undefined) {
      this.#sendLater(command, reader, gather);
      return;
    }
    if (!this.#enter(reader, 'timed')) return;
    this.events.sent(command.masked);
    if (gather) this.#writer.gather(line);
    else this.#writer.write(line);
  }

  /** Throws FtpUsageError for text that the codec cannot encode, and for a line that is longer than the server takes. */
  requireSendable(...commands: readonly Command[]): void {
    for (const command of commands) encodeLine(command, this.#settings.codec, this.lineLimit);
  }

  /** Takes a place in line for a reply that no command asks for (the greeting). It cannot come too soon: TLS 1.2 brings it at once. */
  expect(reader: ReplyReader): void {
    this.#enter(reader, 'untimed');
  }

  #enter(reader: ReplyReader, timing: Timing): boolean {
    if (this.#cause !== undefined) {
      reader.fail(this.#cause);
      return false;
    }
    if (reader.secrets !== undefined) this.#secrets.add(reader.secrets);
    this.#line.enter(reader, timing);
    return true;
  }

  /** Writes a command whose replies belong to the place that is already first in line (ABOR, a NOOP, a fence). */
  write(command: Command): void {
    if (this.#cause !== undefined) return;
    this.#line.allowMore();
    const line = encodeLine(command, this.#settings.codec, this.lineLimit);
    this.events.sent(command.masked);
    this.#writer.write(line);
  }

  /** The server has done a part of its task. */
  readonly moved = (): void => {
    this.progressCount += 1;
    this.events.moved();
  };

  /** As `ReplyLine.decide`. */
  decide(reader: ReplyReader, reply: Reply): void {
    this.#line.decide(reader, reply);
  }

  /** As `ReplyLine.expectSurplus`. */
  expectSurplus(): void {
    this.#line.expectSurplus();
  }

  /** As `ReplyLine.fenceBeforeNext`. */
  fenceBeforeNext(): void {
    this.#line.fenceBeforeNext();
  }

  /** As `ReplyLine.settle`. */
  settle(): Promise<void> | undefined {
    return this.#cause === undefined ? this.#line.settle() : undefined;
  }

  /** Closes the connection; the first cause given is the one that counts. */
  close(cause: FtpError): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    this.timers.close();
    this.#writer.close();
    this.#detach();
    this.#letGo();
    this.events.close(cause);
  }

  /**
   * FIN would leave it to the system to send again what the server has not got: a STOR would arrive once the network is back, and
   * empty a file that was stored meanwhile. A reset drops it. Other commands are not worth a reset, which is sent only once: a server that
   * does not get it keeps the session.
   */
  #letGo(): void {
    const socket = this.#socket;
    if (!this.#line.unanswered.some(mustNotComeLate)) {
      socket.destroy();
      return;
    }
    resetOrDestroy(this.transport);
    // Node 20 crashes when both are destroyed in the tick of `secureConnect`.
    if (socket !== this.transport) setImmediate(() => socket.destroy());
  }

  /**
   * Swaps the socket under the channel, with a fresh decoder: no byte that came over the old socket may answer a command
   * that is sent over the new one. `wrap` gets the old socket, without any listener of the channel's.
   */
  async replaceSocket(wrap: (socket: Duplex) => Promise<Duplex>): Promise<void> {
    if (this.#cause !== undefined) throw this.#cause;
    this.#detachSocket();
    const socket = await wrap(this.#socket);
    this.#socket = socket;
    this.#writer.socket = socket;
    this.#incoming.begin();
    if (this.#cause === undefined) this.#detach = this.#attach(socket);
    else socket.destroy();
  }

  #attach(socket: Duplex, readBuffer?: ReadBuffer): () => void {
    const { receive } = this.#incoming;
    const onEnd = (): void => this.close(this.#lost('The server closed the control connection'));
    const onError = (error: Error): void => this.close(this.#broken(error));
    readBuffer?.listen(receive);
    socket.on('data', receive).on('end', onEnd).on('close', onEnd).on('error', onError).resume();
    return () => {
      readBuffer?.close();
      socket.off('data', receive).off('end', onEnd).off('close', onEnd).off('error', onError);
      socket.on('error', ignoreLateError);
    };
  }

  /** Under TLS 1.3 a server says only after the handshake that it wants another certificate of the client. */
  #broken(error: Error): FtpError {
    return isTlsAlert(error)
      ? handshakeError(error, 'control', this.#settings.host)
      : this.#lost('The control connection broke', error);
  }

  #detachSocket(): void {
    this.#detach();
    this.#detach = () => {};
  }

  readonly #deliver = (received: Reply, moreCame: boolean): void => {
    if (this.#cause !== undefined) return;
    const concealed = this.#secrets.areIn(received) && this.#line.owner?.carriesValue(received) !== true;
    const reply = concealed ? this.#secrets.conceal(received) : received;
    this.events.reply(reply, moreCame);
  };

  #tellClosed(cause: FtpError, owner: ChannelOwner | undefined): void {
    this.#line.close(cause);
    this.#sendWaiting();
    owner?.onEvent({ type: 'closed', cause });
    this.#closed.next(cause);
    this.#closed.complete();
  }

  /** Gives a reply to its owner, unless an observer of it has closed the connection. */
  #take(reply: Reply, moreCame: boolean): void {
    if (this.#cause !== undefined) return;
    if (reply.code === 421) {
      this.close(this.#lost(`The server ended the session: ${formatReply(reply)}`, undefined, reply));
      return;
    }
    try {
      this.#line.take(reply, moreCame);
    } catch (error) {
      this.close(error as FtpError);
    }
  }

  #sendLater(command: Command, reader: ReplyReader, gather: boolean): void {
    this.#behindFence.push(() => this.send(command, reader, gather));
  }

  /** Sends what has waited for the fence, once its place has ended. */
  #sendWaiting(): void {
    const waiting = this.#behindFence.splice(0);
    if (waiting.length === 0) return;
    queueMicrotask(() => {
      for (const send of waiting) send();
    });
  }

  #lost(what: string, error?: Error, reply?: Reply): FtpConnectionError {
    const command = this.#line.first?.command;
    const when = command === undefined ? 'while nothing was under way' : `during ${command}`;
    // Only TLS is laid over the connection, or over the rest of it after CCC.
    const secured = this.#socket !== this.transport;
    const { user = '' } = this.#settings;
    const advice = reply === undefined ? undefined : adviceFor(command ?? '', reply, { secured, user });
    const why = error === undefined ? '' : `: ${error.message}`;
    return new FtpConnectionError(`${what} ${when}${why}${advice === undefined ? '.' : ` (${advice})`}`, {
      channel: 'control',
      phase: phaseOf(this.#line.first),
      command,
      reply,
      outcome: reply !== undefined && this.#line.isFirstAnswer ? 'refused' : 'unknown',
      cause: error,
      ...(reply === undefined ? {} : transienceOf(command ?? '', reply, user)),
    });
  }
}

/** The step in which the connection was lost, by the reader whose reply was awaited. */
function phaseOf(awaited: ReplyReader | undefined): FtpConnectionPhase {
  if (awaited === undefined) return 'idle';
  return awaited.verb === 'GREETING' ? 'greeting' : 'command';
}

/** A closed socket may still report an error; the cause is already known. */
function ignoreLateError(): void {}

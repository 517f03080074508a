/**
 * The control connection: an ordered stream of replies, each with one owner at most.
 *
 * Exchanges stand in line in the order in which their commands were written; the first in line owns the next reply. A reply
 * that answers nothing, since nothing is unanswered or since it began before its command was written, is dropped. A reply that
 * may be another command's is held by its reader, and a fence decides (`fence-reader.ts`); meanwhile nothing else is written.
 * The channel closes once, with one cause, and every reader in line is told that cause.
 */
import type { Duplex } from 'node:stream';
import { AsyncSubject, type Observable, Subject } from 'rxjs';
import { FtpConnectionError, type FtpError, FtpProtocolError, FtpSecurityError } from '../errors.js';
import { RestingTimers } from '../net/resting-timers.js';
import type { Command } from '../protocol/command.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import { ReplyDecoder } from '../protocol/reply-decoder.js';
import { encodeLine } from './encode-line.js';
import { FenceReader, type Held } from './fence-reader.js';
import type { Intake } from './intake.js';
import { conductOf } from './known-servers.js';
import { Learned } from './learned.js';
import { type LineLimit, lineLimit } from './line-limit.js';
import { Outbox } from './outbox.js';
import { Quiet } from './quiet.js';
import type { ReplyReader } from './reply-reader.js';
import { RoundTrip } from './round-trip.js';
import { Secrets } from './secrets.js';
import type { TextCodec } from './settings.js';
import { type Skipped, SkippedReplies } from './skipped-replies.js';

export interface ChannelSettings {
  readonly codec: TextCodec;
  readonly maxReplyBytes: number;
  readonly maxLineBytes: number;
  readonly maxCommandBytes: number | undefined;
  /** How long a fence may take. */
  readonly abortTimeoutMs: number;
}

/** What a channel tells its client, and knows from it. */
export interface ChannelHost {
  readonly learned: Learned;
  readonly roundTrip?: RoundTrip;
  /** Told of everything that is dropped, since it answers nothing. */
  readonly onSkipped: (skipped: Skipped) => void;
}

interface Place {
  readonly reader: ReplyReader;
  /** How many chunks had been received when the place was taken: its replies can only begin in later ones. */
  readonly since: number;
  /** When its command was written, by `performance.now()`. */
  readonly at: number;
}

export class ControlChannel {
  /** The connection as the connector made it, whatever is laid over it: for its addresses. */
  readonly transport: Duplex;
  /** For the time limits of what is done here; none is left when the connection is closed. */
  readonly timers: RestingTimers = new RestingTimers();
  /** How long a command line may be. */
  lineLimit: LineLimit;
  /** What the client knows of this server, from all of its sessions. */
  readonly learned: Learned;
  /** How soon a reply can come. */
  readonly roundTrip: RoundTrip;
  readonly #quiet: Quiet;
  readonly #settings: ChannelSettings;
  readonly #replies = new Subject<Reply>();
  readonly #commands = new Subject<string>();
  readonly #closed = new AsyncSubject<FtpError>();
  readonly #skipped: SkippedReplies;
  #socket: Duplex;
  #decoder: ReplyDecoder;
  #line: Place[] = [];
  /** The lines of the chunk under way that are no replies, and how many replies came before each. */
  readonly #lines: { readonly line: string; readonly repliesBefore: number }[] = [];
  readonly #outbox = new Outbox(() => this.#socket);
  readonly #secrets = new Secrets();
  /** What is to be sent when the fence is over; undefined while there is none. */
  #behindFence: (() => void)[] | undefined;
  /** A fence is due before the next work. */
  #fenceDue = false;
  #received = 0;
  /** In which chunk the reply began that is under way, or is delivered now. */
  #began = 0;
  #cause: FtpError | undefined;
  #detach: () => void;

  /** `intake` is what `socket` reads into, where it does; any other emits its chunks. */
  constructor(socket: Duplex, settings: ChannelSettings, intake?: Intake, host?: ChannelHost) {
    this.#settings = settings;
    this.learned = host?.learned ?? new Learned();
    this.roundTrip = host?.roundTrip ?? new RoundTrip();
    this.#quiet = new Quiet(this.learned);
    this.#skipped = new SkippedReplies((skipped) => host?.onSkipped(skipped));
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

  /** How many chunks were read so far. */
  get chunks(): number {
    return this.#received;
  }

  /** In which chunk the reply began that is delivered now. */
  get chunkOfReply(): number {
    return this.#began;
  }

  /** The server's greeting names it, and it was seen to answer each command once. */
  set answersOnce(known: boolean) {
    this.#quiet.afterFirstUse = !known;
  }

  /**
   * Writes a command and takes a place in line for its replies; with `gather`, at the end of this turn, in one write with
   * others. While a fence is asked, the command waits for its end. Throws FtpUsageError for what `requireSendable` refuses.
   */
  send(command: Command, reader: ReplyReader, gather = false): void {
    const line = encodeLine(command, this.#settings.codec, this.lineLimit);
    if (this.#behindFence !== undefined) {
      this.#behindFence.push(() => this.send(command, reader, gather));
      return;
    }
    if (!this.#enter(reader, this.#received, performance.now())) return;
    if (this.#commands.observed) this.#commands.next(command.masked);
    if (gather) this.#outbox.gather(line);
    else this.#outbox.write(line);
  }

  /** Throws FtpUsageError for text that the codec cannot encode, and for a line that is longer than the server takes. */
  requireSendable(...commands: readonly Command[]): void {
    for (const command of commands) encodeLine(command, this.#settings.codec, this.lineLimit);
  }

  /** Takes a place in line for a reply that no command asks for (the greeting). It cannot come too soon: TLS 1.2 brings it at once. */
  expect(reader: ReplyReader): void {
    this.#enter(reader, this.#received, LONG_AGO);
  }

  #enter(reader: ReplyReader, since: number, at: number): boolean {
    if (this.#cause !== undefined) {
      reader.fail(this.#cause);
      return false;
    }
    if (reader.secrets !== undefined) this.#secrets.add(reader.secrets);
    this.#line.push({ reader, since, at });
    if (this.#line.length === 1) reader.onTurn?.();
    return true;
  }

  /** Writes a command whose replies belong to the place that is already first in line (ABOR, a fence). */
  write(command: Command): void {
    if (this.#cause !== undefined) return;
    const line = encodeLine(command, this.#settings.codec, this.lineLimit);
    if (this.#commands.observed) this.#commands.next(command.masked);
    this.#outbox.write(line);
  }

  /** The first in line holds a reply that it has accepted before: a fence decides now. */
  decide(reader: ReplyReader, reply: Reply): void {
    if (this.#line[0]?.reader === reader) this.#hold({ reader, reply, afterMs: Number.POSITIVE_INFINITY });
  }

  /** One more reply may come for what was answered last: the next work waits for it, a short time. */
  expectSurplus(): void {
    this.#quiet.begin();
  }

  /** What came last may have been another command's answer: a fence is asked before the next work. */
  fenceBeforeNext(): void {
    this.#fenceDue = true;
  }

  /** What must be over before the next work begins: a fence, or a time in which one reply too many may come. */
  settle(): Promise<void> | undefined {
    if (this.#cause !== undefined) return undefined;
    if (this.#fenceDue && this.#line.length === 0) {
      this.#fenceDue = false;
      return new Promise((resolve) => this.#startFence(undefined, resolve));
    }
    return this.#quiet.over;
  }

  /** Closes the connection; the first cause given is the one that counts. */
  close(cause: FtpError): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    this.timers.close();
    this.#quiet.end();
    this.#outbox.close();
    this.#detach();
    this.#socket.destroy();
    for (const { reader } of this.#line.splice(0)) reader.fail(cause);
    this.#endFence();
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
    const onSkipped = (line: string, repliesBefore: number): void => void this.#lines.push({ line, repliesBefore });
    return new ReplyDecoder({ maxLineBytes, maxReplyBytes, decode: codec.decode, conceal, onSkipped });
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
    if (decoder.pendingBytes === 0) this.#began = this.#received;
    let replies: Reply[];
    try {
      replies = decoder.push(chunk);
    } catch (error) {
      this.close(error as FtpError);
      return;
    }
    this.#deliverAll(replies);
    if (decoder.failure !== undefined) this.close(decoder.failure);
  };

  /** Replies and lines that are none, in the order in which they came. */
  #deliverAll(replies: readonly Reply[]): void {
    const lines = this.#lines.splice(0);
    for (let index = 0; index <= replies.length; index += 1) {
      while (lines[0]?.repliesBefore === index) this.#skipLine(lines.shift()?.line ?? '');
      const reply = replies[index];
      if (reply !== undefined && this.#cause === undefined) {
        this.#deliver(reply, index + 1 < replies.length || lines.length > 0);
        this.#began = this.#received;
      }
    }
  }

  #deliver(received: Reply, moreCame: boolean): void {
    const place = this.#owner();
    const concealed = this.#secrets.areIn(received) && place?.reader.carriesValue(received) !== true;
    const reply = concealed ? this.#secrets.conceal(received) : received;
    if (this.#replies.observed) this.#replies.next(reply);
    if (this.#cause !== undefined) return;
    if (reply.code === 421) {
      this.close(this.#lost(`The server ended the session: ${formatReply(reply)}`, undefined, reply));
      return;
    }
    if (place === undefined) this.#skipReply(reply);
    else this.#handOver(place, reply, moreCame);
  }

  /** Whose reply it is that is received now; nobody's when it began before the command of the first in line was written. */
  #owner(): Place | undefined {
    const place = this.#line[0];
    return place !== undefined && place.since < this.#began ? place : undefined;
  }

  #handOver(place: Place, reply: Reply, moreCame: boolean): void {
    const { reader } = place;
    try {
      const afterMs = performance.now() - place.at;
      const soon = this.roundTrip.isTooShort(afterMs);
      const verdict = reader.accept(reply, soon);
      this.#skipped.answered();
      if (verdict === 'held') this.#hold({ reader, reply, afterMs });
      if (verdict !== 'over') return;
    } catch (error) {
      this.close(error as FtpError);
      return;
    }
    this.#endPlace(reader);
    if (reader.sealed !== true) return;
    this.#detachSocket();
    if (moreCame || this.#decoder.pendingBytes > 0 || this.#decoder.failure !== undefined) {
      this.close(injected(reader, reply));
    }
  }

  /** The first in line has its answer. */
  #endPlace({ verb }: ReplyReader): void {
    this.#line.shift();
    this.#quiet.answered(verb);
    this.#line[0]?.reader.onTurn?.();
  }

  /** A fence needs the connection for itself: where more is unanswered, it cannot be told any more which reply is whose. */
  #hold(held: Held): void {
    if (this.#line.length > 1) {
      this.learned.oneByOne = true;
      this.close(outOfStep(held));
      return;
    }
    this.#line.shift();
    this.#startFence(held);
  }

  #startFence(held: Held | undefined, onOver: () => void = () => {}): void {
    this.#behindFence = [];
    const fence = new FenceReader(this, {
      held,
      pwdRefused: this.learned.lacks('PWD'),
      timeoutMs: this.#settings.abortTimeoutMs,
      onEnd: () => {
        onOver();
        this.#endFence();
      },
    });
    // Every reply is the fence's from now on, also those that came behind the held one.
    this.#enter(fence, BEFORE_ALL, LONG_AGO);
    fence.start();
  }

  /** Sends what has waited for the fence, once its place has ended. */
  #endFence(): void {
    const waiting = this.#behindFence ?? [];
    this.#behindFence = undefined;
    if (waiting.length === 0) return;
    queueMicrotask(() => {
      for (const send of waiting) send();
    });
  }

  #skipReply(reply: Reply): void {
    const { reader } = this.#line[0] ?? {};
    if (reader?.changesSocket === true) {
      this.close(injected(reader, reply));
      return;
    }
    if (reader === undefined) this.#quiet.surplus();
    this.#skip({ reply });
  }

  #skipLine(line: string): void {
    this.#began = this.#received;
    if (this.#cause !== undefined) return;
    const { reader } = this.#line[0] ?? {};
    try {
      if (reader?.changesSocket === true) throw injected(reader);
      this.#skip({ line });
      reader?.onSkipped?.(line);
    } catch (error) {
      this.close(error as FtpError);
    }
  }

  #skip(skipped: Skipped): void {
    const tooMany = this.#skipped.add(skipped);
    if (tooMany !== undefined) this.close(tooMany);
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

/** Before the first chunk. */
const BEFORE_ALL = -1;
/** Of a place whose replies are never too soon. */
const LONG_AGO = Number.NEGATIVE_INFINITY;

/** A closed socket may still report an error; the cause is already known. */
function ignoreLateError(): void {}

/** Nothing but its own answer may come while a command waits that will replace the socket. */
function injected({ command }: ReplyReader, reply?: Reply): FtpSecurityError {
  return new FtpSecurityError(`Bytes in clear text came beside the reply to ${command}: somebody injected them.`, {
    command,
    reply,
  });
}

function outOfStep({ reader: { command }, reply }: Held): FtpProtocolError {
  return new FtpProtocolError(
    `${command} was answered by "${formatReply(reply)}" while other commands were unanswered: the replies may be out of step, so the connection was closed. From now on commands are sent one by one.`,
    { command, reply, outcome: 'unknown' },
  );
}

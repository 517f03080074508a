/**
 * One transfer command's place in reply order, and its data connection: the two independent ends that a transfer joins.
 *
 * It records facts (the preliminary reply, the final one, what the data connection says, whether the user has left) and
 * lets a script wait for them (`until`). The scripts are `download`, `upload` and `abort`; none keeps state of its own.
 */

import type { ControlSession } from '../control/control-session.js';
import type { MinRate } from '../control/min-rate.js';
import type { ReplyReader, Verdict } from '../control/reply-reader.js';
import { uncertain } from '../control/request.js';
import { nextServerState, serverStateOnTransfer } from '../control/server-state.js';
import { FtpConnectionError, type FtpError, FtpProtocolError } from '../errors.js';
import type { Command } from '../protocol/command.js';
import { carriesValue, outcomeOf, outcomeOfAnswer } from '../protocol/exchange.js';
import type { Reply } from '../protocol/reply.js';
import type { ByteReceiver } from '../streams/byte-sink.js';
import { DataConnection } from './data-connection.js';
import { HoldTimer } from './hold-timer.js';
import { protectionOf } from './open-data.js';
import { RateTimer } from './rate-timer.js';
import { StallTimer } from './stall-timer.js';
import { Watch } from './watch.js';

/** What a server says that has forgotten the port, or got nothing through it: 503 is for a command out of order. */
const NO_DATA_CONNECTION: ReadonlySet<number> = new Set([425, 426, 503]);

export class TransferExchange extends Watch implements ReplyReader {
  readonly session: ControlSession;
  data: DataConnection;
  readonly transferCommand: Command;
  /** The 1yz reply, once it is in. */
  preliminary: Reply | undefined;
  /** The reply that ends the transfer, once it is in. */
  final: Reply | undefined;
  /** It says that the transfer is not whole. */
  refused = false;
  /** A final reply that may be another command's: it counts when the data has moved and a fence has shown that it is the answer. */
  held: Reply | undefined;
  /** A reply before the command was odd (REST, the port): a fence decides about the final reply, whatever it is. */
  doubtful = false;
  /** All data has moved: a final reply that is held may be decided about. */
  dataIsOver = false;
  /** The held reply came before all of an upload was sent: by itself it completes nothing. */
  #isEarly = false;
  /** A fence is asked about the final reply that is held. */
  isDeciding = false;
  /** Where in the file it was told to begin. */
  offset = 0;
  /** Bytes that were handed on, or have left: from there a transfer that fails can be resumed. */
  bytes = 0;
  /** The user has left: nothing is delivered any more. */
  cancelled = false;
  /** What the server said since the abort began, up to the sentinel. */
  readonly afterAbort: Reply[] = [];
  inStep = false;
  /** ABOR was sent. */
  aborting = false;
  /** Nothing has moved over the data connection for too long, or too little, though something should. */
  stalled = false;
  /** Why it counts as stalled: how many bytes moved in one window of the least rate. */
  slow: { readonly moved: number; readonly rate: MinRate } | undefined;
  readonly stall: StallTimer;
  /** Its user has held it for too long, while others waited for the session. */
  heldTooLong = false;
  readonly holding: HoldTimer;
  /** Bytes came when the user had left, and were dropped. */
  #dropped = false;
  readonly #receiver: ByteReceiver | undefined;
  #sent = false;
  #sentinel: ((reply: Reply) => boolean) | undefined;

  /** `receiver` gets the bytes of a download; it is missing for an upload. `minRate` is the session's unless it is given. */
  constructor(
    session: ControlSession,
    command: Command,
    receiver: ByteReceiver | undefined,
    minRate: MinRate | false = session.settings.minRate,
  ) {
    const { channel, settings } = session;
    super(channel.timers);
    this.session = session;
    this.transferCommand = command;
    this.#receiver = receiver && this.#counted(receiver);
    this.data = this.#newData();
    const onStall = (): void => {
      this.stalled = true;
      this.changed();
    };
    this.stall = new StallTimer(channel.timers, settings.stallTimeoutMs, onStall, this.#rateTimer(minRate, onStall));
    this.holding = new HoldTimer(session, () => {
      this.heldTooLong = true;
      this.changed();
    });
  }

  get command(): string {
    return this.transferCommand.masked;
  }

  get verb(): string {
    return this.transferCommand.verb;
  }

  /** The command was written. */
  get sent(): boolean {
    return this.#sent;
  }

  /** Bytes have moved over the data connection. */
  get moved(): boolean {
    return this.bytes > 0 || this.#dropped;
  }

  /**
   * The server may have begun: the command was written, and a 1yz came, in time or during the abort, or nothing that
   * refuses it. Where none came, a refusal that may be ABOR's counts as the command's: what was there is then left alone.
   */
  get mayHaveBegun(): boolean {
    const replies = [this.preliminary, this.final, ...this.afterAbort].filter((reply) => reply !== undefined);
    if (replies.some((reply) => reply.class === 1)) return true;
    return this.#sent && !replies.some((reply) => reply.class >= 4 && reply.code !== 426);
  }

  /** Its port was asked for early, and the server has no data connection there: nothing has begun, or ever will. */
  get lostEarlyPort(): boolean {
    return this.data.toEarlyPort && !this.moved && NO_DATA_CONNECTION.has(this.final?.code ?? 0);
  }

  /** Back to before the command, which was refused: with a new data connection. */
  startOver(): void {
    const { held } = this.data;
    this.data.close();
    this.data = this.#newData();
    if (held) this.data.hold();
    this.final = undefined;
    this.held = undefined;
    this.refused = false;
    this.#sent = false;
  }

  /** Writes the transfer command. */
  send(): void {
    const { session } = this;
    this.#sent = true;
    session.server = serverStateOnTransfer(session.server, this.transferCommand);
    session.channel.send(this.transferCommand, this);
  }

  /** From now on every reply belongs to the abort, until the sentinel's. */
  beginAbort(): void {
    this.aborting = true;
  }

  /** The sentinel is on its way: the reply that `isSentinel` accepts ends this place. */
  awaitSentinel(isSentinel: (reply: Reply) => boolean): void {
    this.#sentinel = isSentinel;
  }

  /** The preliminary reply may name the size, STOU's the file. */
  carriesValue(reply: Reply): boolean {
    return !this.aborting && carriesValue(this.transferCommand.verb, reply);
  }

  accept(reply: Reply, soon: boolean): Verdict {
    const verdict = this.aborting ? this.#acceptAfterAbort(reply) : this.#acceptInOrder(reply, soon);
    this.changed();
    return verdict;
  }

  /** The data is over: a final reply that is held, now or later, goes to the fence. */
  decideHeld(): void {
    this.dataIsOver = true;
    if (this.held === undefined || this.final !== undefined || this.isDeciding) return;
    this.isDeciding = true;
    this.session.channel.decide(this, this.held);
  }

  decide(between: readonly Reply[]): void {
    const { held, session, verb } = this;
    if (held === undefined) return;
    const [only] = between;
    if (only === undefined) {
      const isOdd = outcomeOf(verb, held) === 'odd';
      if (isOdd) session.channel.learned.addUsual(verb, held.code);
      const completes = isOdd ? outcomeOfAnswer(verb, held) === 'completion' : held.class === 2;
      this.#end(held, !completes || this.#isEarly);
    } else if (between.length === 1 && this.#isUsual(only)) {
      this.#end(only, only.class !== 2);
    } else {
      this.giveUp(uncertain(this.command, held));
    }
    this.changed();
  }

  /** The control connection is lost, while the transfer still needs it. */
  fail(cause: FtpError): void {
    const { bytes, command } = this;
    const details = { command, bytes, reply: cause.reply, cause };
    const outOfStep = cause instanceof FtpProtocolError;
    this.giveUp(
      outOfStep
        ? new FtpProtocolError(`${command} was broken off after ${bytes} bytes: ${cause.message}`, details)
        : new FtpConnectionError(
            `The control connection was lost during ${command}, after ${bytes} bytes: ${cause.message}`,
            { channel: 'control', phase: 'transfer', ...details },
          ),
    );
  }

  #rateTimer(rate: MinRate | false, onSlow: () => void): RateTimer | undefined {
    if (rate === false) return undefined;
    return new RateTimer(
      rate,
      () => this.bytes,
      (moved) => {
        this.slow = { moved, rate };
        onSlow();
      },
    );
  }

  #newData(): DataConnection {
    return new DataConnection(this.#receiver, () => this.changed(), protectionOf(this.session));
  }

  #counted(receiver: ByteReceiver): ByteReceiver {
    return {
      buffer: () => receiver.buffer(),
      write: (chunk) => {
        const first = !this.moved;
        this.stall.moved();
        if (this.cancelled) {
          this.#dropped = true;
        } else {
          this.bytes += chunk.length;
          receiver.write(chunk);
        }
        if (!first) return;
        this.session.channel.moved();
        this.changed();
      },
    };
  }

  /**
   * A second 1yz is waited through while data may move. After the data connection has ended it is final (Pure-FTPd says so of a
   * broken RETR). An odd final reply is held.
   */
  #acceptInOrder(reply: Reply, soon: boolean): Verdict {
    if (reply.class === 1) {
      if (this.preliminary === undefined) this.preliminary = reply;
      else if (this.data.ended || this.data.error !== undefined) return this.#endBroken(reply);
      return 'more';
    }
    if (this.#isUsual(reply) && !soon && !this.doubtful) return this.#end(reply, reply.class !== 2);
    this.held = reply;
    this.#isEarly = this.#receiver === undefined && !this.dataIsOver;
    this.isDeciding = this.dataIsOver || reply.class >= 4;
    return this.isDeciding ? 'held' : 'more';
  }

  #isUsual(reply: Reply): boolean {
    return isUsualFinal(this.verb, reply) || this.session.channel.learned.isUsual(this.verb, reply.code);
  }

  /** The transfer is not whole. Should its own final reply come all the same, the next work waits for that. */
  #endBroken(reply: Reply): Verdict {
    this.session.channel.expectSurplus();
    return this.#end(reply, true);
  }

  #end(final: Reply, refused: boolean): Verdict {
    if (this.held !== undefined && this.held !== final) this.session.channel.tellDropped(this.held);
    this.final = final;
    this.refused = refused;
    this.session.server = nextServerState(this.session.server, this.transferCommand, final);
    return 'over';
  }

  #acceptAfterAbort(reply: Reply): Verdict {
    this.afterAbort.push(reply);
    this.inStep = this.#sentinel?.(reply) ?? false;
    return this.inStep ? 'over' : 'more';
  }
}

function isUsualFinal(verb: string, reply: Reply): boolean {
  const outcome = outcomeOf(verb, reply);
  return outcome === 'completion' || outcome === 'refusal';
}

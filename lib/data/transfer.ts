/**
 * Holds one transfer: its place in reply order, its data connection, its time limits and its script.
 *
 * It records each event of the control connection and of the data connection at once (`machine/facts.ts`). The script
 * (`machine/transfer-script.ts`) resumes one microtask later, so no effect runs within the callback of a socket.
 */
import type { ReplyReader, Verdict } from '../control/reply-reader.js';
import { uncertain } from '../control/request.js';
import type { Session } from '../control/session.js';
import { FtpConnectionError, type FtpError, type FtpOutcome, FtpProtocolError } from '../errors.js';
import { carriesValue, outcomeOf, outcomeOfAnswer } from '../protocol/exchange.js';
import type { Reply } from '../protocol/reply.js';
import type { Valve } from '../streams/gate.js';
import { DataConnection, type DataReceiver } from './data-connection.js';
import { Deadlines, type Slowness } from './deadlines.js';
import { type Facts, newFacts, record } from './machine/facts.js';
import { besidesNoops } from './machine/noops.js';
import { type Ending, Runner } from './machine/runner.js';
import type { Act, DataEvent, Effect, Outcome, Terms, TransferEvent } from './machine/script.js';
import { thirdPartyTransfer } from './machine/third-party-script.js';
import { transfer as ownTransfer } from './machine/transfer-script.js';
import { protectionOf } from './open-data.js';
import type { QuietTimer } from './quiet-timer.js';
import type { TransferPlan } from './transfer-plan.js';
import type { TransferReport } from './transfer-report.js';

/** Moves the bytes of a transfer. */
export interface Mover {
  /** The transfer whose bytes it moves; undefined when that is over. */
  transfer: Transfer | undefined;
  /** The number of bytes that it will move, if that is known. */
  readonly total?: number | undefined;
  /** From now on bytes may move, and the stall timer runs. */
  start(): void;
  stop(): void;
}

/** The means of a transfer to move its bytes. */
export interface Way {
  readonly direction: 'download' | 'upload';
  /** Gets the bytes of a download. */
  readonly receiver?: DataReceiver;
  readonly mover: Mover;
}

/** Does an effect of a transfer's script. */
export type Perform = (transfer: Transfer, effect: Effect) => boolean;

/** The codes of a server that has forgotten the port, or got no connection there. 503 says that commands are out of order. */
const NO_DATA_CONNECTION: ReadonlySet<number> = new Set([425, 426, 503]);
const LISTINGS: ReadonlySet<string> = new Set(['LIST', 'NLST', 'MLSD']);

/** Its `then` runs a callback in a microtask. Node's `queueMicrotask` takes a dozen calls more, for an async resource. */
const NEXT_TURN: Promise<void> = /* @__PURE__ */ Promise.resolve();

export class Transfer implements ReplyReader, Valve {
  readonly session: Session;
  readonly plan: TransferPlan;
  readonly way: Way;
  readonly command: string;
  readonly verb: string;
  readonly deadlines: Deadlines;
  facts: Facts;
  data: DataConnection;
  /** Bytes that were passed on, or have left: a failed transfer can be resumed from there. */
  bytes = 0;
  /** MODE Z is set: other bytes are on the wire than the file has. */
  compressed = false;
  /** If it is compressed: the bytes that came, or have left, over the data connection. */
  wireBytes = 0;
  /** The place where `minRate` ended the transfer: the bytes of the window that was too slow. */
  slow: Slowness | undefined;
  /** Reports its end, if its beginning was reported. */
  report: TransferReport | undefined;
  /** Keeps the control connection alive, if that is asked for. */
  quiet: QuietTimer | undefined;
  #runner: Runner | undefined;
  #ending: { readonly resolve: (outcome: Outcome) => void; readonly reject: (cause: unknown) => void } | undefined;
  #isScheduled = false;
  #isOver = false;
  #isPaused = false;
  #isWireHeld = false;
  readonly #goOn = (): void => {
    this.#isScheduled = false;
    if (this.#runner === undefined) return;
    this.deadlines.endWait();
    this.#runner.resume();
    this.#follow(this.#runner);
  };

  constructor(session: Session, plan: TransferPlan, way: Way) {
    this.session = session;
    this.plan = plan;
    this.way = way;
    this.command = plan.command.masked;
    this.verb = plan.command.verb;
    way.mover.transfer = this;
    this.data = this.#newData();
    this.facts = this.#newFacts();
    this.deadlines = new Deadlines(this);
  }

  /** Its port was asked for early, and the server has no data connection there: nothing has begun, or ever will. */
  get lostEarlyPort(): boolean {
    const { moved, final } = this.facts;
    return this.data.toEarlyPort && !moved && NO_DATA_CONNECTION.has(final?.code ?? 0);
  }

  /** Back to before the command, which was refused: with a new data connection. */
  startOver(): void {
    const { held } = this.data;
    this.data.close();
    this.data = this.#newData();
    this.facts = this.#newFacts();
    if (held) this.data.hold();
  }

  /** Sends the command, and moves the bytes, by the effects of the script. Rejects when the connection is lost that it needs. */
  run(perform: Perform): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#ending = { resolve, reject };
      const script = this.plan.toThirdParty === true ? thirdPartyTransfer : ownTransfer;
      const act: Act = (effect) => perform(this, effect);
      this.#runner = new Runner(() => script(this.facts, this.#terms(), act));
      this.#runner.start();
      this.#follow(this.#runner);
    });
  }

  /**
   * The transfer is over, and keeps only its known facts. V8 keeps a closed socket, and all that it leads to, up to its next full
   * collection. A transfer within its reach would keep the next one, and so on. Small files would then take twice the memory.
   */
  letGo(): void {
    this.deadlines.end();
    this.quiet?.end();
    this.data.close();
    this.way.mover.transfer = undefined;
    const parts = this as { session?: unknown; way?: unknown; data?: unknown; deadlines?: unknown };
    parts.session = parts.way = parts.data = parts.deadlines = undefined;
    this.#isOver = true;
  }

  /** The consumer is busy: no bytes are passed on. */
  pause(): void {
    if (this.#isOver) return;
    this.#isPaused = true;
    this.deadlines.stall.hold();
    this.deadlines.holding.hold();
    this.data.hold();
  }

  resume(): void {
    if (this.#isOver) return;
    this.#isPaused = false;
    this.deadlines.stall.release();
    this.deadlines.holding.release();
    // This passes on the bytes that have waited, at which the consumer may pause it again.
    if (!this.#isWireHeld) this.data.release();
  }

  /** The inflater is busy, and not its consumer: no more bytes are to come for now. */
  holdWire(): void {
    if (this.#isOver || this.#isWireHeld) return;
    this.#isWireHeld = true;
    this.data.hold();
  }

  releaseWire(): void {
    if (this.#isOver || !this.#isWireHeld) return;
    this.#isWireHeld = false;
    if (!this.#isPaused) this.data.release();
  }

  /** Records an event, and resumes the script in a microtask if its wait is over. */
  dispatch(event: TransferEvent): Verdict {
    const verdict = record(this.facts, event);
    if (!this.#isScheduled && this.#runner?.wait !== undefined) this.#schedule(this.#runner);
    return verdict;
  }

  /** The preliminary reply may name the size, STOU's the file. */
  carriesValue(reply: Reply): boolean {
    return !this.facts.aborting && carriesValue(this.verb, reply);
  }

  accept(reply: Reply, soon: boolean): Verdict {
    const verdict = this.dispatch({
      type: 'reply',
      reply,
      isOdd: reply.class !== 1 && (soon || !this.#isUsual(reply)),
    });
    if (this.facts.final === reply) this.#noteFinal(reply);
    this.quiet?.heard();
    return verdict;
  }

  onSkipped(): void {
    this.quiet?.heard();
  }

  decide(between: readonly Reply[]): void {
    const { held, heldEarly } = this.facts;
    if (held === undefined) return;
    const others = besidesNoops(between, this.facts);
    const [only] = others;
    if (only === undefined) {
      this.#end(held, !this.#completes(held) || heldEarly);
    } else if (others.length === 1 && this.#isUsual(only)) {
      this.#end(only, only.class !== 2);
    } else {
      this.#lose(uncertain(this.command, held));
    }
  }

  /** The control connection is lost, while the transfer still needs it. */
  fail(cause: FtpError): void {
    const { bytes, command } = this;
    // By 421, the server may refuse the command.
    const outcome: FtpOutcome = cause.outcome === 'refused' ? 'refused' : 'unknown';
    const details = { command, bytes, reply: cause.reply, outcome, cause };
    const outOfStep = cause instanceof FtpProtocolError;
    this.#lose(
      outOfStep
        ? new FtpProtocolError(`${command} was broken off after ${bytes} bytes: ${cause.message}`, details)
        : new FtpConnectionError(
            `The control connection was lost during ${command}, after ${bytes} bytes: ${cause.message}`,
            { channel: 'control', phase: 'transfer', ...details },
          ),
    );
  }

  /** A data connection that was replaced tells no more events. */
  #newData(): DataConnection {
    const tell = (event: DataEvent): void => {
      if (this.data === data) this.dispatch(event);
    };
    const data = new DataConnection(
      this.way.receiver,
      tell,
      this.plan.toThirdParty === true ? undefined : protectionOf(this.session),
      this.session.channel.timers.now,
    );
    return data;
  }

  #newFacts(): Facts {
    return newFacts({
      direction: this.way.direction,
      isListing: LISTINGS.has(this.verb),
      isSecure: this.data.protection !== undefined,
      withoutPwd: this.session.learned.lacks('PWD'),
    });
  }

  #terms(): Terms {
    const { settings, roundTripMs, learned, profile } = this.session;
    return {
      replyMs: settings.replyTimeoutMs,
      connectMs: settings.connectTimeoutMs,
      abortMs: settings.abortTimeoutMs,
      roundTripMs,
      handshakeFirst: learned.lacks('the TLS handshake after 150'),
      repeatsListings: profile.repeatsListings === true,
      portBehindUpload: profile.earlyPortBehindUploads === true,
      keepsAlive: settings.transferKeepAliveMs > 0,
    };
  }

  /** A second 1yz may be final; then the transfer's own final reply may follow, for which the next work waits. */
  #noteFinal(final: Reply): void {
    const { session, plan, facts } = this;
    if (final.class === 1) session.channel.expectSurplus();
    if (facts.held !== undefined && facts.held !== final)
      session.channel.events.tell({ type: 'skipped', reply: facts.held });
    session.learn({ type: 'answered', command: plan.command, reply: final });
  }

  #end(final: Reply, refused: boolean): void {
    this.dispatch({ type: 'decided', final, refused });
    this.#noteFinal(final);
  }

  /** Whether the held reply, which was the answer, says that all went well; its code is usual from now on. */
  #completes(held: Reply): boolean {
    if (outcomeOf(this.verb, held) !== 'odd') return held.class === 2;
    this.session.channel.learned.addUsual(this.verb, held.code);
    return outcomeOfAnswer(this.verb, held) === 'completion';
  }

  #isUsual(reply: Reply): boolean {
    const outcome = outcomeOf(this.verb, reply);
    if (outcome === 'completion' || outcome === 'refusal') return true;
    return this.session.channel.learned.isUsual(this.verb, reply.code);
  }

  #lose(cause: FtpError): void {
    const runner = this.#runner;
    if (runner === undefined) return;
    runner.lose(cause);
    if (!this.#isScheduled) this.#schedule(runner);
  }

  #schedule(runner: Runner): void {
    if (!runner.isReady) return;
    this.#isScheduled = true;
    void NEXT_TURN.then(this.#goOn);
  }

  /** Starts the time limit of a new wait, or ends. */
  #follow(runner: Runner): void {
    const { ending } = runner;
    if (ending !== undefined) this.#settle(ending);
    else if (runner.wait?.ms !== undefined) this.#limit(runner, runner.wait.ms, runner.wait.since);
  }

  #limit(runner: Runner, ms: number, since: number | undefined): void {
    const left = since === undefined ? ms : ms - (this.session.channel.timers.now() - since);
    if (left > 0) this.deadlines.startWait(left, () => this.#expire(runner));
    else this.#expire(runner);
  }

  #expire(runner: Runner): void {
    runner.expire();
    this.#follow(runner);
  }

  #settle(ending: Ending): void {
    const promise = this.#ending;
    this.#runner = undefined;
    this.#ending = undefined;
    if ('cause' in ending) promise?.reject(ending.cause);
    else promise?.resolve(ending.outcome);
  }
}

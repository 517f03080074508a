/**
 * Finds the owner of a reply: it keeps the readers in the order in which their commands were written. The first in line owns the next
 * reply.
 *
 * It drops a reply without a command. Then nothing is unanswered, or the reply began before the first reader's command was written. A
 * reader holds a reply that may belong to another command, and a fence decides (`fence-reader.ts`). A fence needs the connection for
 * itself.
 */
import { type FtpError, FtpProtocolError, FtpSecurityError } from '../errors.js';
import type { TimerPool } from '../net/timer-pool.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import { FenceReader, type FenceWriter, type Held } from './fence-reader.js';
import type { Incoming } from './incoming.js';
import type { Learned } from './learned.js';
import { Quiet } from './quiet.js';
import type { ReplyReader } from './reply-reader.js';
import type { RoundTrip } from './round-trip.js';
import { type Skipped, SkippedReplies } from './skipped-replies.js';

interface ReplyPlace {
  readonly reader: ReplyReader;
  /** The number of chunks that had been received when the place was taken: its replies can only begin in later ones. */
  readonly since: number;
  /** When it was taken, by the connection's clock; 0 if that does not matter. */
  readonly at: number;
  /** The number of replies that it was given, and the number that it may get. */
  replies: number;
  most: number;
}

/** Whether a reply can come too soon for a place. */
export type Timing = 'timed' | 'untimed';

/** The channel, as its line needs it. */
export interface ReplyLineOptions {
  readonly incoming: Incoming;
  readonly learned: Learned;
  readonly writer: FenceWriter;
  /** The time limit of a fence. */
  readonly fenceTimeoutMs: number;
  /** Told of everything that is dropped. */
  readonly onSkipped: (skipped: Skipped) => void;
  /** The socket is to be replaced: nothing is read from it any more. */
  readonly onReplaceSocket: () => void;
  /** A command has its final answer, or a fence has found it. */
  readonly onAnswered: () => void;
  /** The fence is over: the commands that have waited for its end may be sent. */
  readonly onFenceOver: () => void;
  /** An odd reply came while several commands were unanswered. */
  readonly onOutOfStep: (reply: Reply) => void;
}

export class ReplyLine {
  readonly #options: ReplyLineOptions;
  readonly #incoming: Incoming;
  readonly #timers: TimerPool;
  readonly #roundTrip: RoundTrip;
  readonly #quiet: Quiet;
  readonly #skipped: SkippedReplies;
  #places: ReplyPlace[] = [];
  /** The fence that is asked: no other command may be written. Written here alone. */
  fence: Promise<void> | undefined;
  /** A fence is due before the next work. */
  #fenceDue = false;

  constructor(options: ReplyLineOptions) {
    const { timers, roundTrip } = options.writer;
    this.#options = options;
    this.#incoming = options.incoming;
    this.#timers = timers;
    this.#roundTrip = roundTrip;
    this.#quiet = new Quiet(options.learned, timers.now);
    this.#skipped = new SkippedReplies(options.onSkipped);
  }

  /** The reader whose reply comes next. */
  get first(): ReplyReader | undefined {
    return this.#places[0]?.reader;
  }

  /** The readers whose commands the server has not replied to. */
  get unanswered(): readonly ReplyReader[] {
    return this.#places.filter(({ replies }) => replies === 0).map(({ reader }) => reader);
  }

  /** The reply that is delivered now is the first one to the only command that is unanswered. */
  get isFirstAnswer(): boolean {
    return this.#places.length === 1 && this.fence === undefined && this.#owner()?.replies === 0;
  }

  /** The server's greeting names it, and it was seen to answer each command once. */
  set answersOnce(known: boolean) {
    this.#quiet.afterFirstUse = !known;
  }

  /** By default the first reply to `reader` begins in a chunk that is still to come. */
  enter(reader: ReplyReader, timing: Timing): void {
    const at = timing === 'timed' && this.#roundTrip.isTold ? this.#timers.now() : 0;
    this.#add({ reader, since: this.#incoming.chunks, at, replies: 0, most: MOST_REPLIES });
  }

  #add(place: ReplyPlace): void {
    if (this.#places.push(place) === 1) place.reader.onFirstInLine?.();
  }

  /** One more command was written for the first in line, whose replies are its own too. */
  allowMore(): void {
    const [place] = this.#places;
    if (place !== undefined) place.most += 1;
  }

  /** The reader that owns the reply which is delivered now. */
  get owner(): ReplyReader | undefined {
    return this.#owner()?.reader;
  }

  /** Gives the reply to its owner, or drops it. Throws what the reader throws: the connection is to be closed then. */
  take(reply: Reply, moreCame: boolean): void {
    const place = this.#owner();
    if (place === undefined) {
      this.#skipReply(reply);
      return;
    }
    place.replies += 1;
    if (place.replies > place.most) throw endless(place, reply);
    const afterMs = place.at === 0 ? Number.POSITIVE_INFINITY : this.#timers.now() - place.at;
    const verdict = place.reader.accept(reply, this.#roundTrip.isTooShort(afterMs));
    if (this.#skipped.count > 0) this.#skipped.answered();
    if (verdict === 'over') this.#end(place.reader, reply, moreCame);
    else if (verdict !== 'more') this.#askFence(verdict, place, { reader: place.reader, reply, afterMs }, moreCame);
  }

  /** The place of the first in line is over. */
  #end(reader: ReplyReader, reply: Reply, moreCame: boolean): void {
    this.#places.shift();
    this.#quiet.answered(reader.verb);
    this.#options.onAnswered();
    this.#places[0]?.reader.onFirstInLine?.();
    if (reader.mustReplaceSocket === true) this.#replaceSocket(reader, reply, moreCame);
  }

  #askFence(verdict: 'held' | 'fence', { most }: ReplyPlace, last: Held, moreCame: boolean): void {
    if (verdict === 'held') {
      this.#hold(last);
      return;
    }
    this.#end(last.reader, last.reply, moreCame);
    this.#fenceBehind(last, most);
  }

  #replaceSocket(reader: ReplyReader, reply: Reply, moreCame: boolean): void {
    this.#options.onReplaceSocket();
    if (moreCame || this.#incoming.hasMore) this.#close(injected(reader, reply));
  }

  /** Drops a line that is no reply. Throws what the reader throws, likewise. */
  takeLine(line: string): void {
    const { first } = this;
    if (first?.changesSocket === true) {
      this.#close(injected(first));
      return;
    }
    this.#skip({ line });
    first?.onSkipped?.(line);
  }

  /** The first in line holds a reply that it has accepted before: a fence decides now. */
  decide(reader: ReplyReader, reply: Reply): void {
    if (this.first === reader) this.#hold({ reader, reply, afterMs: Number.POSITIVE_INFINITY });
  }

  /** One more reply may come for the last answered command: the next work waits for it, a short time. */
  expectSurplus(): void {
    this.#quiet.begin();
  }

  /** The last reply may have been another command's answer: a fence is asked before the next work. */
  fenceBeforeNext(): void {
    this.#fenceDue = true;
  }

  /** Resolves when the next work may begin: after a fence, or after the time in which one reply too many may come. */
  settle(): Promise<void> | undefined {
    if (!this.#fenceDue) return this.#quiet.over;
    // The connection, which the present fence has brought into step, may be out of step again.
    if (this.fence !== undefined) return this.fence.then(() => this.settle());
    return this.#places.length > 0 ? this.#quiet.over : this.#bringIntoStep();
  }

  #bringIntoStep(): Promise<void> {
    this.#fenceDue = false;
    return this.#startFence(undefined, MOST_REPLIES);
  }

  /** Tells every reader that the connection is gone. */
  close(cause: FtpError): void {
    this.#quiet.end();
    for (const { reader } of this.#places.splice(0)) reader.fail(cause);
    this.fence = undefined;
    this.#fenceDue = false;
  }

  #owner(): ReplyPlace | undefined {
    const place = this.#places[0];
    return place !== undefined && place.since < this.#incoming.began ? place : undefined;
  }

  /** If more commands are unanswered, no reply can be matched any more. */
  #hold(held: Held): void {
    if (this.#places.length > 1) {
      this.#loseOrder(held);
      return;
    }
    const most = this.#places.shift()?.most ?? MOST_REPLIES;
    this.#startFence(held, most);
  }

  /** The place of the last reply is over, but more may come for it. */
  #fenceBehind(last: Held, most: number): void {
    if (this.#places.length > 0) this.#loseOrder(last);
    else this.#startFence(undefined, most);
  }

  #loseOrder(held: Held): void {
    this.#options.onOutOfStep(held.reply);
    this.#close(outOfStep(held));
  }

  /** Resolves when the fence is over. */
  #startFence(held: Held | undefined, most: number): Promise<void> {
    const { fenceTimeoutMs: timeoutMs, learned, incoming, writer, onFenceOver } = this.#options;
    let onOver = (): void => {};
    this.fence = new Promise((resolve) => {
      onOver = resolve;
    });
    const over = this.fence;
    const onEnd = (): void => {
      this.fence = undefined;
      onOver();
      onFenceOver();
    };
    const fence = new FenceReader(writer, incoming, { held, pwdRefused: learned.lacks('PWD'), timeoutMs, onEnd });
    // Every reply is the fence's from now on, also later replies than the held one.
    this.#add({ reader: fence, since: BEFORE_ALL, at: 0, replies: 0, most });
    fence.start();
    return over;
  }

  #skipReply(reply: Reply): void {
    const { first } = this;
    if (first?.changesSocket === true) {
      this.#close(injected(first, reply));
      return;
    }
    if (first === undefined) this.#quiet.surplus();
    this.#skip({ reply });
  }

  #skip(skipped: Skipped): void {
    const tooMany = this.#skipped.add(skipped);
    if (tooMany !== undefined) this.#close(tooMany);
  }

  #close(cause: FtpError): void {
    this.#options.writer.close(cause);
  }
}

/** So many replies one command may get, or one fence: a server may tell its progress by preliminary ones. */
const MOST_REPLIES = 1_000;

function endless({ reader: { command }, most }: ReplyPlace, reply: Reply): FtpProtocolError {
  return new FtpProtocolError(
    `The server sent more than ${most} replies to ${command}, the last "${formatReply(reply)}"; the connection was closed.`,
    { command, reply },
  );
}

/** Before the first chunk. */
const BEFORE_ALL = -1;

/** Nothing but its own answer may come while a command waits that will replace the socket. */
function injected({ command, verb }: ReplyReader, reply?: Reply): FtpSecurityError {
  const what =
    verb === 'CCC'
      ? 'More than one reply came to CCC, and only one may be the last under TLS.'
      : `Bytes in clear text came beside the reply to ${command}: they were injected on the way.`;
  return new FtpSecurityError(what, { command, reply });
}

function outOfStep({ reader: { command }, reply }: Held): FtpProtocolError {
  return new FtpProtocolError(
    `${command} was answered by "${formatReply(reply)}" while other commands were unanswered: the replies may be out of step, so the connection was closed. From now on commands are sent one by one.`,
    { command, reply, outcome: 'unknown' },
  );
}

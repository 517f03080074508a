/** Takes a fence's place in reply order. It sends NOOP and PWD until it knows to which command the held reply belongs. */
import { type FtpError, FtpProtocolError } from '../errors.js';
import type { TimeLimit, TimerPool } from '../net/timer-pool.js';
import { type Command, command } from '../protocol/command.js';
import { Fence } from '../protocol/fence.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import type { Incoming } from './incoming.js';
import type { ReplyReader, Verdict } from './reply-reader.js';
import type { RoundTrip } from './round-trip.js';

/** The members of its channel that a fence needs. */
export interface FenceWriter {
  readonly timers: TimerPool;
  readonly roundTrip: RoundTrip;
  /** Writes a command at once, without its own place. */
  write(command: Command): void;
  close(cause: FtpError): void;
}

/** A reply that may be another command's, and its reader. */
export interface Held {
  readonly reader: ReplyReader;
  readonly reply: Reply;
  /** The time between its command and it. */
  readonly afterMs: number;
}

export interface FenceTerms {
  /** Missing if a fence only brings the connection into step. */
  readonly held?: Held | undefined;
  /** The server has refused PWD before. */
  readonly pwdRefused: boolean;
  readonly timeoutMs: number;
  /** Told when the connection is in step. */
  readonly onEnd: () => void;
}

const NOOP: Command = /* @__PURE__ */ command('NOOP');
const PWD: Command = /* @__PURE__ */ command('PWD');

export class FenceReader implements ReplyReader {
  readonly #writer: FenceWriter;
  readonly #incoming: Incoming;
  readonly #terms: FenceTerms;
  readonly #fence: Fence;
  #writtenAfter = 0;
  #limit: TimeLimit | undefined;

  constructor(writer: FenceWriter, incoming: Incoming, terms: FenceTerms) {
    this.#writer = writer;
    this.#incoming = incoming;
    this.#terms = terms;
    const { held, pwdRefused } = terms;
    this.#fence = new Fence({ pwdRefused, heldForPwd: held?.reader.verb === 'PWD' ? held.reply : undefined });
  }

  get verb(): string {
    return this.#terms.held?.reader.verb ?? NOOP.verb;
  }

  get command(): string {
    return this.#terms.held?.reader.command ?? NOOP.masked;
  }

  /** Sends NOOP. */
  start(): void {
    const { timeoutMs } = this.#terms;
    this.#limit = this.#writer.timers.start(timeoutMs, () => this.#writer.close(this.#endless()));
    this.#write(NOOP);
  }

  carriesValue({ code }: Reply): boolean {
    return code === 257;
  }

  accept(reply: Reply): Verdict {
    const step = this.#fence.take(reply, this.#incoming.began > this.#writtenAfter);
    if (step === 'ask PWD') this.#write(PWD);
    if (step !== 'over') return 'more';
    this.#writer.timers.stop(this.#limit);
    this.#decide();
    this.#terms.onEnd();
    return 'over';
  }

  fail(cause: FtpError): void {
    this.#writer.timers.stop(this.#limit);
    this.#terms.held?.reader.fail(cause);
    this.#terms.onEnd();
  }

  #decide(): void {
    const { held } = this.#terms;
    const { between } = this.#fence;
    if (held === undefined) return;
    // It was the answer, so the way can be that short.
    if (between.length === 0) this.#writer.roundTrip.measured(held.afterMs);
    held.reader.decide?.(between);
  }

  #write(line: Command): void {
    this.#writtenAfter = this.#incoming.chunks;
    this.#writer.write(line);
  }

  #endless(): FtpProtocolError {
    const { held, timeoutMs } = this.#terms;
    const why =
      held === undefined ? '' : ` "${formatReply(held.reply)}" came as an answer to ${held.reader.command}, and`;
    return new FtpProtocolError(
      `The connection was closed:${why} the server did not answer NOOP and PWD in step within ${timeoutMs} ms.`,
      { command: held?.reader.command, reply: held?.reply, outcome: 'unknown' },
    );
  }
}

/**
 * One exchange: a command, and the replies it may be answered with by the table in `protocol/exchange.ts`.
 *
 * It is a promise and not an Observable because it cannot be cancelled: once written, its reply comes, and must be read
 * in its place. What users see is an Observable that stops listening to it.
 */
import { type FtpError, FtpProtocolError, FtpReplyError, FtpTimeoutError } from '../errors.js';
import type { TimeLimit } from '../net/resting-timers.js';
import type { Command } from '../protocol/command.js';
import { carriesValue, type Outcome, outcomeOf } from '../protocol/exchange.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import { adviceFor } from './advice.js';
import type { ControlChannel } from './control-channel.js';
import type { ReplyReader } from './reply-reader.js';

export interface RequestOptions {
  /** The whole exchange must be over in this time, however its bytes arrive; it begins when those before it are over. */
  readonly timeoutMs: number;
  readonly phase?: string;
  /** A completion is the last that is read from this socket: it is to be replaced. */
  readonly sealed?: boolean;
  /** May wait for the end of this turn, to be written together with others. */
  readonly gather?: boolean;
  readonly onPreliminary?: ((reply: Reply) => void) | undefined;
}

/** A final reply, and what the table says it means. */
export interface FinalReply {
  readonly reply: Reply;
  readonly outcome: Exclude<Outcome, 'preliminary' | 'impossible'>;
}

/** Sends `command` and resolves with its final reply, also when that is a refusal. */
export function request(channel: ControlChannel, command: Command, options: RequestOptions): Promise<FinalReply> {
  const { verb, masked } = command;
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(channel, verb, masked, options, { resolve, reject }, secretsOf(command));
    channel.send(command, exchange, options.gather);
  });
}

/** Waits for the reply that opens the session. */
export function awaitGreeting(channel: ControlChannel, options: RequestOptions): Promise<FinalReply> {
  return new Promise((resolve, reject) => {
    channel.expect(new Exchange(channel, 'GREETING', 'the greeting', options, { resolve, reject }));
  });
}

/** What a login command sends that nobody may see; none for other commands. */
function secretsOf({ verb, line }: Command): readonly string[] | undefined {
  return verb === 'PASS' || verb === 'ACCT' ? [line.slice(verb.length + 1)] : undefined;
}

/** How an exchange ends. */
interface Ending {
  readonly resolve: (final: FinalReply) => void;
  readonly reject: (cause: FtpError) => void;
}

/** One command's place in reply order, up to its final reply. */
class Exchange implements ReplyReader {
  readonly command: string;
  readonly secrets: readonly string[] | undefined;
  sealed = false;
  readonly #channel: ControlChannel;
  readonly #verb: string;
  readonly #options: RequestOptions;
  readonly #ending: Ending;
  #limit: TimeLimit | undefined;

  constructor(
    channel: ControlChannel,
    verb: string,
    command: string,
    options: RequestOptions,
    ending: Ending,
    secrets?: readonly string[],
  ) {
    this.#channel = channel;
    this.#verb = verb;
    this.command = command;
    this.#options = options;
    this.#ending = ending;
    this.secrets = secrets;
  }

  carriesValue(reply: Reply): boolean {
    return carriesValue(this.#verb, reply);
  }

  onTurn(): void {
    const { timeoutMs, phase = 'reply' } = this.#options;
    const onPassed = (): void => this.#channel.close(lateReply(this.command, phase, timeoutMs));
    this.#limit = this.#channel.timers.start(timeoutMs, onPassed);
  }

  accept(reply: Reply): boolean {
    const outcome = outcomeOf(this.#verb, reply);
    if (outcome === 'impossible') throw impossibleReply(this.command, reply);
    if (outcome === 'preliminary') {
      this.#options.onPreliminary?.(reply);
      return false;
    }
    this.#channel.timers.stop(this.#limit);
    this.sealed = this.#options.sealed === true && outcome === 'completion';
    this.#ending.resolve({ reply, outcome });
    return true;
  }

  fail(cause: FtpError): void {
    this.#channel.timers.stop(this.#limit);
    this.#ending.reject(cause);
  }
}

/** The reply, when it is a completion or an intermediate one; otherwise the refusal as an error. */
export function accepted({ reply, outcome }: FinalReply, command: string): Reply {
  if (outcome === 'refusal') throw refused(command, reply);
  return reply;
}

/** The error for a 4yz or 5yz reply. */
export function refused(command: string, reply: Reply): FtpReplyError {
  const advice = adviceFor(command, reply);
  const what = `${command} was refused: ${formatReply(reply)}`;
  return new FtpReplyError(advice === undefined ? what : `${what} (${advice})`, { command, reply });
}

/** The error for a reply that no server may give to this command. */
export function impossibleReply(command: string, reply: Reply): FtpProtocolError {
  return new FtpProtocolError(
    `${command} cannot be answered by "${formatReply(reply)}"; the connection was closed, since its replies are out of step.`,
    { command, reply },
  );
}

export function lateReply(command: string, phase: string, afterMs: number, bytes?: number): FtpTimeoutError {
  return new FtpTimeoutError(
    `No complete reply to ${command} within ${afterMs} ms; the connection was closed. A slow server needs a larger replyTimeoutMs.`,
    { command, phase, afterMs, bytes },
  );
}

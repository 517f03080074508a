/**
 * Runs one exchange: it sends a command, and reads its replies. The table in `protocol/exchange.ts` decides, or a fence if a reply is odd.
 *
 * It is a promise because a written command cannot be cancelled. Its reply comes, and must be read in its place. Users see an Observable
 * that stops listening to it.
 */
import {
  type FtpError,
  FtpProtocolError,
  FtpReplyError,
  FtpSecurityError,
  FtpTimeoutError,
  type FtpTimeoutPhase,
} from '../errors.js';
import type { TimeLimit } from '../net/timer-pool.js';
import { type Command, secretsIn } from '../protocol/command.js';
import { carriesValue, type Outcome, outcomeOf, outcomeOfAnswer } from '../protocol/exchange.js';
import { formatReply, type Reply } from '../protocol/reply.js';
import { adviceFor, type Circumstances } from './advice.js';
import type { ControlChannel } from './control-channel.js';
import { transienceOf } from './login-refusal.js';
import type { ReplyReader, Verdict } from './reply-reader.js';

export interface RequestOptions {
  /** The whole exchange must be over in this time, however its bytes arrive; it begins when those before it are over. */
  readonly timeoutMs: number;
  readonly phase?: FtpTimeoutPhase;
  /** Its completion is the last that is read from this socket, which is replaced then (AUTH, CCC). */
  readonly changesSocket?: boolean;
  /** May wait for the end of this turn, to be written together with others. */
  readonly gather?: boolean;
  /**
   * More commands of a sequence follow, between which no fence may be asked (RNFR, REST, USER): an odd reply lets the sequence
   * go on, if it can go on with that reply, and its end has to be `doubtful`.
   */
  readonly inSequence?: boolean | ((reply: Reply) => boolean);
  /** The verb by whose row the replies are judged, if the command's own has two meanings (MDTM that sets a time). */
  readonly judgedAs?: string;
  /** An earlier reply of the sequence was odd, so a fence decides about any later one. */
  readonly doubtful?: boolean;
  /** The error for no reply in time; by default a FtpTimeoutError. */
  readonly late?: () => FtpError;
  /** Told of a line that is no reply. An error that it throws closes the connection. */
  readonly onSkipped?: (line: string) => void;
  readonly onPreliminary?: ((reply: Reply) => void) | undefined;
  /** Told of the end of the exchange as it ends: before the next reply is read. Undefined: no final reply came. */
  readonly onEnd?: ((final: FinalReply | undefined) => void) | undefined;
}

/** A final reply, and its meaning. */
export interface FinalReply {
  readonly reply: Reply;
  readonly outcome: 'intermediate' | 'completion' | 'refusal';
  /** It is not certain that the reply is this command's; only inside a sequence. */
  readonly odd?: boolean;
}

/** Sends `command` and resolves with its final reply, also when that is a refusal. */
export function request(channel: ControlChannel, command: Command, options: RequestOptions): Promise<FinalReply> {
  const { verb, masked } = command;
  return new Promise((resolve, reject) => {
    const exchange = new PendingExchange(
      channel,
      options.judgedAs ?? verb,
      masked,
      options,
      { resolve, reject },
      secretsIn(command),
    );
    channel.send(command, exchange, options.gather);
  });
}

/** The ends of an exchange. */
export interface Ending {
  readonly resolve: (final: FinalReply) => void;
  readonly reject: (cause: FtpError) => void;
}

/** The place of one command in reply order, up to its final reply. */
export class PendingExchange implements ReplyReader {
  readonly command: string;
  readonly verb: string;
  readonly changesSocket: boolean;
  readonly secrets: readonly string[] | undefined;
  mustReplaceSocket = false;
  readonly #channel: ControlChannel;
  readonly #options: RequestOptions;
  readonly #ending: Ending;
  #limit: TimeLimit | undefined;
  #held: Reply | undefined;

  constructor(
    channel: ControlChannel,
    verb: string,
    command: string,
    options: RequestOptions,
    ending: Ending,
    secrets?: readonly string[],
  ) {
    this.#channel = channel;
    this.verb = verb;
    this.command = command;
    this.changesSocket = options.changesSocket === true;
    this.#options = options;
    this.#ending = ending;
    this.secrets = secrets;
  }

  carriesValue(reply: Reply): boolean {
    return carriesValue(this.verb, reply);
  }

  onFirstInLine(): void {
    const { timeoutMs, phase = 'reply', late } = this.#options;
    const onPassed = (): void => this.#channel.close(late?.() ?? lateReply(this.command, phase, timeoutMs));
    this.#limit = this.#channel.timers.start(timeoutMs, onPassed);
  }

  accept(reply: Reply, soon: boolean): Verdict {
    if (this.changesSocket) return this.#acceptOnly(reply);
    const outcome = this.#outcomeOf(reply);
    if (outcome === 'preliminary') {
      this.#options.onPreliminary?.(reply);
      return 'more';
    }
    const odd = outcome === 'odd' || soon;
    if (odd && this.#mayGoOn(reply)) return this.#goOn(reply);
    if (odd || (this.#options.doubtful === true && !endsLogin(this.verb, reply))) return this.#hold(reply);
    return this.#end({ reply, outcome });
  }

  onSkipped(line: string): void {
    this.#options.onSkipped?.(line);
  }

  decide(between: readonly Reply[]): void {
    const held = this.#held;
    if (held === undefined) return;
    const [only] = between;
    if (only === undefined && held.class !== 1) {
      this.#answerBy(held);
      return;
    }
    const outcome = only === undefined || between.length > 1 ? 'odd' : this.#outcomeOf(only);
    if (only === undefined || outcome === 'odd' || outcome === 'preliminary') {
      this.#reject(uncertain(this.command, held));
      return;
    }
    this.#channel.events.tell({ type: 'skipped', reply: held });
    this.#end({ reply: only, outcome });
  }

  fail(cause: FtpError): void {
    this.#reject(cause);
  }

  /** The meaning of the reply by the table, and by the facts learned of this server. */
  #outcomeOf(reply: Reply): Outcome {
    const { learned } = this.#channel;
    return learned.isUsual(this.verb, reply.code) ? outcomeOfAnswer(this.verb, reply) : outcomeOf(this.verb, reply);
  }

  /** The held reply was the answer. */
  #answerBy(held: Reply): void {
    const usual = outcomeOf(this.verb, held);
    if (usual === 'odd') this.#channel.learned.addUsual(this.verb, held.code);
    const outcome = usual === 'odd' || usual === 'preliminary' ? outcomeOfAnswer(this.verb, held) : usual;
    this.#end({ reply: held, outcome });
  }

  #mayGoOn(reply: Reply): boolean {
    const { inSequence = false } = this.#options;
    return typeof inSequence === 'function' ? reply.class >= 4 || inSequence(reply) : inSequence;
  }

  /** An odd reply before the end of a sequence: a refusal that came too soon ends it, any other goes on. */
  #goOn(reply: Reply): Verdict {
    if (reply.class < 4)
      return this.#end({ reply, outcome: reply.class === 2 ? 'completion' : 'intermediate', odd: true });
    this.#channel.fenceBeforeNext();
    return this.#reject(uncertain(this.command, reply));
  }

  #hold(reply: Reply): Verdict {
    this.#channel.timers.stop(this.#limit);
    this.#held = reply;
    return 'held';
  }

  /** Before the socket is replaced exactly one 2yz may come, or a refusal. */
  #acceptOnly(reply: Reply): Verdict {
    if (reply.class === 1 || reply.class === 3) throw notTheOne(this.command, reply);
    this.mustReplaceSocket = reply.class === 2;
    return this.#end({ reply, outcome: this.mustReplaceSocket ? 'completion' : 'refusal' });
  }

  #end(final: FinalReply): Verdict {
    this.#channel.timers.stop(this.#limit);
    this.#options.onEnd?.(final);
    this.#ending.resolve(final);
    return 'over';
  }

  #reject(cause: FtpError): Verdict {
    this.#channel.timers.stop(this.#limit);
    this.#options.onEnd?.(undefined);
    this.#ending.reject(cause);
    return 'over';
  }
}

/** A refused login ends the connection, so that its order does not matter any more; and NOOP would be refused too. */
function endsLogin(verb: string, reply: Reply): boolean {
  return reply.class >= 4 && (verb === 'PASS' || verb === 'ACCT');
}

/** The reply, when it is a completion or an intermediate one; otherwise the refusal as an error. */
export function accepted({ reply, outcome }: FinalReply, command: string, circumstances?: Circumstances): Reply {
  if (outcome === 'refusal') throw refused(command, reply, circumstances);
  return reply;
}

/** The error for a 4yz or 5yz reply, and for one that leads nowhere or lacks its value. */
export function refused(command: string, reply: Reply, circumstances?: Circumstances): FtpReplyError {
  const advice = adviceFor(command, reply, circumstances) ?? (reply.class < 4 ? unfit(reply) : undefined);
  const said = formatReply(reply);
  const what = reply.class < 4 ? `${command} was answered by "${said}"` : `${command} was refused: ${said}`;
  const details = { command, reply, ...transienceOf(command, reply, circumstances?.user) };
  return new FtpReplyError(advice === undefined ? what : `${what} (${advice})`, details);
}

function unfit(reply: Reply): string {
  return reply.class === 2 ? 'the reply does not have the value asked for' : 'the reply asks for something else';
}

/** The error for replies that do not show what came of a command. */
export function uncertain(command: string, reply: Reply): FtpProtocolError {
  return new FtpProtocolError(
    `"${formatReply(reply)}" came as an answer to ${command} and does not fit it: it is not known whether ${command} was done. The connection is in step again.`,
    { command, reply, outcome: 'unknown' },
  );
}

/** Before a socket is replaced, anything but a plain yes or no may be an attack. */
function notTheOne(command: string, reply: Reply): FtpSecurityError {
  return new FtpSecurityError(`"${formatReply(reply)}" came as the reply to ${command}: only one 2yz may.`, {
    command,
    reply,
  });
}

export function lateReply(command: string, phase: FtpTimeoutPhase, afterMs: number, bytes?: number): FtpTimeoutError {
  return new FtpTimeoutError(
    `No complete reply to ${command} within ${afterMs} ms; the connection was closed. A slow server needs a larger replyTimeoutMs.`,
    { command, phase, afterMs, bytes },
  );
}

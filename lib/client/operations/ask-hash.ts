/**
 * Asks the server for the checksum of a file, or of a part of it, by HASH or by XSHA256 and others.
 *
 * It rejects a reply with another algorithm, another range or other digits, and sends the next command. It also does so if the server
 * refuses the form of a command. If the server refuses the file, it stops.
 */
import { type FinalReply, refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpUnsupportedError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import { type Command, command } from '../../protocol/command.js';
import { type HashName, type HashWay, hashWays, mayTakeRange } from '../../protocol/hash-algorithms.js';
import { parseHash } from '../../protocol/hash-reply.js';
import { isUnknownCommand, type Reply } from '../../protocol/reply.js';
import { beyondTheEnd, ChecksumAsker } from './ask-checksum.js';
import {
  type ByteRange,
  type HashAnswer,
  type HashQuestion,
  isValue,
  type NoValue,
  refusedForm,
  type ToldValue,
  unfit,
} from './hash-answer.js';
import { restoreHash, setHash } from './hash-option.js';
import { requestInRange } from './hash-range.js';

export interface FoundHash {
  readonly algorithm: HashName;
  readonly value: string;
}

/** The ways to ask that are left on this server. Throws FtpUnsupportedError if there is none. */
export function requireWays(session: Session, { algorithm, range }: Omit<HashQuestion, 'path'>): readonly HashWay[] {
  const { features, learned } = session;
  const ways = hashWays(features, algorithm).filter(({ verb }) => !learned.lacks(verb));
  const fit = range === undefined ? ways : ways.filter((way) => mayTakeRange(way, features) && !isDeaf(session, way));
  if (fit.length > 0) return fit;
  const what = `${algorithm?.name ?? 'checksum'}${ways.length > 0 ? ' of a part of a file' : ''}`;
  const named = hashWays(features).map((way) => (way.verb === 'HASH' ? `HASH ${way.option}` : way.verb));
  const has = named.length === 0 ? 'FEAT names no command for checksums' : `it has ${named.join(', ')}`;
  throw new FtpUnsupportedError(`The server tells no ${what}: ${has}. Nothing was sent.`);
}

/** HASH was seen to ignore RANG. */
function isDeaf({ learned }: Session, { verb }: HashWay): boolean {
  return verb === 'HASH' && learned.lacks('RANG for HASH');
}

/**
 * Asks by one way after the other. The features must be known. Resolves with undefined when the user has unsubscribed meanwhile.
 */
export async function askHash(
  session: Session,
  question: HashQuestion,
  signal: Cancellation,
): Promise<FoundHash | undefined> {
  const ways = requireWays(session, question);
  try {
    return await new HashAsker(session, question, signal).ask(ways);
  } finally {
    await restoreHash(session);
  }
}

class HashAsker {
  readonly #session: Session;
  readonly #question: HashQuestion;
  readonly #signal: Cancellation;
  readonly #checksums: ChecksumAsker;

  constructor(session: Session, question: HashQuestion, signal: Cancellation) {
    this.#session = session;
    this.#question = question;
    this.#signal = signal;
    this.#checksums = new ChecksumAsker(session, question, signal);
  }

  async ask(ways: readonly HashWay[]): Promise<FoundHash | undefined> {
    // In the type A a server may hash converted lines.
    await this.#session.ensureType('I');
    let last: NoValue | undefined;
    for (const way of ways) {
      if (this.#signal.aborted) return undefined;
      if (this.#isGone(way)) continue;
      const answer = await (way.verb === 'HASH' ? this.#byHash(way) : this.#checksums.ask(way));
      if (isValue(answer)) return { algorithm: way.algorithm.name, value: answer.value };
      last = answer ?? last;
    }
    if (this.#signal.aborted) return undefined;
    throw last?.error ?? this.#checksums.unsendable();
  }

  /** An answer to this question has shown that the way leads nowhere. */
  #isGone(way: HashWay): boolean {
    return this.#session.learned.lacks(way.verb) || (this.#question.range !== undefined && isDeaf(this.#session, way));
  }

  async #byHash(way: HashWay): Promise<HashAnswer> {
    const { path, range } = this.#question;
    const session = this.#session;
    const line = command('HASH', path);
    session.channel.requireSendable(line);
    const unset = await setHash(session, way.option);
    if (unset !== undefined) return refusedOption(unset);
    if (this.#signal.aborted) return undefined;
    if (range === undefined) return this.#read(way, line, await session.request(line));
    const ranged = await requestInRange(session, range, line, this.#signal);
    if (ranged === undefined) return undefined;
    return ranged.line === line ? this.#read(way, line, ranged.final) : this.#withoutRange(ranged.line, ranged.final);
  }

  #withoutRange(line: Command, { reply }: FinalReply): NoValue {
    const error = refused(line.masked, reply);
    if (reply.class === 4) throw error;
    if (isUnknownCommand(reply)) this.#ignoresRange(reply);
    return { error };
  }

  #ignoresRange(reply: Reply): void {
    this.#session.fallBack('RANG for HASH', 'a command that takes the range itself', reply);
  }

  /** Of 16 bytes, ProFTPD calls the whole file `0-16`, also where `RANG 0 16` was asked for: only the size shows it. */
  async #fromTheFront(range: ByteRange, told: ToldValue): Promise<HashAnswer> {
    const isWithin = await this.#requireWithin(range);
    return isWithin ? told : unfit(told.line, told.reply, 'which may be of the whole file');
  }

  /** Of a whole file some servers name the last byte, and some its successor (ProFTPD). If the server tells no size, it may be either. */
  async #mayBeTheEnd(last: number): Promise<boolean> {
    const size = await this.#checksums.sizeIfTold();
    return size === undefined || last === size || last === size - 1;
  }

  /** Throws FtpUsageError for a range that ends behind the file; false if the server does not know SIZE. */
  async #requireWithin(range: ByteRange): Promise<boolean> {
    const size = await this.#checksums.size();
    if (size !== undefined && range.end > size) throw beyondTheEnd(this.#question.path, range, size);
    return size !== undefined;
  }

  async #read({ algorithm }: HashWay, line: Command, final: FinalReply): Promise<HashAnswer> {
    const { reply } = final;
    if (final.outcome === 'refusal') return refusedForm(this.#session, line, 'HASH', final);
    const found = parseHash(reply);
    if (found?.algorithm !== algorithm || found.value.length !== algorithm.digits) {
      return unfit(line, reply, `which is no ${algorithm.name} of the file`);
    }
    const { value } = found;
    const { range } = this.#question;
    const { first = 0, last } = found.range ?? {};
    if (range === undefined) {
      const isWhole = first === 0 && (last === undefined || (await this.#mayBeTheEnd(last)));
      return isWhole ? { value, line, reply } : unfit(line, reply, 'which is not of the whole file');
    }
    if (first === range.start && last === range.end - 1) {
      return first > 0 ? { value, line, reply } : this.#fromTheFront(range, { value, line, reply });
    }
    // A range that begins at the requested byte may be cut at the end of the file. HASH has then respected RANG.
    if (first === range.start) await this.#requireWithin(range);
    if (first !== range.start || first === 0) this.#ignoresRange(reply);
    // Without a range in the answer it may be of the part after all.
    if (first === 0 && last !== undefined) this.#checksums.know(algorithm, value);
    return unfit(line, reply, `where the bytes ${range.start} to ${range.end - 1} were asked for`);
  }
}

function refusedOption({ reply }: FinalReply): NoValue {
  const error = refused('OPTS HASH', reply);
  if (reply.class === 4) throw error;
  return { error };
}

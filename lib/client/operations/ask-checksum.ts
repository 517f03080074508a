/**
 * Asks for checksums by XSHA256, XMD5, XCRC and MD5: each knows one algorithm. The X commands take a range behind the name, which excludes
 * its end (ProFTPD). Their answers do not repeat it.
 *
 * So a range counts only if the server is seen to respect it. If HASH has told the value of the whole file, the value of the range differs
 * from it. Otherwise the server must tell the right checksum for one byte. A name with a blank goes in quotation marks, and a name that the
 * server would misread is not sent.
 */
import { accepted } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpProtocolError, FtpReplyError, FtpUnsupportedError, FtpUsageError } from '../../errors.js';
import type { Cancellation } from '../../net/cancellation.js';
import { command } from '../../protocol/command.js';
import type { HashAlgorithm, HashWay } from '../../protocol/hash-algorithms.js';
import { parseChecksum } from '../../protocol/hash-reply.js';
import { printable } from '../../protocol/printable.js';
import { formatReply } from '../../protocol/reply.js';
import { parseSize } from '../../protocol/size.js';
import { openChecksum } from '../../streams/checksum.js';
import { askSize } from './ask-size.js';
import {
  type ByteRange,
  type HashAnswer,
  type HashQuestion,
  isValue,
  refusedForm,
  type ToldValue,
  unfit,
} from './hash-answer.js';

export class ChecksumAsker {
  readonly #session: Session;
  readonly #question: HashQuestion;
  readonly #signal: Cancellation;
  /** Values of the whole file that HASH has told in place of the range. */
  readonly #whole = new Map<HashAlgorithm, string>();
  #size: number | undefined;

  constructor(session: Session, question: HashQuestion, signal: Cancellation) {
    this.#session = session;
    this.#question = question;
    this.#signal = signal;
  }

  /** HASH has told a value, and calls its range the whole file. */
  know(algorithm: HashAlgorithm, value: string): void {
    this.#whole.set(algorithm, value);
  }

  /** The error if no command could be sent. */
  unsendable(): FtpUnsupportedError {
    const { path, range } = this.#question;
    const orSize = range === undefined ? '' : ', or its size is not told';
    return new FtpUnsupportedError(
      `The server tells no checksum of ${printable(path)}: the name has a quotation mark${orSize}. No such command was sent.`,
    );
  }

  /** Undefined also if the user has unsubscribed. */
  async ask(way: HashWay): Promise<HashAnswer> {
    const name = argumentFor(way, this.#question.path);
    if (name === undefined) return undefined;
    const { range } = this.#question;
    if (range === undefined) return this.#request(way, name);
    const size = await this.size();
    if (size === undefined || this.#signal.aborted) return undefined;
    if (range.end > size) throw beyondTheEnd(this.#question.path, range, size);
    const isWhole = range.start === 0 && range.end === size;
    return isWhole ? this.#request(way, name) : this.#inRange(way, name, range);
  }

  async #inRange(way: HashWay, name: string, range: ByteRange): Promise<HashAnswer> {
    const { learned } = this.#session;
    const answer = await this.#request(way, name, range);
    if (!isValue(answer) || learned.isProven('a range for a checksum')) return answer;
    if (this.#signal.aborted) return undefined;
    const whole = this.#whole.get(way.algorithm);
    if (whole === answer.value)
      return unfit(answer.line, answer.reply, 'as for the whole file: the server ignores the range');
    if (whole === undefined) {
      const single = isSecondByte(range) ? answer : await this.#request(way, name, SECOND_BYTE);
      if (!isValue(single)) return single;
      if (!isOfOneByte(way.algorithm, single.value)) return unfit(answer.line, answer.reply, notOfOneByte(single));
    }
    learned.prove('a range for a checksum');
    return answer;
  }

  async #request({ verb, algorithm }: HashWay, name: string, range?: ByteRange): Promise<HashAnswer> {
    const session = this.#session;
    const line = range === undefined ? command(verb, name) : command(verb, name, `${range.start}`, `${range.end}`);
    session.channel.requireSendable(line);
    const final = await session.request(line);
    if (final.outcome === 'refusal') return refusedForm(session, line, verb, final);
    const { reply } = final;
    const value = parseChecksum(reply, algorithm, this.#question.path);
    return value === undefined ? unfit(line, reply, `which holds no ${algorithm.name}`) : { value, line, reply };
  }

  /** As `size`; undefined also where SIZE is refused. */
  async sizeIfTold(): Promise<number | undefined> {
    try {
      return await this.size();
    } catch (error) {
      const isUntold = error instanceof FtpReplyError || error instanceof FtpProtocolError;
      if (!isUntold || this.#session.channel.cause !== undefined) throw error;
      return undefined;
    }
  }

  /** Of the file; undefined if the server does not know SIZE. */
  async size(): Promise<number | undefined> {
    if (this.#size !== undefined) return this.#size;
    const { path } = this.#question;
    const sized = await askSize(this.#session, path);
    if (sized !== undefined) this.#size = parseSize(accepted(sized, `SIZE ${path}`).text);
    return this.#size;
  }
}

/** Undefined for a name that the server would read in another way. MD5 takes the rest of its line as it is, as HASH does. */
function argumentFor({ verb }: HashWay, path: string): string | undefined {
  if (verb === 'MD5') return path;
  if (path.includes('"')) return undefined;
  return /\s/.test(path) ? `"${path}"` : path;
}

/** Of more than one byte if the server counts from 1, includes the last byte, takes a length for an end, or ignores ranges. */
const SECOND_BYTE: ByteRange = { start: 1, end: 2 };

function isSecondByte({ start, end }: ByteRange): boolean {
  return start === SECOND_BYTE.start && end === SECOND_BYTE.end;
}

/** Of any byte, since it is not known which one it is. */
function isOfOneByte({ name }: HashAlgorithm, value: string): boolean {
  for (let byte = 0; byte < 256; byte += 1) {
    const checksum = openChecksum(name);
    checksum.update(Uint8Array.of(byte));
    if (checksum.hex() === value) return true;
  }
  return false;
}

function notOfOneByte({ line, reply }: ToldValue): string {
  return `and ${line.masked} by "${formatReply(reply)}", which is not of one byte: the server ignores the range, or counts in another way`;
}

export function beyondTheEnd(path: string, { start, end }: ByteRange, size: number): FtpUsageError {
  return new FtpUsageError(
    `The bytes ${start} to ${end - 1} of ${printable(path)} have no checksum: the file has ${size} bytes.`,
  );
}

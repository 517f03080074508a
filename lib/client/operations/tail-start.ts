/**
 * Downloads the last bytes of a file: a `start` below 0 counts from the end, which SIZE tells.
 *
 * A file that grows between SIZE and RETR is read to its new end. A server that grants REST and ignores it also sends too many bytes, so
 * the client then sends SIZE again.
 */
import { refused } from '../../control/request.js';
import type { Session } from '../../control/session.js';
import { FtpReplyError, FtpTransferError, FtpUnsupportedError, FtpUsageError } from '../../errors.js';
import { parseSize } from '../../protocol/size.js';
import { askSize } from './ask-size.js';

export interface TailQuestion {
  readonly path: string;
  /** Below 0. */
  readonly start: number;
  readonly end: number | undefined;
  /** The size, if the caller knows it. */
  readonly size: number | undefined;
}

/** Finds the offset of the last bytes of a file. */
export class Tail {
  readonly start: number;
  readonly size: number;
  readonly #session: Session;
  readonly #question: TailQuestion;

  private constructor(session: Session, question: TailQuestion, size: number) {
    this.#session = session;
    this.#question = question;
    this.size = size;
    this.start = Math.max(0, size + question.start);
  }

  /** Throws FtpReplyError if SIZE is refused, and FtpUnsupportedError if the server does not know it. */
  static async find(session: Session, question: TailQuestion): Promise<Tail> {
    const { start, end, size = await sizeFor(session, question) } = question;
    const tail = new Tail(session, question, size);
    if (end === undefined || end > tail.start) return tail;
    throw new FtpUsageError(
      `The option end (${end}) is not above the start of the last ${-start} bytes: the file has ${size} bytes, so they begin at ${tail.start}.`,
    );
  }

  /** Checks the number of bytes that came: true if it is that of the file. Throws FtpTransferError if it cannot be. */
  async check(command: string, bytes: number): Promise<boolean> {
    const { end = this.size } = this.#question;
    const wanted = Math.min(end, this.size) - this.start;
    if (bytes === wanted) return true;
    const grown = bytes > wanted ? await sizeFor(this.#session, this.#question) : this.size;
    if (bytes > wanted && grown > this.size && this.start + bytes <= grown) return true;
    const verdict =
      bytes < wanted
        ? `was truncated: ${bytes} bytes came where ${wanted} were expected`
        : `gave ${bytes} bytes where ${wanted} were expected: the server seems to ignore REST ${this.start}`;
    throw new FtpTransferError(`${command} ${verdict}, though it reported success.`, {
      command,
      bytes,
      transient: bytes < wanted,
    });
  }
}

async function sizeFor(session: Session, { path, start }: TailQuestion): Promise<number> {
  const why = `The option start (${start}) counts from the end of the file, which only SIZE tells`;
  const sized = await askSize(session, path);
  if (sized === undefined) throw new FtpUnsupportedError(`${why}, and the server does not know SIZE.`);
  const { reply, outcome } = sized;
  if (outcome === 'completion') return parseSize(reply.text);
  const { message, command } = refused(`SIZE ${path}`, reply);
  throw new FtpReplyError(`${message}. ${why}.`, { command, reply });
}

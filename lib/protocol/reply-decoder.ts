/**
 * Decodes bytes into replies (RFC 959 section 4.2): the grammar of the control connection, and nothing else.
 *
 * A reply of many lines opens with `NNN-`. It ends at the first line that is `NNN` followed by a space or by nothing. All lines between are
 * text, also lines with other codes (vsftpd's banner may say `220-220 fake`). The result does not depend on the cuts between chunks.
 * Between replies, a line without a code, or an empty one, is no reply. The decoder skips it and reports it. It limits lines, bytes and the
 * number of lines.
 */
import { FtpProtocolError } from '../errors.js';
import { requireLimit } from './check-number.js';
import { LineDecoder } from './line-decoder.js';
import { createReply, type Reply } from './reply.js';

const ZERO = 0x30;
const SPACE = 0x20;
const HYPHEN = 0x2d;
const DEFAULT_MAX_REPLY_LINES = 1024;
const TERMINATOR_BYTES = 2;

export interface ReplyDecoderOptions {
  /** The longest line, in bytes. */
  readonly maxLineBytes: number;
  /** The longest reply, all of its lines together, in bytes. */
  readonly maxReplyBytes: number;
  /** The most lines of one reply; 1024 unless given. */
  readonly maxReplyLines?: number | undefined;
  /** Turns the bytes of one line into text; they are a view of the chunk. */
  readonly decode: (bytes: Uint8Array) => string;
  /** Takes out of a line what no error may quote; nothing unless given. */
  readonly conceal?: ((line: string) => string) | undefined;
  /**
   * Told of each line between replies that begins with no code from 100 to 599, concealed, and of how many replies its chunk has
   * completed before it. The line is dropped in any case.
   */
  readonly onSkipped?: ((line: string, repliesBefore: number) => void) | undefined;
}

/** Whether the reply goes on after this line. */
type Continuation = 'last' | 'more';

/** Cuts the control connection's bytes into replies. One decoder serves one connection, or one side of a TLS upgrade. */
export class ReplyDecoder {
  /** @internal A plain field, for the reader of each chunk. Written here alone. */
  fault: FtpProtocolError | undefined;
  readonly #lineDecoder: LineDecoder;
  readonly #maxReplyBytes: number;
  readonly #maxReplyLines: number;
  readonly #decode: (bytes: Uint8Array) => string;
  readonly #conceal: (line: string) => string;
  readonly #onSkipped: ReplyDecoderOptions['onSkipped'];
  /** The code of the reply under way, 0 between replies. */
  #code = 0;
  #lines: string[] = [];
  #bytes = 0;
  /** Throws FtpUsageError for a limit that is none. */
  constructor(options: ReplyDecoderOptions) {
    requireLimit('maxReplyBytes', options.maxReplyBytes);
    if (options.maxReplyLines !== undefined) requireLimit('maxReplyLines', options.maxReplyLines);
    this.#lineDecoder = new LineDecoder(options);
    this.#maxReplyBytes = options.maxReplyBytes;
    this.#maxReplyLines = options.maxReplyLines ?? DEFAULT_MAX_REPLY_LINES;
    this.#decode = options.decode;
    this.#conceal = options.conceal ?? ((line) => line);
    this.#onSkipped = options.onSkipped;
  }

  /** The bytes held of an unfinished reply, earlier lines included (each with two for its terminator); 0 between replies. */
  get pendingBytes(): number {
    return this.#bytes + this.#lineDecoder.heldBytes;
  }

  /** @internal The unfinished reply or line, concealed, with blanks for its line ends; '' between replies. */
  get unfinished(): string {
    const begun = this.#code === 0 ? [] : [`${this.#code}-${this.#lines.join(' ')}`];
    const pending = this.#conceal(this.#decode(this.#lineDecoder.pending));
    return [...begun, pending].filter((part) => part !== '').join(' ');
  }

  /** Why this decoder is dead, once the grammar or a limit was broken. */
  get failure(): FtpProtocolError | undefined {
    return this.fault;
  }

  /**
   * The replies that `chunk` completes, in order.
   *
   * A fault kills the decoder. Replies completed before it in the same chunk are not lost: they are returned, `failure` is
   * set, and the next push throws. When there is nothing to return, this push throws. So a caller handles what it was
   * given and then looks at `failure`; one that does not look still gets the error, one push later.
   *
   * @throws FtpProtocolError when a line holds a NUL, or a limit is passed.
   */
  push(chunk: Uint8Array): Reply[] {
    if (this.fault !== undefined) throw this.fault;
    const replies: Reply[] = [];
    try {
      const lines = this.#lineDecoder.push(chunk);
      for (let index = 0; index < lines.length; index += 1) this.#take(lines[index] as Uint8Array, replies);
      if (this.pendingBytes > this.#maxReplyBytes) throw this.#tooLarge();
      if (this.#lineDecoder.fault !== undefined) throw this.#lineDecoder.fault;
    } catch (error) {
      this.fault = error instanceof FtpProtocolError ? error : fault('The reply could not be decoded', error);
      if (replies.length === 0) throw this.fault;
    }
    return replies;
  }

  #take(line: Uint8Array, replies: Reply[]): void {
    if (line.includes(0)) throw fault('A reply line holds a NUL');
    this.#bytes += line.length + TERMINATOR_BYTES;
    if (this.#bytes > this.#maxReplyBytes) throw this.#tooLarge();
    if (this.#code === 0) this.#begin(line, replies);
    else this.#continue(line, replies);
  }

  #begin(line: Uint8Array, replies: Reply[]): void {
    const code = codeOf(line);
    const continuation = continuationOf(line);
    if (code === 0 || continuation === undefined) {
      this.#skip(line, replies.length);
      return;
    }
    const text = this.#decode(line.subarray(4));
    if (continuation === 'last') {
      this.#bytes = 0;
      replies.push(createReply(code, [text]));
    } else {
      this.#code = code;
      this.#lines.push(text);
    }
  }

  #skip(line: Uint8Array, repliesBefore: number): void {
    this.#bytes = 0;
    this.#onSkipped?.(this.#conceal(this.#decode(line)), repliesBefore);
  }

  #continue(line: Uint8Array, replies: Reply[]): void {
    if (this.#lines.length === this.#maxReplyLines) throw fault(`A reply has more than ${this.#maxReplyLines} lines`);
    const continuation = codeOf(line) === this.#code ? continuationOf(line) : undefined;
    this.#lines.push(this.#decode(continuation === undefined ? line : line.subarray(4)));
    if (continuation === 'last') replies.push(this.#complete());
  }

  #complete(): Reply {
    const reply = createReply(this.#code, this.#lines);
    this.#code = 0;
    this.#lines = [];
    this.#bytes = 0;
    return reply;
  }

  #tooLarge(): FtpProtocolError {
    return fault(`A reply has more than ${this.#maxReplyBytes} bytes`);
  }
}

/** The code that a line begins with, 0 when it begins with none from 100 to 599. */
function codeOf(line: Uint8Array): number {
  const hundreds = (line[0] ?? 0) - ZERO;
  const tens = (line[1] ?? 0) - ZERO;
  const ones = (line[2] ?? 0) - ZERO;
  if (hundreds < 1 || hundreds > 5 || tens < 0 || tens > 9 || ones < 0 || ones > 9) return 0;
  return hundreds * 100 + tens * 10 + ones;
}

/** The text after a code: nothing or a space ends the reply, a hyphen continues it, anything else means that there is no code. */
function continuationOf(line: Uint8Array): Continuation | undefined {
  const separator = line[3];
  if (separator === undefined || separator === SPACE) return 'last';
  return separator === HYPHEN ? 'more' : undefined;
}

function fault(message: string, cause?: unknown): FtpProtocolError {
  return new FtpProtocolError(message, { cause });
}

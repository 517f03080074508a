/**
 * Splits bytes into lines: the only framing of FTP (RFC 959 section 4.2; listings and text transfers use it too).
 *
 * A line ends at LF. A CR right before it belongs to the terminator (inetutils ends listing lines by a bare LF). It emits nothing before a
 * line's terminator, and searches no byte twice. It keeps only the unfinished line, which is bounded. The limit counts at once, and does
 * not wait for the terminator.
 */
import { FtpProtocolError, FtpUsageError } from '../errors.js';
import { requireLimit } from './check-number.js';

const LF = 0x0a;
const CR = 0x0d;
const INITIAL_CAPACITY = 256;

export interface LineDecoderOptions {
  /** The longest line, its terminator not counted, in bytes. */
  readonly maxLineBytes: number;
}

/** Cuts a byte stream into lines. One decoder serves one stream. */
export class LineDecoder {
  /** @internal Plain fields, which the decoder of replies reads several times a chunk. Written here alone. */
  heldBytes = 0;
  /** @internal */
  fault: FtpProtocolError | undefined;
  readonly #maxLineBytes: number;
  #pending: Uint8Array = new Uint8Array(0);

  /** Throws FtpUsageError for a limit that is none. */
  constructor(options: LineDecoderOptions) {
    requireLimit('maxLineBytes', options.maxLineBytes);
    this.#maxLineBytes = options.maxLineBytes;
  }

  /** The number of bytes of the unfinished line. */
  get pendingBytes(): number {
    return this.heldBytes;
  }

  /** @internal The unfinished line: a view, good until the next push. */
  get pending(): Uint8Array {
    return this.#pending.subarray(0, this.heldBytes);
  }

  /** Why this decoder is dead, once a line was too long. */
  get failure(): FtpProtocolError | undefined {
    return this.fault;
  }

  /**
   * The lines that `chunk` completes, without their terminators.
   *
   * A line that lies wholly in `chunk` is a view of it, so it is good until that memory is used again.
   *
   * A line over the limit kills the decoder. Lines completed before it in the same chunk are not lost: they are
   * returned, `failure` is set, and the next push throws. When there is nothing to return, this push throws.
   *
   * @throws FtpProtocolError when a line is longer than `maxLineBytes`, finished or not; FtpUsageError for a value that is not bytes.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    if (this.fault !== undefined) throw this.fault;
    const bytes = chunk.constructor === Uint8Array ? chunk : plainBytes(chunk);
    const lines: Uint8Array[] = [];
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(LF, start);
      if (end === -1) return this.#keep(bytes.subarray(start)) ? lines : this.#fail(lines);
      const line = this.#finish(bytes, start, end);
      if (line === undefined) return this.#fail(lines);
      lines.push(line);
      start = end + 1;
    }
    return lines;
  }

  /**
   * At the end of the stream: the line that has no terminator, `undefined` when there is none. A trailing CR is kept, since
   * without its LF it is not a terminator.
   */
  end(): Uint8Array | undefined {
    if (this.heldBytes === 0) return undefined;
    const line = this.#pending.slice(0, this.heldBytes);
    this.heldBytes = 0;
    return line;
  }

  /** The line of which `bytes` has the rest from `start` to the LF at `end`; `undefined` when it is too long. */
  #finish(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
    if (this.heldBytes > 0) return this.#join(bytes.subarray(start, end));
    const contentEnd = end > start && bytes[end - 1] === CR ? end - 1 : end;
    return contentEnd - start > this.#maxLineBytes ? undefined : bytes.subarray(start, contentEnd);
  }

  /** The line that was begun and ends with `tail`. */
  #join(tail: Uint8Array): Uint8Array | undefined {
    if (this.heldBytes + tail.length > this.#maxLineBytes + 1) return undefined;
    this.#append(tail);
    const line = this.#pending.slice(0, this.heldBytes);
    this.heldBytes = 0;
    return this.#finish(line, 0, line.length);
  }

  /** Holds the beginning of a line; `false` when it is too long already. A last CR may turn out to be a terminator's. */
  #keep(part: Uint8Array): boolean {
    const length = this.heldBytes + part.length;
    const contentLength = part[part.length - 1] === CR ? length - 1 : length;
    if (contentLength > this.#maxLineBytes) return false;
    this.#append(part);
    return true;
  }

  #append(part: Uint8Array): void {
    const length = this.heldBytes + part.length;
    if (length > this.#pending.length) {
      const grown = new Uint8Array(Math.max(length, this.#pending.length * 2, INITIAL_CAPACITY));
      grown.set(this.#pending.subarray(0, this.heldBytes));
      this.#pending = grown;
    }
    this.#pending.set(part, this.heldBytes);
    this.heldBytes = length;
  }

  #fail(lines: Uint8Array[]): Uint8Array[] {
    this.fault = new FtpProtocolError(`The server sent a line of more than ${this.#maxLineBytes} bytes`);
    this.#pending = new Uint8Array(0);
    this.heldBytes = 0;
    if (lines.length === 0) throw this.fault;
    return lines;
  }
}

/** The same memory, but not as a Buffer, which replaces built-in methods by slower ones. */
function plainBytes(chunk: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
  // A value without memory, such as a string, has become an empty array.
  if (bytes.length !== chunk.length) throw new FtpUsageError('A chunk of bytes must be a Uint8Array');
  return bytes;
}

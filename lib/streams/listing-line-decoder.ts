/**
 * Splits a listing into lines, as servers really end them.
 *
 * RFC 959 section 3.1.1.1 demands CRLF. inetutils sends a bare LF throughout; vsftpd sends CRLF, and a file name may have a bare LF in it.
 * So if CRLF occurs, only CRLF ends a line; otherwise LF does. The first line end decides. If that is a bare LF, a CRLF within the length
 * of a name decides. Servers of old Macs end lines by CR alone, which counts if no LF follows.
 */
import { FtpProtocolError } from '../errors.js';
import { decodeLatin1 } from '../protocol/latin1.js';

const LF = 0x0a;
const CR = 0x0d;
/** Farther behind a bare LF than this no CRLF ends the same line: a name has at most 255 units of 4 bytes. */
const NAME_BYTES = 1024;
/** The same with a link's target, which has at most 4096 bytes. */
const LINK_BYTES = NAME_BYTES + 4096;
/** So many lines show at the end of the data that CR ends them: one may have been cut before its LF. */
const ENOUGH_CR_LINES = 2;

/** A line is the part from `start` to `end` of `bytes`. */
type EmitLine = (bytes: Uint8Array, start: number, end: number) => void;

/** Cuts the bytes of one listing into lines; holds no more than one line, or the lookahead. */
export class ListingLineDecoder {
  readonly #maxLineBytes: number;
  #terminator: 'crlf' | 'lf' | 'cr' | undefined;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** The position of the first bare LF, while the terminator is undecided. */
  #bareLf: number | undefined;
  /** The position of the first CR, likewise. */
  #firstCr: number | undefined;
  /** So far behind the first of them another line begins. */
  #lookahead: number;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
    this.#lookahead = Math.min(LINK_BYTES, maxLineBytes);
  }

  /** Emits the lines that `chunk` completes, without terminators; they are in the chunk, or in memory of their own. */
  push(chunk: Uint8Array, emit: EmitLine): void {
    if (this.#terminator !== undefined) {
      this.#split(chunk, emit);
      return;
    }
    this.#decide(chunk);
    if (this.#terminator === undefined) this.#hold(chunk);
    else this.#split(this.#takeHeld(chunk), emit);
  }

  /** The end of the data: a bare LF that waited for a CRLF was a terminator. Returns the line that has none. */
  end(emit: EmitLine): Uint8Array {
    if (this.#terminator === undefined) {
      const data = this.#takeHeld();
      this.#terminator = this.#bareLf === undefined && hasCrLines(data) ? 'cr' : 'lf';
      this.#split(data, emit);
    }
    return this.#takeHeld();
  }

  #decide(chunk: Uint8Array): void {
    if (this.#firstCr === undefined) {
      const cr = chunk.indexOf(CR);
      if (cr !== -1) this.#firstCr = this.#heldBytes + cr;
    }
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) {
      if (this.#isPastLine(this.#heldBytes + at)) break;
      if (this.#byteBefore(chunk, at) === CR) {
        this.#terminator = 'crlf';
        return;
      }
      if (this.#bareLf === undefined) this.#begin(chunk, at);
    }
    if (!this.#isPastLine(this.#heldBytes + chunk.length)) return;
    this.#terminator = this.#bareLf === undefined ? 'cr' : 'lf';
  }

  /** Takes the first LF, which is bare. */
  #begin(chunk: Uint8Array, at: number): void {
    this.#bareLf = this.#heldBytes + at;
    const isLink = isLinkLike(Buffer.concat([...this.#held, chunk.subarray(0, at)]));
    this.#lookahead = Math.min(isLink ? LINK_BYTES : NAME_BYTES, this.#maxLineBytes);
  }

  /** Whether the bytes at `position` belong to another line than the first LF, or the first CR if there is no LF. */
  #isPastLine(position: number): boolean {
    const first = this.#bareLf ?? this.#firstCr;
    return first !== undefined && position - first > this.#lookahead;
  }

  #split(chunk: Uint8Array, emit: EmitLine): void {
    const last = this.#terminator === 'cr' ? CR : LF;
    let start = 0;
    for (let at = chunk.indexOf(last); at !== -1; at = chunk.indexOf(last, at + 1)) {
      if (this.#terminator === 'crlf' && this.#byteBefore(chunk, at) !== CR) continue;
      if (this.#held.length === 0) {
        this.#emit(chunk, start, at, emit);
      } else {
        const whole = this.#takeHeld(chunk.subarray(start, at));
        this.#emit(whole, 0, whole.length, emit);
      }
      start = at + 1;
    }
    this.#hold(chunk.subarray(start));
  }

  #byteBefore(chunk: Uint8Array, at: number): number | undefined {
    return at > 0 ? chunk[at - 1] : this.#held.at(-1)?.at(-1);
  }

  #hold(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#held.push(part.slice());
    this.#heldBytes += part.length;
    // With an undecided LF in them, the held bytes are more than one line, and bounded by the lookahead.
    const undecided = this.#terminator === undefined && this.#bareLf !== undefined;
    // A spare byte, since a last CR may be half of a terminator.
    if (!undecided && this.#heldBytes > this.#maxLineBytes + 1) this.#refuse();
  }

  /** The held bytes, and `tail` behind them. */
  #takeHeld(tail: Uint8Array = new Uint8Array(0)): Uint8Array {
    if (this.#held.length === 0) return tail;
    const bytes = Buffer.concat([...this.#held, tail]);
    this.#held = [];
    this.#heldBytes = 0;
    return bytes;
  }

  /** Emits what is from `start` to `end`, without the CR of its line end. */
  #emit(bytes: Uint8Array, start: number, end: number, emit: EmitLine): void {
    const stop = this.#terminator !== 'cr' && end > start && bytes[end - 1] === CR ? end - 1 : end;
    if (stop - start > this.#maxLineBytes) this.#refuse();
    emit(bytes, start, stop);
  }

  #refuse(): never {
    throw new FtpProtocolError(`The listing has a line of more than ${this.#maxLineBytes} bytes`);
  }
}

/** Whether `data` ends by a CR, and has another. */
function hasCrLines(data: Uint8Array): boolean {
  let lines = 0;
  for (let at = data.indexOf(CR); at !== -1 && lines < ENOUGH_CR_LINES; at = data.indexOf(CR, at + 1)) lines += 1;
  return lines === ENOUGH_CR_LINES && data.at(-1) === CR;
}

/** Whether a row that begins so is of a link: by its first letter, its arrow, its fact, or its mark. */
function isLinkLike(first: Uint8Array): boolean {
  return /^[le][-rwxsStTLl]{9}| -> |[=<.]\w{0,16}link/i.test(decodeLatin1(first));
}

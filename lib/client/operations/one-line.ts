/** Holds the first row of a listing until a second one comes. It may be no row of the directory at all. A sum before it does not count. */
import type { VerifiedBy } from '../../protocol/hash-algorithms.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import { lastName } from './last-name.js';

const LF = 10;
/** A longer line is no row of the wanted kind. */
const MAX_HELD_BYTES = 8192;
const NO_ROW = /^\s*(?:\S+ 0)?\s*$/;
const SUM = /^\s*(?:\S+ \d+)?\s*$/;
const NO_DASH_A = /^(?:\S*\bls: )?(?:cannot access )?['"`]?-a['"`]?: \S/;

export class OneLine implements ByteSink {
  readonly #sink: ByteSink;
  #held: Uint8Array[] = [];
  #bytes = 0;
  #lines = 0;
  /** So many lines have one row at most. */
  #heldLines = 1;
  #isHandedOn = false;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Whether there is no row in it: nothing, a blank line, or a sum of zero. */
  get isEmpty(): boolean {
    return this.#isHeld && NO_ROW.test(this.#text());
  }

  /** Whether there is one row at most. */
  get isShort(): boolean {
    return this.#isHeld;
  }

  /** Whether `ls` says that there is no file `-a`. */
  get isOfDashA(): boolean {
    return this.#isHeld && NO_DASH_A.test(this.#text());
  }

  /** Whether the listing may be that of `path` itself. */
  mayBeOf(path: string, decode: (bytes: Uint8Array) => string): boolean {
    return this.#isHeld && decode(Buffer.concat(this.#held)).includes(lastName(path));
  }

  buffer(): Uint8Array {
    return this.#sink.buffer();
  }

  write(chunk: Uint8Array): void {
    if (!this.#isHeld || this.#isHandedOn) {
      this.#sink.write(chunk);
      return;
    }
    // The chunk's memory may be used again.
    this.#held.push(new Uint8Array(chunk));
    this.#bytes += chunk.length;
    for (let at = chunk.indexOf(LF); at >= 0 && this.#isHeld; at = chunk.indexOf(LF, at + 1)) this.#endLine();
    if (this.#isHeld) return;
    this.handOn();
    this.#held = [];
  }

  /** Passes on the bytes that are held. `mayBeOf` still answers after that. */
  handOn(): void {
    if (this.#isHandedOn) return;
    this.#isHandedOn = true;
    for (const chunk of this.#held) this.#sink.write(chunk);
  }

  /** Begins anew, without what is held. */
  drop(): void {
    this.#held = [];
    this.#bytes = 0;
    this.#lines = 0;
    this.#heldLines = 1;
    this.#isHandedOn = false;
  }

  complete(verifiedBy?: VerifiedBy): void {
    this.#sink.complete(verifiedBy);
  }

  error(error: unknown): void {
    this.#sink.error(error);
  }

  get #isHeld(): boolean {
    return this.#lines <= this.#heldLines && this.#bytes <= MAX_HELD_BYTES;
  }

  #endLine(): void {
    this.#lines += 1;
    if (this.#lines > 1) return;
    const text = this.#text();
    if (SUM.test(text.slice(0, text.indexOf('\n')))) this.#heldLines = 2;
  }

  #text(): string {
    return Buffer.concat(this.#held).toString('latin1');
  }
}

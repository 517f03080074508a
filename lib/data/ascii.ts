/**
 * Converts the ASCII type's line ends (RFC 959 section 3.1.1.1): CRLF on the wire, LF here. It keeps a lone CR or LF, and does not double
 * an existing CRLF.
 */
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import type { ByteSink } from '../streams/byte-sink.js';
import { BorrowedMemory } from '../streams/memory.js';
import type { SourceReader } from '../streams/source.js';

const LF = 0x0a;
const CR = 0x0d;

/**
 * A sink that hands CRLF on as LF. It reads into memory of its own: the text of a chunk may be longer, by a CR that was held
 * back, and would reach into what the sink's memory is read into next.
 */
export class AsciiDecoder implements ByteSink {
  readonly #sink: ByteSink;
  readonly #memory = new BorrowedMemory();
  /** The last chunk ended in CR: it goes with the next byte, or is dropped when that is LF. */
  #heldCr = false;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  buffer(): Uint8Array {
    return this.#memory.free();
  }

  write(chunk: Uint8Array): void {
    this.#memory.took(chunk);
    const text = new Uint8Array(chunk.length + 1);
    let length = 0;
    for (const byte of chunk) {
      if (this.#heldCr && byte !== LF) text[length++] = CR;
      this.#heldCr = byte === CR;
      if (!this.#heldCr) text[length++] = byte;
    }
    if (length > 0) this.#sink.write(text.subarray(0, length));
  }

  /** Passes on a last lone CR. */
  flush(): void {
    if (this.#heldCr) this.#sink.write(Uint8Array.of(CR));
    this.#heldCr = false;
  }

  complete(verifiedBy?: VerifiedBy): void {
    this.flush();
    this.#sink.complete(verifiedBy);
  }

  error(error: unknown): void {
    this.#sink.error(error);
  }
}

/** A source whose lone LFs are sent as CRLF. */
export function asciiEncoded(source: SourceReader): SourceReader {
  let previous = 0;
  return {
    async next() {
      const chunk = await source.next();
      if (chunk === undefined) return undefined;
      const text = new Uint8Array(chunk.length * 2);
      let length = 0;
      for (const byte of chunk) {
        if (byte === LF && previous !== CR) text[length++] = CR;
        text[length++] = byte;
        previous = byte;
      }
      source.giveBack?.(chunk);
      return text.subarray(0, length);
    },
    cancel: () => source.cancel(),
  };
}

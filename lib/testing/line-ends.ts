/** Converts line ends of the type A: CRLF on the wire, LF in the tree (RFC 959 section 3.1.1.1). */

const CR = 0x0d;
const LF = 0x0a;

/** Puts CR before each LF that has none. */
export function* withCrlf(chunks: Iterable<Uint8Array>): Generator<Uint8Array, void, undefined> {
  let last = 0;
  for (const chunk of chunks) {
    const converted = new Uint8Array(chunk.length * 2);
    let length = 0;
    for (const byte of chunk) {
      if (byte === LF && last !== CR) converted[length++] = CR;
      converted[length++] = byte;
      last = byte;
    }
    yield converted.subarray(0, length);
  }
}

/** Takes the CR from before each LF. A CR at the end of a chunk waits for the next one. */
export class LocalLineEnds {
  #heldCr = false;

  push(chunk: Uint8Array): Uint8Array {
    const converted = new Uint8Array(chunk.length + 1);
    let length = 0;
    for (const byte of chunk) {
      if (this.#heldCr && byte !== LF) converted[length++] = CR;
      this.#heldCr = byte === CR;
      if (!this.#heldCr) converted[length++] = byte;
    }
    return converted.subarray(0, length);
  }

  /** The CR that waited. */
  end(): Uint8Array {
    return this.#heldCr ? Uint8Array.of(CR) : new Uint8Array(0);
  }
}

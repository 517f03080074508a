/** Decodes the lines of a listing's chunk; it decides once for the whole chunk how to decode them. */
import { isAscii } from 'node:buffer';
import { decodePart } from './decode-line.js';

export class LineTexts {
  #bytes: Uint8Array | undefined;
  #buffer: Buffer = Buffer.alloc(0);
  #isAscii = false;

  /** Another chunk has come, maybe in the same memory. */
  forget(): void {
    this.#bytes = undefined;
  }

  /** The text from `start` to `end`, as `decodePart` gives it. */
  of(bytes: Uint8Array, start: number, end: number): string {
    if (bytes !== this.#bytes) this.#begin(bytes);
    return this.#isAscii ? this.#buffer.toString('latin1', start, end) : decodePart(this.#buffer, start, end);
  }

  #begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    // A view of each line would cost half of its text.
    this.#buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#isAscii = isAscii(this.#buffer);
  }
}

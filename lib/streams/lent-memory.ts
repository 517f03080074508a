/**
 * Memory for chunks that nobody keeps: one buffer, read into again and again.
 *
 * The first is small, for the many files that are; what fills one gets a larger one.
 */
const FIRST_BYTES = 16 * 1024;
const LARGEST_BYTES = 256 * 1024;
const GROWTH = 4;

export class LentMemory {
  #bytes = FIRST_BYTES;
  #memory: Uint8Array | undefined;

  /** Memory for the next read, which may be that of the last one. */
  free(): Uint8Array {
    this.#memory ??= Buffer.allocUnsafeSlow(this.#bytes);
    return this.#memory;
  }

  /** `chunk` was read; it is still to be used. */
  took({ length }: Uint8Array): void {
    if (length < this.#bytes || this.#bytes === LARGEST_BYTES) return;
    this.#bytes *= GROWTH;
    this.#memory = undefined;
  }
}

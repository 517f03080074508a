/**
 * Memory for chunks that are given away: slices of slabs that are never written twice.
 *
 * A socket rarely fills what it is given, so the rest of a slab serves the next reads; adjacent reads are then adjacent in
 * memory. The first slab is small, and each next one larger: what is left of the last slab of a transfer is garbage, and
 * with 64 KiB of it for each small file V8 does little else than collect.
 */
const FIRST_SLAB_BYTES = 16 * 1024;
const LARGEST_SLAB_BYTES = 256 * 1024;
const GROWTH = 4;
/** A shorter rest of a large slab is left: reading through a keyhole costs more system calls than a new slab. */
const LEAST_BYTES = 32 * 1024;

export class OwnedMemory {
  #slab: Uint8Array | undefined;
  #used = 0;

  /** Memory that nobody has been given a part of; the same again until `took` says that it was read into. */
  free(): Uint8Array {
    this.#slab ??= Buffer.allocUnsafeSlow(FIRST_SLAB_BYTES);
    const { length } = this.#slab;
    if (length - this.#used < Math.min(LEAST_BYTES, length / 2)) {
      this.#slab = Buffer.allocUnsafeSlow(Math.min(length * GROWTH, LARGEST_SLAB_BYTES));
      this.#used = 0;
    }
    return this.#used === 0 ? this.#slab : this.#slab.subarray(this.#used);
  }

  /** `chunk` is given away; when it lies elsewhere (a TLS record does) that costs nothing here. */
  took(chunk: Uint8Array): void {
    if (chunk.buffer === this.#slab?.buffer) this.#used = chunk.byteOffset + chunk.byteLength;
  }
}

/**
 * Holds the memory that a socket reads into. `OwnedMemory` gives each chunk away; `BorrowedMemory` lends it until the next read.
 *
 * Both begin with a small slab, since many files are small, and take larger ones as more bytes come. The unused rest of a
 * transfer's last slab is garbage. At 64 KiB for each small file, V8 would spend most of its time on collecting it.
 */
const FIRST_BYTES = 16 * 1024;
const LARGEST_BYTES = 256 * 1024;
const GROWTH = 4;
/** A shorter rest of a large slab is not used: many short reads cost more than a new slab. */
const LEAST_BYTES = 32 * 1024;
const NOTHING: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** The memory for the chunks of reads. */
export interface Memory {
  /** Memory for the next read. */
  free(): Uint8Array;
  /** `chunk` was read: into that memory, or elsewhere, as a TLS record may be. */
  took(chunk: Uint8Array): void;
}

/** A buffer that is filled from its front: by reads into what is left of it, and by copies. */
export class Slab {
  /** These two are written here alone. */
  bytes: Uint8Array;
  filled = 0;

  constructor(bytes: Uint8Array = NOTHING) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.filled;
  }

  /** The unused rest, to read into. */
  free(): Uint8Array {
    return this.filled === 0 ? this.bytes : this.bytes.subarray(this.filled);
  }

  /** Counts `chunk` as filled if it was read into the free part; false if it lies elsewhere. */
  took(chunk: Uint8Array): boolean {
    const isHere = chunk.buffer === this.bytes.buffer && chunk.byteOffset === this.bytes.byteOffset + this.filled;
    if (isHere) this.filled += chunk.length;
    return isHere;
  }

  /** Copies as much of `chunk` as it has room for, and returns the rest. */
  copy(chunk: Uint8Array): Uint8Array {
    const { left } = this;
    const fits = chunk.length <= left;
    this.bytes.set(fits ? chunk : chunk.subarray(0, left), this.filled);
    this.filled += fits ? chunk.length : left;
    return fits ? NOTHING : chunk.subarray(left);
  }

  /** Goes on at the front of `bytes`; without them, nothing is left. */
  renew(bytes: Uint8Array = NOTHING): void {
    this.bytes = bytes;
    this.filled = 0;
  }
}

/**
 * For chunks that are given away: no byte is written twice. A socket rarely fills what it is given, so the rest of a slab
 * serves the next reads; adjacent reads are then adjacent in memory.
 */
export class OwnedMemory implements Memory {
  #bytes = NOTHING;
  /** Its unused rest. */
  #rest = NOTHING;
  #nextBytes = FIRST_BYTES;

  /** Memory of which no part was given away. It is the same memory until `took` reports a read into it. */
  free(): Uint8Array {
    const left = this.#rest.length;
    if (left === 0 || left < Math.min(LEAST_BYTES, this.#bytes.length / 2)) {
      this.#bytes = Buffer.allocUnsafeSlow(this.#nextBytes);
      this.#rest = this.#bytes;
      this.#nextBytes = Math.min(this.#nextBytes * GROWTH, LARGEST_BYTES);
    }
    return this.#rest;
  }

  took({ buffer, byteOffset, length }: Uint8Array): void {
    const rest = this.#rest;
    if (buffer === rest.buffer && byteOffset === rest.byteOffset) this.#rest = rest.subarray(length);
  }
}

/** For chunks that are not kept: one buffer, read into again and again. A read that fills it makes the next one larger. */
export class BorrowedMemory implements Memory {
  #size = FIRST_BYTES;
  #bytes: Uint8Array | undefined;

  /** Memory for the next read, which may be that of the last one. */
  free(): Uint8Array {
    this.#bytes ??= Buffer.allocUnsafeSlow(this.#size);
    return this.#bytes;
  }

  /** `chunk` is still to be used. */
  took({ length }: Uint8Array): void {
    if (length < this.#size || this.#size === LARGEST_BYTES) return;
    this.#size *= GROWTH;
    this.#bytes = undefined;
  }
}

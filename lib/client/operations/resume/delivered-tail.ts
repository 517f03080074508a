/** Keeps the last delivered bytes of a download, to compare them with the server's bytes after a drop. */
export class DeliveredTail {
  readonly #most: number;
  /** A ring: the next byte goes to `#at`. */
  #ring: Uint8Array | undefined;
  #at = 0;
  #length = 0;

  /** Keeps `most` bytes. */
  constructor(most: number) {
    this.#most = most;
  }

  add(chunk: Uint8Array): void {
    if (this.#most === 0) return;
    this.#ring ??= new Uint8Array(this.#most);
    const kept = chunk.subarray(Math.max(0, chunk.length - this.#most));
    const first = kept.subarray(0, this.#most - this.#at);
    this.#ring.set(first, this.#at);
    this.#ring.set(kept.subarray(first.length), 0);
    this.#at = (this.#at + kept.length) % this.#most;
    this.#length = Math.min(this.#most, this.#length + kept.length);
  }

  /** All that is kept, in order. */
  bytes(): Uint8Array {
    if (this.#ring === undefined) return new Uint8Array(0);
    if (this.#length < this.#most) return this.#ring.slice(0, this.#length);
    return Buffer.concat([this.#ring.subarray(this.#at), this.#ring.subarray(0, this.#at)]);
  }
}

/**
 * Handles a connection whose TLS was removed before the peer's close_notify. The close_notify may still come, in a TLS record, and a ticket
 * before it: it drops both. No text begins as a record does, so the first byte of another kind ends this.
 */
import { ClearableSocket } from './clearable-socket.js';

/** The type of a record, its version, and the length of its body (RFC 8446 section 5.1). */
const HEADER_BYTES = 5;
const FIRST_TYPE = 20;
const LAST_TYPE = 23;

export class LateFarewell extends ClearableSocket {
  /** The received part of a header. */
  #header: number[] = [];
  /** The number of missing bytes of the record. */
  #left = 0;
  #over = false;

  override push(chunk: Uint8Array | null, encoding?: BufferEncoding): boolean {
    if (chunk === null || this.#over) return super.push(chunk, encoding);
    const text = this.#afterRecords(chunk);
    return text.length === 0 || super.push(text);
  }

  #afterRecords(chunk: Uint8Array): Uint8Array {
    for (let at = 0; at < chunk.length; ) {
      const dropped = Math.min(this.#left, chunk.length - at);
      this.#left -= dropped;
      at += dropped;
      const byte = chunk[at];
      if (byte === undefined) break;
      if (this.#header.length === 0 && !isType(byte)) {
        this.#over = true;
        return chunk.subarray(at);
      }
      this.#read(byte);
      at += 1;
    }
    return chunk.subarray(chunk.length);
  }

  #read(byte: number): void {
    this.#header.push(byte);
    if (this.#header.length < HEADER_BYTES) return;
    const [, , , high = 0, low = 0] = this.#header;
    this.#left = high * 256 + low;
    this.#header = [];
  }
}

const isType = (byte: number): boolean => byte >= FIRST_TYPE && byte <= LAST_TYPE;

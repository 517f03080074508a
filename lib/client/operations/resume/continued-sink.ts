/**
 * Receives one try that continues a download. It drops the bytes that were delivered before, compares the overlap, and delivers the new
 * bytes.
 *
 * It reads the dropped bytes into its own memory, so that they use up none of the receiver's.
 */
import type { ByteReceiver } from '../../../streams/byte-sink.js';

export interface Continuation {
  /** The number of bytes before the overlap, which a server without REST sends again. */
  readonly skip: number;
  /** The last bytes that were passed on: they must come again. */
  readonly overlap: Uint8Array;
  /** The number of new bytes, if that is known. */
  readonly most: number | undefined;
  /** Takes the new bytes. */
  readonly receiver: ByteReceiver;
  /** Called once: the bytes are not those of the file. Nothing more is passed on. */
  readonly onChanged: (how: string) => void;
}

const SCRATCH_BYTES = 64 * 1024;

export class ContinuedSink implements ByteReceiver {
  readonly #of: Continuation;
  readonly #scratch: Uint8Array;
  /** The number of bytes in this try. */
  #came = 0;
  #handedOn = 0;
  #isOff = false;

  constructor(of: Continuation) {
    this.#of = of;
    this.#scratch = new Uint8Array(Math.min(SCRATCH_BYTES, of.skip + of.overlap.length));
  }

  /** The number of bytes before the new ones. */
  get #old(): number {
    return this.#of.skip + this.#of.overlap.length;
  }

  /** Whether all of the overlap has come, and is right. */
  get isCompared(): boolean {
    return !this.#isOff && this.#came >= this.#old;
  }

  buffer(): Uint8Array {
    return this.#came < this.#old ? this.#scratch : this.#of.receiver.buffer();
  }

  write(chunk: Uint8Array): void {
    if (this.#isOff) return;
    const from = this.#came;
    this.#came += chunk.length;
    if (from >= this.#old) {
      this.#handOn(chunk);
      return;
    }
    const { skip, overlap } = this.#of;
    const old = chunk.subarray(Math.max(0, skip - from), this.#old - from);
    const at = Math.max(0, from - skip);
    if (Buffer.compare(old, overlap.subarray(at, at + old.length)) !== 0) {
      this.#changed('the bytes before the place where it broke off are not those that came before');
    } else if (this.#came > this.#old) {
      // A copy: the scratch memory is used again.
      this.#handOn(new Uint8Array(chunk.subarray(this.#old - from)));
    }
  }

  #handOn(chunk: Uint8Array): void {
    const { most = Number.POSITIVE_INFINITY, receiver } = this.#of;
    const left = most - this.#handedOn;
    const wanted = chunk.length <= left ? chunk : chunk.subarray(0, left);
    this.#handedOn += wanted.length;
    if (wanted.length > 0) receiver.write(wanted);
    if (wanted.length < chunk.length)
      this.#changed('more bytes came than the file had; the server seems to ignore REST');
  }

  #changed(how: string): void {
    this.#isOff = true;
    this.#of.onChanged(how);
  }
}

/** Notes whether a sink has received bytes: work that has delivered some must not run again. */
import type { VerifiedBy } from '../../protocol/hash-algorithms.js';
import type { ByteSink } from '../../streams/byte-sink.js';

export class FirstByte implements ByteSink {
  readonly #sink: ByteSink;
  #hasCome = false;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  get hasCome(): boolean {
    return this.#hasCome;
  }

  buffer(): Uint8Array {
    return this.#sink.buffer();
  }

  write(chunk: Uint8Array): void {
    this.#hasCome = true;
    this.#sink.write(chunk);
  }

  complete(verifiedBy?: VerifiedBy): void {
    this.#sink.complete(verifiedBy);
  }

  error(error: unknown): void {
    this.#sink.error(error);
  }
}

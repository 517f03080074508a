/**
 * Between a producer and a consumer that may hold it: lets the producer be read on while the consumer is not ready, into
 * memory, up to a limit.
 *
 * Until it is told to read on, a consumer that holds holds the producer, as without it. What is kept outlives the
 * producer: it is handed on when the consumer takes it again, and only then the end is.
 */
import type { ByteSink } from './byte-sink.js';
import { Gate, Hold } from './gate.js';

export class ReadAhead implements ByteSink {
  /** The producer's. */
  readonly gate: Gate = new Gate();
  readonly #sink: ByteSink;
  readonly #detach: () => void;
  readonly #limitBytes: number;
  readonly #hold = new Hold(this.gate);
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #held = false;
  #readingOn = false;
  #handingOn = false;
  #ended: { readonly verified: boolean | undefined } | undefined;

  /** Reads into `sink`, whose holds come through `consumer`. */
  constructor(sink: ByteSink, consumer: Gate, limitBytes: number) {
    this.#sink = sink;
    this.#limitBytes = limitBytes;
    this.#detach = consumer.attach({
      pause: () => {
        this.#held = true;
        this.#steer();
      },
      resume: () => {
        this.#held = false;
        this.#handOn();
      },
    });
  }

  /** From now on the producer is not held before the memory is full. */
  readOn(): void {
    this.#readingOn = true;
    this.#steer();
  }

  /** Nobody wants the rest, nor its end. */
  drop(): void {
    this.#kept = [];
    this.#ended = undefined;
    this.#detach();
  }

  buffer(): Uint8Array {
    return this.#sink.buffer();
  }

  write(chunk: Uint8Array): void {
    if (!this.#held && this.#kept.length === 0) {
      this.#sink.write(chunk);
      return;
    }
    // The producer may use the chunk's memory again.
    this.#kept.push(new Uint8Array(chunk));
    this.#keptBytes += chunk.length;
    this.#steer();
  }

  complete(verified?: boolean): void {
    this.#ended = { verified };
    this.#handOn();
  }

  /** An error does not wait for what came before it. */
  error(error: unknown): void {
    this.drop();
    this.#sink.error(error);
  }

  #handOn(): void {
    if (this.#handingOn) return;
    this.#handingOn = true;
    while (!this.#held) {
      const chunk = this.#kept.shift();
      if (chunk === undefined) break;
      this.#keptBytes -= chunk.length;
      this.#sink.write(chunk);
    }
    this.#handingOn = false;
    this.#steer();
    const ended = this.#ended;
    if (ended === undefined || this.#kept.length > 0) return;
    this.drop();
    this.#sink.complete(ended.verified);
  }

  /** Holds the producer, or lets it go on, as is right now. */
  #steer(): void {
    const full = this.#keptBytes >= this.#limitBytes;
    if (this.#held && (full || !this.#readingOn)) this.#hold.take();
    else this.#hold.release();
  }
}

/**
 * Buffers bytes between a producer and a consumer that may hold it. It reads the producer into memory while the consumer is not ready, up
 * to a limit.
 *
 * Until its owner tells it to read on, a consumer that holds also holds the producer. The stored chunks outlive the producer: the consumer
 * receives them when it takes chunks again, and the end after them.
 */
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import type { ByteSink } from './byte-sink.js';
import { Gate, Hold } from './gate.js';
import { HeldQueue } from './held-queue.js';

export class ReadAhead implements ByteSink {
  /** The producer's. */
  readonly gate: Gate = new Gate();
  readonly #sink: ByteSink;
  readonly #detach: () => void;
  readonly #limitBytes: number;
  readonly #hold = new Hold(this.gate);
  readonly #kept: HeldQueue<Uint8Array, VerifiedBy | undefined>;
  #keptBytes = 0;
  #readingOn = false;

  /** Reads into `sink`, whose holds come through `consumer`. */
  constructor(sink: ByteSink, consumer: Gate, limitBytes: number) {
    this.#sink = sink;
    this.#limitBytes = limitBytes;
    this.#kept = new HeldQueue({
      next: (chunk) => this.#handOn(chunk),
      end: (verifiedBy) => this.#complete(verifiedBy),
    });
    this.#detach = consumer.attach({
      pause: () => {
        this.#kept.hold();
        this.#steer();
      },
      resume: () => {
        this.#kept.release();
        this.#steer();
      },
    });
  }

  /** From now on the producer is not held before the memory is full. */
  readOn(): void {
    this.#readingOn = true;
    this.#steer();
  }

  /** The subscriber has unsubscribed: the rest is dropped, and its end too. */
  drop(): void {
    this.#kept.close();
    this.#detach();
  }

  buffer(): Uint8Array {
    return this.#sink.buffer();
  }

  write(chunk: Uint8Array): void {
    this.#keptBytes += chunk.length;
    // The producer may use the memory of a chunk that waits again.
    this.#kept.push(this.#kept.passes ? chunk : new Uint8Array(chunk));
    this.#steer();
  }

  complete(verifiedBy?: VerifiedBy): void {
    this.#kept.end(verifiedBy);
  }

  /** An error does not wait for earlier bytes. */
  error(error: unknown): void {
    this.drop();
    this.#sink.error(error);
  }

  #handOn(chunk: Uint8Array): void {
    this.#keptBytes -= chunk.length;
    this.#sink.write(chunk);
  }

  #complete(verifiedBy: VerifiedBy | undefined): void {
    this.#detach();
    this.#sink.complete(verifiedBy);
  }

  /** Holds the producer, or lets it go on, as is right now. */
  #steer(): void {
    const full = this.#keptBytes >= this.#limitBytes;
    if (this.#kept.held && (full || !this.#readingOn)) this.#hold.take();
    else this.#hold.release();
  }
}

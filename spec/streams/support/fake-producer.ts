/**
 * A gated producer without a socket: writes one chunk a turn of the event loop into the memory that the sink gives, stands
 * still while its gate is held, and keeps count of everything.
 */
import type { ByteProducer, ByteSink } from '../../../lib/streams/byte-sink.js';
import { type ByteStream, byteStream } from '../../../lib/streams/byte-stream.js';
import type { Gate } from '../../../lib/streams/gate.js';

export interface FakeOptions {
  /** How many chunks there are. Default: no end. */
  readonly chunks?: number;
  readonly chunkBytes?: number;
  /** Fills the chunk of the given number; the default writes the number into every byte. */
  readonly fill?: (chunk: Uint8Array, index: number) => void;
  /** The end after the last chunk, instead of completion. */
  readonly error?: unknown;
  /** Ignores the sink's memory, as TLS does. */
  readonly ownMemory?: boolean;
}

export class FakeProducer {
  readonly #options: FakeOptions;
  starts = 0;
  cancels = 0;
  completions = 0;
  pauses = 0;
  resumes = 0;
  sentBytes = 0;
  consumedBytes = 0;
  /** The most bytes that were sent and not consumed. */
  peakBytes = 0;

  constructor(options: FakeOptions = {}) {
    this.#options = options;
  }

  get stream(): ByteStream {
    return byteStream(this.producer);
  }

  /** The consumer is done with so many bytes. */
  consume(bytes: number): void {
    this.consumedBytes += bytes;
  }

  readonly producer: ByteProducer = (sink, gate) => {
    this.starts += 1;
    return this.#run(sink, gate);
  };

  #run(sink: ByteSink, gate: Gate): () => void {
    let index = 0;
    let turn: NodeJS.Immediate | undefined;
    const schedule = (): void => {
      turn ??= setImmediate(() => {
        turn = undefined;
        if (index === (this.#options.chunks ?? Number.POSITIVE_INFINITY)) this.#end(sink);
        else {
          this.#send(sink, index);
          index += 1;
          if (!gate.held && !over) schedule();
        }
      });
    };
    let over = false;
    const stop = (): void => {
      clearImmediate(turn);
      turn = undefined;
    };
    const detach = gate.attach({
      pause: () => {
        this.pauses += 1;
        stop();
      },
      resume: () => {
        this.resumes += 1;
        if (!over) schedule();
      },
    });
    if (!gate.held) schedule();
    return () => {
      this.cancels += 1;
      over = true;
      stop();
      detach();
    };
  }

  #send(sink: ByteSink, index: number): void {
    const { chunkBytes = 16 * 1024, ownMemory = false, fill = (chunk, number) => chunk.fill(number) } = this.#options;
    const chunk = ownMemory ? new Uint8Array(chunkBytes) : sink.buffer().subarray(0, chunkBytes);
    fill(chunk, index);
    this.sentBytes += chunk.length;
    this.peakBytes = Math.max(this.peakBytes, this.sentBytes - this.consumedBytes);
    sink.write(chunk);
  }

  #end(sink: ByteSink): void {
    this.completions += 1;
    if ('error' in this.#options) sink.error(this.#options.error);
    else sink.complete();
  }
}

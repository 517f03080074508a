/** Holds the bytes of a transfer that begins before its bytes have a subscriber, until the one subscription. */
import type { WorkEnd } from '../../control/task-runner.js';
import { FtpUsageError } from '../../errors.js';
import type { ByteSink } from '../../streams/byte-sink.js';
import { type ByteStream, byteStream } from '../../streams/byte-stream.js';
import { Gate, Hold } from '../../streams/gate.js';
import { HeldQueue } from '../../streams/held-queue.js';
import { OwnedMemory } from '../../streams/memory.js';

export class DeferredBytes {
  /** Holds the transfer's socket: until `bytes` is subscribed, and whenever its consumer does. */
  readonly gate: Gate = new Gate();
  readonly bytes: ByteStream = byteStream((sink, gate) => this.#connect(sink, gate));
  readonly #onLeave: () => void;
  readonly #memory = new OwnedMemory();
  /** Held until `bytes` is subscribed. Only then is an end without earlier bytes reported. */
  readonly #queue: HeldQueue<Uint8Array, WorkEnd> = new HeldQueue({
    next: (chunk) => this.#sink?.write(chunk),
    end: (how) => {
      if (this.#sink !== undefined) finish(this.#sink, how);
    },
  });
  #letGo: (() => void) | undefined = this.gate.hold();
  #sink: ByteSink | undefined;
  #left = false;
  #ended: { readonly how: WorkEnd } | undefined;

  /** `onLeave` is called if the subscriber of `bytes` has unsubscribed before the end. */
  constructor(onLeave: () => void) {
    this.#onLeave = onLeave;
    this.#queue.hold();
  }

  /** `bytes` has its subscriber now. */
  get subscribed(): boolean {
    return this.#sink !== undefined && !this.#left;
  }

  /** The receiver of the transfer's bytes. */
  get sink(): ByteSink {
    return {
      buffer: () => this.#memory.free(),
      write: (chunk) => {
        this.#memory.took(chunk);
        this.#queue.push(chunk);
      },
      complete: () => this.end(undefined),
      error: (error) => this.end({ error }),
    };
  }

  /** The transfer is over: well, or with an error. Only the first end counts. */
  end(how: WorkEnd): void {
    if (this.#ended !== undefined) return;
    this.#ended = { how };
    this.#queue.end(how);
  }

  #connect(sink: ByteSink, gate: Gate): () => void {
    if (this.#sink !== undefined)
      throw new FtpUsageError('The bytes of a transfer can be subscribed once: start another transfer.');
    this.#sink = sink;
    gate.expectedBytes = () => this.gate.expectedBytes?.();
    const hold = new Hold(this.gate);
    const detach = gate.attach({ pause: () => hold.take(), resume: () => hold.release() });
    if (this.#ended !== undefined && this.#queue.closed) finish(sink, this.#ended.how);
    else this.#queue.release();
    this.#letGo?.();
    return () => {
      this.#left = true;
      this.#queue.close();
      detach();
      hold.release();
      if (this.#ended === undefined) this.#onLeave();
    };
  }
}

function finish(sink: ByteSink, how: WorkEnd): void {
  if (how === undefined) sink.complete();
  else sink.error(how.error);
}

/**
 * Moves the bytes of a transfer to a place that borrows their memory. The socket reads into a few large buffers. It reads into a buffer
 * again when its write is done. It copies nothing, unless TLS or a proxy brings its own memory.
 */
import type { Observable } from 'rxjs';
import { requireCount } from '../protocol/check-number.js';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import { intoSink } from '../streams/byte-flow.js';
import type { ByteSink } from '../streams/byte-sink.js';
import { TransferFacts } from '../streams/flow.js';
import { Gate } from '../streams/gate.js';
import type { TransferTry } from '../streams/progress-meter.js';
import { RingSink } from '../streams/ring-sink.js';

/**
 * Writes all of `views`, in order. It borrows their memory until the promise resolves. One call runs at a time, and the library holds the
 * transfer while too much waits for it.
 */
export type WriteViews = (views: readonly Uint8Array[]) => Promise<void>;

export interface MoveHandlers {
  readonly write: WriteViews;
  /** Receives the number of bytes that have come. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /**
   * Receives the number of bytes that have come. Returns how many of them, and of those behind them, it wants. When these have come, the
   * library aborts the transfer, and the move is complete when they are written. Infinity wants all. An error that it throws ends the move;
   * a result that is no count ends it by an FtpUsageError. Default: all.
   */
  readonly wanted?: ((bytes: number) => number) | undefined;
  /** Everything is written. `verifiedBy`: how the transfer was checked. */
  readonly onComplete: (verifiedBy: VerifiedBy | undefined) => void;
  /** The transfer or a write has failed, and nothing more is written. */
  readonly onError: (error: unknown) => void;
}

/** A move that is under way. */
export interface ByteMove {
  /** The number of bytes that there will be, as far as is known by now. */
  readonly total: number | undefined;
  /** The try of the transfer. */
  readonly tried: TransferTry;
  /** Aborts the transfer, and writes nothing more. A running write goes on. */
  stop(): void;
}

/**
 * Subscribes to `bytes$`, and writes its bytes: `moveBytes$` for code that counts and ends by its own rules. One of `onComplete` and
 * `onError` is called, once, and nothing after it; after `stop` neither is.
 *
 * @example
 * ```ts
 * const writer = new FileWriter(() => open('big.bin', 'wx'));
 * const move = moveBytes(ftp.retr$('/big.bin'), {
 *   write: (views) => writer.write(views),
 *   onComplete: (verifiedBy) => console.log(verifiedBy),
 *   onError: (error) => console.error(error),
 * });
 * setTimeout(() => move.stop(), 10_000);
 * ```
 */
export function moveBytes(bytes$: Observable<Uint8Array>, handlers: MoveHandlers): ByteMove {
  const gate = new Gate();
  const facts = new TransferFacts(bytes$, gate);
  let isLeft = false;
  let cancel: (() => void) | undefined;
  const leave = (): void => {
    isLeft = true;
    cancel?.();
  };
  const ring = new RingSink({
    ...handlers,
    gate,
    onWriteError: (error) => {
      leave();
      handlers.onError(error);
    },
  });
  const { wanted } = handlers;
  cancel = intoSink(bytes$, wanted === undefined ? ring : new CutSink(ring, wanted, leave), gate);
  // A source that gives all at once may have been left before there was a way to.
  if (isLeft) cancel();
  return new RunningMove(facts, gate, () => {
    leave();
    ring.stop();
  });
}

/** A class: an object literal with getters would be built anew, piece by piece, for each file. */
class RunningMove implements ByteMove {
  readonly #facts: TransferFacts;
  readonly #gate: Gate;
  readonly stop: () => void;

  constructor(facts: TransferFacts, gate: Gate, stop: () => void) {
    this.#facts = facts;
    this.#gate = gate;
    this.stop = stop;
  }

  get total(): number | undefined {
    return this.#facts.expectedBytes();
  }

  get tried(): TransferTry {
    return this.#gate.tried;
  }
}

/** Passes on the wanted bytes, and then ends the transfer. */
class CutSink implements ByteSink {
  readonly #sink: ByteSink;
  readonly #wanted: (bytes: number) => number;
  readonly #leave: () => void;
  #isOver = false;

  constructor(sink: ByteSink, wanted: (bytes: number) => number, leave: () => void) {
    this.#sink = sink;
    this.#wanted = wanted;
    this.#leave = leave;
  }

  buffer(): Uint8Array {
    return this.#sink.buffer();
  }

  write(chunk: Uint8Array): void {
    if (this.#isOver) return;
    const wanted = this.#ask(chunk.length);
    if (wanted === undefined) return;
    if (wanted > 0) this.#sink.write(wanted < chunk.length ? chunk.subarray(0, wanted) : chunk);
    if (wanted > chunk.length || this.#isOver) return;
    this.#isOver = true;
    this.#leave();
    this.#sink.complete();
  }

  /** Undefined if it ends the move: an error that is thrown into the socket would end the process. */
  #ask(bytes: number): number | undefined {
    try {
      const wanted = this.#wanted(bytes);
      if (wanted !== Number.POSITIVE_INFINITY) requireCount('What wanted returns', wanted);
      return wanted;
    } catch (error) {
      this.#leave();
      this.error(error);
      return undefined;
    }
  }

  complete(verifiedBy?: VerifiedBy): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#sink.complete(verifiedBy);
  }

  error(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#sink.error(error);
  }
}

/**
 * Defines the root of every chain on a transfer: an Observable of owned chunks. A stage that passes no chunk on (`borrowOperator`: hashes,
 * counters) gets the same, with one memory for all reads. A file gets the producer itself (`intoSink`).
 */
import type { Observable, OperatorFunction, Subscriber, TeardownLogic } from 'rxjs';
import type { VerifiedBy } from '../protocol/hash-algorithms.js';
import type { ByteProducer, ByteSink } from './byte-sink.js';
import { bindGate, errorThrough, Flow, flowOperator, type OpenStage, type Stage, TransferFacts } from './flow.js';
import { Gate } from './gate.js';
import { BorrowedMemory, type Memory, OwnedMemory } from './memory.js';

export class ByteFlow extends Flow<Uint8Array> {
  readonly producer: ByteProducer;

  constructor(producer: ByteProducer) {
    super((subscriber, gate) =>
      produce(producer, gate, new StageSink(new OwnedMemory(), gate, subscriber, subscriber)),
    );
    this.producer = producer;
    this.passesBytes = true;
  }

  /** Without a Subscriber in between, which costs a small file as much as its bytes. */
  override feed<R>(stage: Stage<Uint8Array>, subscriber: Subscriber<R>, gate: Gate): TeardownLogic {
    return produce(this.producer, gate, new StageSink(new OwnedMemory(), gate, stage, subscriber));
  }
}

/**
 * `flowOperator` for a stage that hands no chunk on, and is done with it when `next` returns: right on a transfer
 * all chunks lie in one memory.
 */
export function borrowOperator<T, R>(open: OpenStage<T, R>): OperatorFunction<T, R> {
  const operator = flowOperator<T, R>(open);
  return (source) =>
    source instanceof ByteFlow
      ? new Flow<R>((subscriber, gate) => {
          const stage = open(subscriber, gate, new TransferFacts(source, gate)) as Stage<unknown>;
          return produce(source.producer, gate, new StageSink(new BorrowedMemory(), gate, stage, subscriber));
        })
      : operator(source);
}

/**
 * Runs `stream` into a sink that borrows each chunk until its `write` returns, or longer, since it says itself where the next
 * is read into: for files. Returns what cancels it.
 */
export function intoSink(stream: Observable<Uint8Array>, sink: ByteSink, gate: Gate = new Gate()): () => void {
  return stream instanceof ByteFlow ? begin(stream.producer, gate, sink) : subscribeSink(stream, sink, gate);
}

/** For a stream that is not of this module's making: its chunks are owned, which a sink does not mind. */
function subscribeSink(stream: Observable<Uint8Array>, sink: ByteSink, gate: Gate): () => void {
  const subscription = bindGate(stream, gate).subscribe({
    next: (chunk) => sink.write(chunk),
    error: (error: unknown) => sink.error(error),
    complete: () => sink.complete(new TransferFacts(stream, gate).verifiedBy()),
  });
  return () => subscription.unsubscribe();
}

/** The sink of a transfer for a stage, which turns its chunks into the values of `subscriber`. */
class StageSink<R> implements ByteSink {
  /** The transfer is over: it is not to be cancelled any more. */
  ended = false;
  readonly #memory: Memory;
  readonly #gate: Gate;
  readonly #stage: Stage<Uint8Array>;
  readonly #subscriber: Subscriber<R>;

  constructor(memory: Memory, gate: Gate, stage: Stage<Uint8Array>, subscriber: Subscriber<R>) {
    this.#memory = memory;
    this.#gate = gate;
    this.#stage = stage;
    this.#subscriber = subscriber;
  }

  buffer(): Uint8Array {
    return this.#memory.free();
  }

  write(chunk: Uint8Array): void {
    this.#memory.took(chunk);
    if (this.#subscriber.closed) return;
    try {
      this.#stage.next(chunk);
    } catch (error) {
      this.#subscriber.error(error);
    }
  }

  complete(verifiedBy?: VerifiedBy): void {
    this.ended = true;
    this.#gate.verifiedBy = verifiedBy;
    if (this.#subscriber.closed) return;
    try {
      this.#stage.complete();
    } catch (error) {
      this.#subscriber.error(error);
    }
  }

  error(error: unknown): void {
    this.ended = true;
    if (!this.#subscriber.closed) this.#subscriber.error(errorThrough(this.#stage, error));
  }
}

/** Starts the transfer; unsubscribing from one that has not ended cancels it. */
function produce<R>(producer: ByteProducer, gate: Gate, sink: StageSink<R>): TeardownLogic {
  const cancel = begin(producer, gate, sink);
  return () => {
    if (!sink.ended) cancel();
  };
}

function begin(producer: ByteProducer, gate: Gate, sink: ByteSink): () => void {
  gate.begin();
  return producer(sink, gate);
}

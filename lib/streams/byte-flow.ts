/**
 * The root of every chain on a transfer: an Observable of owned chunks; and for what shows a chunk to nobody, the same with
 * one memory that is read into again and again (`borrowOperator`: hashes, counters), and the producer itself (`intoSink`: files).
 */
import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import type { ByteProducer, ByteSink } from './byte-sink.js';
import { bindGate, Flow, flowOperator, type Stage } from './flow.js';
import { Gate } from './gate.js';
import { LentMemory } from './lent-memory.js';
import { OwnedMemory } from './owned-memory.js';

export class ByteFlow extends Flow<Uint8Array> {
  readonly producer: ByteProducer;

  constructor(producer: ByteProducer) {
    super((gate) => chunks(producer, gate, () => new OwnedMemory()));
    this.producer = producer;
  }
}

/**
 * `flowOperator` for a stage that shows no chunk to anybody, and is done with it when `next` returns: right on a transfer
 * all chunks lie in one memory.
 */
export function borrowOperator<T, R>(open: (subscriber: Subscriber<R>) => Stage<T>): OperatorFunction<T, R> {
  const operator = flowOperator<T, R>(open);
  return (source) => operator(source instanceof ByteFlow ? (lent(source) as Flow<unknown> as Flow<T>) : source);
}

function lent({ producer }: ByteFlow): Flow<Uint8Array> {
  return new Flow((gate) => chunks(producer, gate, () => new LentMemory()));
}

/**
 * Runs `stream` into a sink that borrows each chunk until its `write` returns, or longer, since it says itself where the next
 * is read into: for files. Returns what cancels it.
 */
export function intoSink(stream: Observable<Uint8Array>, sink: ByteSink, gate: Gate = new Gate()): () => void {
  return stream instanceof ByteFlow ? stream.producer(sink, gate) : subscribeSink(stream, sink, gate);
}

/** For a stream that is not of this module's making: its chunks are owned, which a sink does not mind. */
function subscribeSink(stream: Observable<Uint8Array>, sink: ByteSink, gate: Gate): () => void {
  const subscription = bindGate(stream, gate).subscribe({
    next: (chunk) => sink.write(chunk),
    error: (error: unknown) => sink.error(error),
    complete: () => sink.complete(),
  });
  return () => subscription.unsubscribe();
}

/** Where chunks are read into. */
interface Memory {
  free(): Uint8Array;
  took(chunk: Uint8Array): void;
}

/** The Observable at the root of every chain. Only a transfer that has not ended is cancelled. */
function chunks(producer: ByteProducer, gate: Gate, open: () => Memory): Observable<Uint8Array> {
  return new Observable((subscriber) => {
    const memory = open();
    let ended = false;
    const cancel = producer(
      {
        buffer: () => memory.free(),
        write(chunk) {
          memory.took(chunk);
          subscriber.next(chunk);
        },
        complete() {
          ended = true;
          subscriber.complete();
        },
        error(error) {
          ended = true;
          subscriber.error(error);
        },
      },
      gate,
    );
    return () => {
      if (!ended) cancel();
    };
  });
}

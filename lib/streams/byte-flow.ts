/**
 * The root of every chain on a transfer: an Observable of owned chunks, and the producer behind it for sinks that borrow.
 */
import { Observable } from 'rxjs';
import type { ByteProducer, ByteSink } from './byte-sink.js';
import { bindGate, Flow } from './flow.js';
import { Gate } from './gate.js';
import { OwnedMemory } from './owned-memory.js';

export class ByteFlow extends Flow<Uint8Array> {
  readonly producer: ByteProducer;

  constructor(producer: ByteProducer) {
    super((gate) => owned(producer, gate));
    this.producer = producer;
  }
}

/**
 * Runs `stream` into a sink that borrows each chunk until its `write` returns, which saves the allocation of owned ones:
 * for files, hashes and counters. Returns what cancels it.
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

/** The Observable of owned chunks at the root of every chain. Only a transfer that has not ended is cancelled. */
function owned(producer: ByteProducer, gate: Gate): Observable<Uint8Array> {
  return new Observable((subscriber) => {
    const memory = new OwnedMemory();
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

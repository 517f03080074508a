/** A `ByteStream` of a test's own bytes, so that a fake `retr$` has the type of the real one. */
import { isObservable, type Observable } from 'rxjs';
import { FtpUsageError } from '../errors.js';
import type { ByteProducer, ByteSink } from '../streams/byte-sink.js';
import { type ByteStream, byteStream as produced } from '../streams/byte-stream.js';
import { bindGate, Flow } from '../streams/flow.js';
import { HeldQueue } from '../streams/held-queue.js';
import { type ByteSource, type ByteSourceChunk, isByteSource, readSource } from '../streams/source.js';

/**
 * The bytes of `source` as a `ByteStream`: what `retr$` gives, without a server.
 *
 * Cold: each subscription, iteration and `pipe` reads `source` anew; a source that gives its bytes once, such as a generator
 * object, is an `FtpUsageError` the second time. Emits the chunks of `source` as copies, and leaves empty ones out; a string is
 * sent as UTF-8. An Observable is passed on in the same turn, so in virtual time too; another source is read in later turns, no
 * faster than it is taken. Completes and errors as `source` does, with its own error. Unsubscribing unsubscribes from an
 * Observable, and ends an iterator by `return`. Throws an `FtpUsageError` for what is no source of bytes.
 *
 * @example
 * ```ts
 * const fake: Pick<typeof ftp, 'retr$'> = { retr$: () => byteStream(['first line\n', 'second line\n']) };
 * ```
 */
export function byteStream(source: ByteSource): ByteStream {
  if (!isByteSource(source)) {
    throw new FtpUsageError(
      'byteStream takes bytes, a string, an iterable, an async iterable, an Observable, a Readable, a ReadableStream or a Blob',
    );
  }
  return produced(isObservable(source) ? fromObservable(source) : fromSource(source));
}

function fromObservable(source: Observable<ByteSourceChunk>): ByteProducer {
  return source instanceof Flow ? fromFlow(source) : fromFree(source);
}

/** Its own root is held back. */
function fromFlow(source: Flow<ByteSourceChunk>): ByteProducer {
  return (sink, gate) => {
    const subscription = bindGate(source, gate).subscribe(observerOf(sink));
    return () => subscription.unsubscribe();
  };
}

/** It cannot be held back: its values wait while the consumer holds. */
function fromFree(source: Observable<ByteSourceChunk>): ByteProducer {
  return (sink, gate) => {
    const observer = observerOf(sink);
    const queue = new HeldQueue<ByteSourceChunk, () => void>({
      next: (chunk) => observer.next(chunk),
      end: (tell) => tell(),
    });
    const detach = gate.attach({ pause: () => queue.hold(), resume: () => queue.release() });
    const subscription = source.subscribe({
      next: (chunk) => queue.push(chunk),
      error: (error: unknown) => queue.end(() => observer.error(error)),
      complete: () => queue.end(() => observer.complete()),
    });
    return () => {
      detach();
      queue.close();
      subscription.unsubscribe();
    };
  };
}

interface ChunkObserver {
  next(chunk: ByteSourceChunk): void;
  error(error: unknown): void;
  complete(): void;
}

/** Checks and copies each chunk; the first that is none is the end. */
function observerOf(sink: ByteSink): ChunkObserver {
  let over = false;
  const end = (tell: () => void): void => {
    if (!over) tell();
    over = true;
  };
  return {
    next(chunk) {
      if (over) return;
      if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) {
        const error = new FtpUsageError(
          `The source of byteStream gave a value of type ${typeof chunk}, not bytes or a string`,
        );
        return end(() => sink.error(error));
      }
      if (chunk.length > 0) sink.write(copyOf(chunk));
    },
    error: (error) => end(() => sink.error(error)),
    complete: () => end(() => sink.complete()),
  };
}

function fromSource(source: ByteSource): ByteProducer {
  return (sink, gate) => {
    const reader = readSource(source);
    let wake = (): void => {};
    let isCancelled = false;
    const detach = gate.attach({ pause: () => {}, resume: () => wake() });
    const released = (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
      });
    const read = async (): Promise<void> => {
      for (;;) {
        while (gate.held && !isCancelled) await released();
        const chunk = await reader.next();
        if (isCancelled) return;
        if (chunk === undefined) return sink.complete();
        sink.write(copyOf(chunk));
      }
    };
    read().catch((error: unknown) => {
      if (!isCancelled) sink.error(error);
    });
    return () => {
      isCancelled = true;
      detach();
      reader.cancel();
      wake();
    };
  };
}

/** A chunk belongs to the code that receives it; the bytes of the test stay as they are. */
function copyOf(chunk: ByteSourceChunk): Uint8Array {
  return Buffer.from(chunk);
}

/**
 * Makes a `ByteStream` of any source of bytes. Operators then hold the source of an upload as they hold a download. A fake `retr$` of a test
 * has the type of the real one.
 */
import { isObservable, map, type Observable } from 'rxjs';
import { FtpUsageError } from '../errors.js';
import type { ByteProducer, ByteSink } from './byte-sink.js';
import { type ByteStream, byteStream as produced } from './byte-stream.js';
import { bindGate, Flow } from './flow.js';
import { HeldQueue } from './held-queue.js';
import type { Pull } from './pull.js';
import { type ByteSource, type ByteSourceChunk, isByteSource, openPull } from './source.js';

/**
 * The bytes of `source` as a `ByteStream`: what `retr$` gives, without a server. Behind operators it can be the source of an upload.
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
 * ftp.stor$('/a.iso', byteStream(createReadStream('a.iso')).pipe(throttleBytes(512 * 1024))).subscribe();
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
    const subscription = bindGate(source, gate)
      .pipe(map(bytesOf))
      .subscribe({
        next: (bytes) => give(bytes, sink),
        error: (error: unknown) => sink.error(error),
        complete: () => sink.complete(),
      });
    return () => subscription.unsubscribe();
  };
}

/** It cannot be held back: its values wait while the consumer holds. */
function fromFree(source: Observable<ByteSourceChunk>): ByteProducer {
  return (sink, gate) => {
    const queue = new HeldQueue<Uint8Array, () => void>({
      next: (bytes) => give(bytes, sink),
      end: (tell) => tell(),
    });
    const detach = gate.attach({ pause: () => queue.hold(), resume: () => queue.release() });
    const subscription = source.pipe(map(bytesOf)).subscribe({
      next: (bytes) => queue.push(bytes),
      error: (error: unknown) => queue.end(() => sink.error(error)),
      complete: () => queue.end(() => sink.complete()),
    });
    return () => {
      detach();
      queue.close();
      subscription.unsubscribe();
    };
  };
}

function fromSource(source: ByteSource): ByteProducer {
  return (sink, gate) => {
    let pull: Pull | undefined;
    let wake = (): void => {};
    let isCancelled = false;
    const detach = gate.attach({ pause: () => {}, resume: () => wake() });
    const released = (): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
      });
    const read = async (): Promise<void> => {
      pull = openPull(source);
      for (;;) {
        while (gate.held && !isCancelled) await released();
        const { done, value } = await pull.next();
        if (isCancelled) return;
        if (done === true) return sink.complete();
        give(bytesOf(value), sink);
        if (value instanceof Uint8Array) pull.giveBack?.(value);
      }
    };
    const cancel = (): void => {
      isCancelled = true;
      detach();
      pull?.cancel();
      wake();
    };
    read().catch((error: unknown) => {
      if (isCancelled) return;
      cancel();
      sink.error(error);
    });
    return cancel;
  };
}

function give(bytes: Uint8Array, sink: ByteSink): void {
  if (bytes.length > 0) sink.write(bytes);
}

/** A copy: a chunk belongs to the code that receives it, and the bytes of the source stay as they are. */
function bytesOf(chunk: unknown): Uint8Array {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (chunk instanceof Uint8Array) return Buffer.from(chunk);
  const given = chunk === null ? 'null' : `a value of type ${typeof chunk}`;
  throw new FtpUsageError(`The source of byteStream gave ${given}, not bytes or a string`);
}

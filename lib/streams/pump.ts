/**
 * Writes an Observable of bytes to a Node writable, and holds the source while the writable is behind.
 *
 * A writable's own high-water mark (16 or 64 KiB) would make each chunk one trip through the thread pool. So up to 1 MiB may queue in the
 * writable, which passes all of it to its `writev` at once. Below half of that the source runs again. Between a transfer and one of Node's
 * file streams no other code sees the chunks. So it borrows them (see `RingSink`).
 */
import { errorMonitor } from 'node:events';
import type { WriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { type Observable, Subscription } from 'rxjs';
import { asError } from './as-error.js';
import { ByteFlow } from './byte-flow.js';
import { isFileStream, writeAll } from './file-stream.js';
import { bindGate } from './flow.js';
import { Gate, Hold } from './gate.js';
import { RingSink } from './ring-sink.js';

const QUEUE_BYTES = 1024 * 1024;

/** Whether `value` is a Node writable: something with `write` and `on`. */
export function isWritable(value: unknown): value is NodeJS.WritableStream {
  const { write, on } = (value ?? {}) as Partial<NodeJS.WritableStream>;
  return typeof write === 'function' && typeof on === 'function';
}

/** The process's own streams are not ours to end. */
export function isStdio(to: NodeJS.WritableStream): boolean {
  return to === process.stdout || to === process.stderr;
}

/** Destroys `to` with `error`; a stream from before `destroy` gets an `error` event. */
export function destroy(to: NodeJS.WritableStream, error?: Error): void {
  if ('destroy' in to && typeof to.destroy === 'function') to.destroy(error);
  else if (error !== undefined) to.emit('error', error);
}

/** The steps for the writable, and for the code that waits for it, when the source ends. */
export interface PumpEnds {
  complete(): void;
  error(error: unknown): void;
}

/** Writes every chunk of `source`, run on `gate`, to `to` until unsubscribed. `ends` decides what follows the last one. */
export function pump(
  source: Observable<Uint8Array>,
  gate: Gate,
  to: NodeJS.WritableStream,
  ends: PumpEnds,
): Subscription {
  return source instanceof ByteFlow && isFileStream(to) ? lend(source, gate, to, ends) : give(source, gate, to, ends);
}

/** By memory that is used again once it is written. */
function lend(source: ByteFlow, gate: Gate, to: WriteStream, ends: PumpEnds): Subscription {
  const subscription = new Subscription();
  const sink = new RingSink({
    gate,
    write: (views) => writeAll(to, views),
    onComplete() {
      subscription.unsubscribe();
      ends.complete();
    },
    onError(error) {
      subscription.unsubscribe();
      ends.error(error);
    },
    // The writable `to` reports its own error.
    onWriteError: () => subscription.unsubscribe(),
  });
  const cancel = source.producer(sink, gate);
  subscription.add(() => {
    sink.stop();
    if (!sink.ended) cancel();
  });
  return subscription;
}

/** By chunks of their own, which `to` may keep. */
function give(source: Observable<Uint8Array>, gate: Gate, to: NodeJS.WritableStream, ends: PumpEnds): Subscription {
  const hold = new Hold(gate);
  const relieve = (): void => hold.release();
  const written = (): void => {
    if (queued(to) <= QUEUE_BYTES / 2) relieve();
  };
  const subscription = new Subscription(() => to.removeListener('drain', relieve));
  to.on('drain', relieve);
  subscription.add(
    bindGate(source, gate).subscribe({
      next(chunk) {
        if (!to.write(chunk, written) && queued(to) >= QUEUE_BYTES) hold.take();
      },
      error(error: unknown) {
        subscription.unsubscribe();
        ends.error(error);
      },
      complete() {
        subscription.unsubscribe();
        ends.complete();
      },
    }),
  );
  subscription.add(relieve);
  return subscription;
}

/** Pipes `source` into `to` as `ByteStream.pipe` promises, and returns `to`. */
export function pipeTo<W extends NodeJS.WritableStream>(source: Observable<Uint8Array>, to: W): W {
  if ('destroyed' in to && to.destroyed === true) return to;
  const watch = new Subscription();
  const abort = (): void => watch.unsubscribe();
  to.on('close', abort).on(errorMonitor, abort);
  watch.add(() => to.removeListener('close', abort).removeListener(errorMonitor, abort));
  watch.add(
    pump(source, new Gate(), to, {
      complete() {
        watch.unsubscribe();
        if (!isStdio(to)) to.end();
      },
      error(error) {
        watch.unsubscribe();
        destroy(to, asError(error));
      },
    }),
  );
  return to;
}

/** Bytes waiting in `to`; without a count in bytes (object mode, old streams) its own `drain` is all there is to go by. */
function queued(to: NodeJS.WritableStream): number {
  const { writableLength, writableObjectMode } = to as Partial<Writable>;
  return writableLength === undefined || writableObjectMode === true ? Number.POSITIVE_INFINITY : writableLength;
}

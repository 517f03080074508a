/**
 * Writes an Observable of bytes to a Node writable as an Observable: its subscription is the writing.
 */
import { finished } from 'node:stream';
import type { Observable, Subscriber, TeardownLogic } from 'rxjs';
import { Flow } from './flow.js';
import type { Gate } from './gate.js';
import { destroy, isStdio, pump } from './pump.js';

/**
 * Writes every chunk to `to`, holding a source that comes from a `ByteStream` while `to` is behind.
 *
 * Emits nothing. Completes when `to` has finished: everything is with the operating system. Errors with the source's
 * error (which destroys `to`), with that of `to` unchanged, or with Node's `ERR_STREAM_PREMATURE_CLOSE`. Unsubscribing
 * destroys `to`. `process.stdout` and `process.stderr` are neither ended nor destroyed. A writable can be written to the end
 * once, so this can be subscribed once.
 *
 * @example
 * ```ts
 * await lastValueFrom(ftp.retr$('/a.iso').pipe(toWritable(createWriteStream('a.iso'))), { defaultValue: undefined });
 * ```
 */
export function toWritable(to: NodeJS.WritableStream): (source: Observable<Uint8Array>) => Observable<never> {
  return (source) => new Flow((subscriber, gate) => write(source, to, subscriber, gate));
}

function write(
  source: Observable<Uint8Array>,
  to: NodeJS.WritableStream,
  subscriber: Subscriber<never>,
  gate: Gate,
): TeardownLogic {
  let over = false;
  const fail = (error: unknown): void => {
    over = true;
    subscriber.error(error);
  };
  // By undefined or null a Node stream says that all went well.
  const end = (error: Error | null | undefined): void => {
    over = true;
    if (error === undefined || error === null) subscriber.complete();
    else subscriber.error(error);
  };
  const unwatch = finished(to, { readable: false }, end);
  subscriber.add(() => {
    unwatch();
    if (!over && !isStdio(to)) abandon(to);
  });
  return pump(source, gate, to, {
    // A writable that is not ended is done with its last write.
    complete: () => (isStdio(to) ? to.write('', end) : to.end()),
    error(error) {
      unwatch();
      if (!isStdio(to)) abandon(to);
      fail(error);
    },
  });
}

/** Destroys `to` without a word: the error, if there is one, has another way out. */
function abandon(to: NodeJS.WritableStream): void {
  to.once('error', ignore).once('close', () => to.removeListener('error', ignore));
  destroy(to);
}

function ignore(): void {}

/** Computes the checksum beside the data: `digest` replaces a stream by its checksum, and this operator passes the stream through. */
import type { MonoTypeOperatorFunction, Observer } from 'rxjs';
import { openChecksum } from './checksum.js';
import { flowOperator } from './flow.js';
import { completeBoth, tapObserver } from './tap-observer.js';

/**
 * Tells `observer` the checksum of a stream of bytes, and passes the stream on as it is, back-pressure included.
 *
 * Emits what its source emits. `observer` gets the checksum of all bytes once, in lower-case hexadecimal, before the stream completes. The
 * stream's `complete` follows. If the stream errors, it gets the `error` without a checksum, and after unsubscribing it gets nothing. An
 * error that it throws becomes the stream's, as with RxJS's `tap`. So a checksum that does not fit can end the stream as a failure. Throws
 * FtpUsageError at once for an unknown algorithm.
 *
 * @param algorithm as of `digest`.
 * @param observer a function that takes the checksum, or an observer.
 *
 * @example
 * ```ts
 * ftp.hash$('/a.iso', { algorithm: 'SHA-256' }).pipe(
 *   switchMap(({ value }) =>
 *     ftp.retr$('/a.iso').pipe(
 *       tapDigest('SHA-256', (found) => {
 *         if (found !== value) throw new Error('a.iso is damaged');
 *       }),
 *       toWritable(createWriteStream('a.iso')),
 *     ),
 *   ),
 * );
 * ```
 */
export function tapDigest(
  algorithm: string,
  observer: Partial<Observer<string>> | ((checksum: string) => void),
): MonoTypeOperatorFunction<Uint8Array> {
  openChecksum(algorithm);
  const told = tapObserver('tapDigest', observer);
  return flowOperator<Uint8Array, Uint8Array>((subscriber) => {
    const checksum = openChecksum(algorithm);
    return {
      next(chunk) {
        checksum.update(chunk);
        subscriber.next(chunk);
      },
      complete: () => completeBoth(told, checksum.hex(), subscriber),
      onError: (error) => told.error?.(error),
    };
  }, true);
}

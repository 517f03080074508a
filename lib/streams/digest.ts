/** Computes the checksum of a stream. */
import type { OperatorFunction } from 'rxjs';
import { borrowOperator } from './byte-flow.js';
import { openChecksum } from './checksum.js';

/**
 * Emits the checksum of all bytes, in lower-case hexadecimal, when the source completes. Errors with its source's error, without
 * a checksum. Right after `retr$` it allocates nothing for the bytes: they lie in one memory, read into again and again.
 * `tapDigest` tells the checksum beside the data.
 *
 * @param algorithm as in `hash$` (`'SHA-256'`, `'CRC-32'`), or any that `node:crypto` knows; case and hyphens do not matter for the
 * former. An unknown one is an `FtpUsageError` at once.
 *
 * @example
 * ```ts
 * ftp.retr$('/a.iso').pipe(digest('SHA-256')).subscribe(console.log);
 * ```
 */
export function digest(algorithm: string): OperatorFunction<Uint8Array, string> {
  openChecksum(algorithm);
  return borrowOperator((subscriber) => {
    const checksum = openChecksum(algorithm);
    return {
      next: (chunk) => checksum.update(chunk),
      complete() {
        subscriber.next(checksum.hex());
        subscriber.complete();
      },
    };
  });
}

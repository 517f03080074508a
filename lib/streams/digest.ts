/** The checksum of what passes by. */
import type { Hash } from 'node:crypto';
import type { OperatorFunction } from 'rxjs';
import { FtpUsageError } from '../errors.js';
import { nodeCrypto } from '../net/builtins.js';
import { borrowOperator } from './byte-flow.js';

/**
 * Emits the checksum of all bytes, in lower-case hexadecimal, when the source completes. Errors with its source's error, without
 * a checksum. Right after `retr$` it allocates nothing for the bytes: they lie in one memory, read into again and again.
 *
 * @param algorithm what `node:crypto` knows: `'sha256'`, `'md5'`, ...; an unknown one is an `FtpUsageError` at once.
 *
 * @example
 * ```ts
 * ftp.retr$('/a.iso').pipe(digest('sha256')).subscribe(console.log);
 * ```
 */
export function digest(algorithm: string): OperatorFunction<Uint8Array, string> {
  openHash(algorithm);
  return borrowOperator((subscriber) => {
    const hash = openHash(algorithm);
    return {
      next: (chunk) => void hash.update(chunk),
      complete() {
        subscriber.next(hash.digest('hex'));
        subscriber.complete();
      },
    };
  });
}

function openHash(algorithm: string): Hash {
  try {
    return nodeCrypto().createHash(algorithm);
  } catch (cause) {
    throw new FtpUsageError(`Unknown digest algorithm: ${algorithm}`, { cause });
  }
}

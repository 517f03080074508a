/** Collects all bytes of a stream in one piece, for small files. */
import type { OperatorFunction } from 'rxjs';
import { flowOperator } from './flow.js';

/**
 * Emits everything as one `Uint8Array` when the source completes (an empty one for an empty source).
 *
 * @example
 * ```ts
 * const bytes = await firstValueFrom(ftp.retr$('/motd').pipe(collectBytes()));
 * ```
 */
export function collectBytes(): OperatorFunction<Uint8Array, Uint8Array> {
  return flowOperator((subscriber) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    return {
      next(chunk) {
        chunks.push(chunk);
        length += chunk.length;
      },
      complete() {
        subscriber.next(join(chunks, length));
        subscriber.complete();
      },
    };
  });
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

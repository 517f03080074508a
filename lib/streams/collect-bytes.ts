/** All bytes of a stream in one piece: for what is known to be small. */
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
    return {
      next: (chunk) => void chunks.push(chunk),
      complete() {
        subscriber.next(join(chunks));
        subscriber.complete();
      },
    };
  });
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

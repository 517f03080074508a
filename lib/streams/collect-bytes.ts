/** All bytes of a stream in one piece: for what is known to be small. */
import { map, type OperatorFunction, pipe, toArray } from 'rxjs';

/**
 * Emits everything as one `Uint8Array` when the source completes (an empty one for an empty source).
 *
 * @example
 * ```ts
 * const bytes = await firstValueFrom(ftp.retr$('/motd').pipe(collectBytes()));
 * ```
 */
export function collectBytes(): OperatorFunction<Uint8Array, Uint8Array> {
  return pipe(toArray(), map(join));
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

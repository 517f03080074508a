/** The bytes of a listing, in chunks as a socket gives them. */
import { readFileSync } from 'node:fs';

const chunkBytes = 64 * 1024;

export function listingChunks(path: string): readonly Uint8Array[] {
  const bytes = readFileSync(path);
  return Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) =>
    bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
}

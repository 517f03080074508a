/** Computes the checksum of a local file. */
import type { HashName } from '../protocol/hash-algorithms.js';
import { openRegular } from '../sinks/regular-file.js';
import { openChecksum } from '../streams/checksum.js';

export interface ChecksumRules {
  /** The target of a link may be read. */
  readonly followsLinks: boolean;
  readonly signal?: AbortSignal | undefined;
}

const BUFFER_BYTES = 256 * 1024;
/** A file may have more bytes than it tells. */
const LEAST_BYTES = 4096;

/** Lower-case hex. Rejects with FtpUsageError if the path leads to anything but a regular file. */
export async function localChecksum(
  path: string,
  algorithm: HashName,
  { followsLinks, signal }: ChecksumRules,
): Promise<string> {
  const checksum = openChecksum(algorithm);
  const { handle, found } = await openRegular(path, { followsLinks });
  try {
    const memory = Buffer.allocUnsafe(Math.max(LEAST_BYTES, Math.min(BUFFER_BYTES, found.size)));
    for (let read = -1; read !== 0; checksum.update(memory.subarray(0, read))) {
      signal?.throwIfAborted();
      read = (await handle.read(memory, 0, memory.length)).bytesRead;
    }
    return checksum.hex();
  } finally {
    await handle.close();
  }
}

/** Computes the checksum of a local file. */
import type { HashName } from '../protocol/hash-algorithms.js';
import { openRegular } from '../sinks/regular-file.js';
import { openChecksum } from '../streams/checksum.js';

export interface ChecksumRules {
  /** The target of a link may be read. */
  readonly followsLinks: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Lower-case hex. Rejects with FtpUsageError if the path leads to anything but a regular file. */
export async function localChecksum(
  path: string,
  algorithm: HashName,
  { followsLinks, signal }: ChecksumRules,
): Promise<string> {
  const checksum = openChecksum(algorithm);
  const { handle } = await openRegular(path, { followsLinks });
  for await (const chunk of handle.createReadStream({ signal })) checksum.update(chunk as Uint8Array);
  return checksum.hex();
}

/** Gets the checksum of a file in a place: read here, or computed by the server. */
import { createReadStream } from 'node:fs';
import { firstValueFrom } from 'rxjs';
import type { HashName } from '../../protocol/hash-algorithms.js';
import { openChecksum } from '../../streams/checksum.js';
import type { KnownHash } from '../common-hash.js';
import { LocalTree } from '../tree/local-tree.js';
import { RemoteTree } from '../tree/remote-tree.js';
import type { TreePlace } from '../tree/tree-place.js';

/** Lower-case hex. */
export async function localChecksum(path: string, algorithm: HashName, signal?: AbortSignal): Promise<string> {
  const checksum = openChecksum(algorithm);
  for await (const chunk of createReadStream(path, { signal })) checksum.update(chunk as Uint8Array);
  return checksum.hex();
}

/** Without an algorithm it is the server's strongest, and SHA-256 of a local file. */
export async function checksumOf(
  tree: TreePlace,
  path: string,
  { algorithm, signal }: { readonly algorithm?: HashName | undefined; readonly signal?: AbortSignal | undefined },
): Promise<KnownHash> {
  const at = tree.at(path);
  if (tree instanceof RemoteTree) {
    const options = { ...(algorithm === undefined ? {} : { algorithm }), ...(signal === undefined ? {} : { signal }) };
    return firstValueFrom(tree.ftp.hash$(at, options));
  }
  const chosen = algorithm ?? 'SHA-256';
  return { algorithm: chosen, value: await localChecksum(at, chosen, signal) };
}

/** Whether the place is local: its files can be read without asking a server. */
export function isLocal(tree: TreePlace): tree is LocalTree {
  return tree instanceof LocalTree;
}

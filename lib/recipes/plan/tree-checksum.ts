/** Gets the checksum of a file in a place: read here, or computed by the server. */
import { firstValueFrom } from 'rxjs';
import type { HashName } from '../../protocol/hash-algorithms.js';
import type { KnownHash } from '../common-hash.js';
import { localChecksum } from '../local-checksum.js';
import { LocalTree } from '../tree/local-tree.js';
import { RemoteTree } from '../tree/remote-tree.js';
import type { TreePlace } from '../tree/tree-place.js';

/** By which rules a file is read, and how. */
export interface TreeChecksum {
  readonly algorithm?: HashName | undefined;
  /** Of a local tree: the files behind links belong to it. */
  readonly links: 'skip' | 'follow' | undefined;
  readonly signal: AbortSignal;
}

/** Without an algorithm it is the server's strongest, and SHA-256 of a local file. */
export async function checksumOf(
  tree: TreePlace,
  path: string,
  { algorithm, links, signal }: TreeChecksum,
): Promise<KnownHash> {
  const at = tree.at(path);
  if (tree instanceof RemoteTree) {
    return firstValueFrom(tree.ftp.hash$(at, { ...(algorithm === undefined ? {} : { algorithm }), signal }));
  }
  const chosen = algorithm ?? 'SHA-256';
  return { algorithm: chosen, value: await localChecksum(at, chosen, { followsLinks: links === 'follow', signal }) };
}

/** Whether the place is local: its files can be read without asking a server. */
export function isLocal(tree: TreePlace): tree is LocalTree {
  return tree instanceof LocalTree;
}

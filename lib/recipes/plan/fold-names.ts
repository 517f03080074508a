/** Finds out how the target folds names, by lookups alone, since a plan writes nothing. */
import { nameKey, probeNames } from '../tree/disk-names.js';
import type { TreePlace } from '../tree/tree-place.js';
import type { FoldPath } from './target-tree.js';

/** Undefined if names that differ are those of different files. `isDos`: the server lists as Windows does. */
export async function foldOf(target: TreePlace, isDos: boolean): Promise<FoldPath | undefined> {
  const folding = target.side === 'local' ? await probeNames(target.at('')) : { case: isDos, normalization: false };
  return folding.case || folding.normalization ? (path) => nameKey(path, folding) : undefined;
}

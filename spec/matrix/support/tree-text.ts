/** All paths and contents of a tree, as one text that can be compared. */
import type { MemoryTree } from '../../support/scripted/memory-tree.js';

export function treeText(tree: MemoryTree, path = '/'): string {
  return tree
    .children(path)
    .map(([name, node]) => {
      const full = `${path === '/' ? '' : path}/${name}`;
      return node.kind === 'file' ? `${full}=${node.bytes.toString()}` : `${full}/\n${treeText(tree, full)}`;
    })
    .sort()
    .join('\n');
}

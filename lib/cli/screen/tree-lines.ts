/** Draws a tree as lines, as the program `tree` does. */
import type { TreeEntry } from '../../recipes/index.js';

/** One line for each entry, children behind their directory, in the order of their names. */
export function treeLines(entries: readonly TreeEntry[], name: (entry: TreeEntry) => string): string[] {
  const children = new Map<string, TreeEntry[]>();
  for (const entry of entries) {
    const above = entry.path.slice(0, Math.max(0, entry.path.lastIndexOf('/')));
    const beside = children.get(above);
    if (beside === undefined) children.set(above, [entry]);
    else beside.push(entry);
  }
  return linesBelow('', '', children, name);
}

function linesBelow(
  path: string,
  indent: string,
  children: ReadonlyMap<string, readonly TreeEntry[]>,
  name: (entry: TreeEntry) => string,
): string[] {
  const all = [...(children.get(path) ?? [])].sort((one, other) => (one.path < other.path ? -1 : 1));
  return all.flatMap((entry, at) => {
    const isLast = at === all.length - 1;
    const line = `${indent}${isLast ? '└── ' : '├── '}${name(entry)}`;
    return [line, ...linesBelow(entry.path, `${indent}${isLast ? '    ' : '│   '}`, children, name)];
  });
}

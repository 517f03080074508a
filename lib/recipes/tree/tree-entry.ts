/** Defines one file or directory of a tree. */
import type { FileEntry } from '../../protocol/listing/file-entry.js';

export interface TreeEntry extends FileEntry {
  /** Below the root of the tree, with `/` on every system: `a/b.txt`. */
  readonly path: string;
  /** The number of directories between it and the root: 0 for the root's own entries. */
  readonly depth: number;
}

/** The path of `name` in `directory`, where `''` is the root. */
export function pathIn(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

/** The directory that `path` is in; `''` for the root's own entries. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last part of `path`. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

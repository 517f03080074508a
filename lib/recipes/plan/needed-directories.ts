/** Finds the directories of the source that the target needs: the included ones, and the parents of included entries. */
import { parentOf } from '../tree/tree-entry.js';
import type { LeanEntry } from './lean-entry.js';
import type { Selection } from './selection.js';

export class NeededDirectories {
  /** Undefined: all of them. */
  readonly #paths: ReadonlySet<string> | undefined;

  constructor(source: readonly LeanEntry[], selection: Selection) {
    this.#paths = selection.includesAll ? undefined : pathsOf(source, selection);
  }

  has(path: string): boolean {
    return this.#paths?.has(path) ?? true;
  }
}

function pathsOf(source: readonly LeanEntry[], selection: Selection): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { path, kind } of source) {
    const isDirectory = kind === 'directory';
    const isWritten = isDirectory || kind === 'file';
    if (!isWritten || !selection.includes(path, isDirectory) || selection.excludes(path, isDirectory)) continue;
    for (let at = isDirectory ? path : parentOf(path); at !== '' && !found.has(at); at = parentOf(at)) found.add(at);
  }
  return found;
}

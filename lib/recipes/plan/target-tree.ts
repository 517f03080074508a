/** Finds the entries of the target by path, as its file system does. */
import type { LeanEntry } from './lean-entry.js';
import { comparePaths, isBelow } from './tree-order.js';

/** The key of a path: equal for two paths that name one file. */
export type FoldPath = (path: string) => string;

export class TargetTree {
  /** In the order of the tree. */
  readonly entries: readonly LeanEntry[];
  readonly #fold: FoldPath;
  readonly #byKey: ReadonlyMap<string, LeanEntry>;

  constructor(entries: Iterable<LeanEntry>, fold: FoldPath = (path) => path) {
    this.entries = [...entries].sort((a, b) => comparePaths(a.path, b.path));
    this.#fold = fold;
    this.#byKey = new Map(this.entries.map((entry) => [fold(entry.path), entry]));
  }

  keyOf(path: string): string {
    return this.#fold(path);
  }

  find(path: string): LeanEntry | undefined {
    return this.#byKey.get(this.#fold(path));
  }

  /** All that is in the directory, at any depth: children before their parent. */
  below({ path }: LeanEntry): readonly LeanEntry[] {
    const start = this.#indexOf(path) + 1;
    let end = start;
    while (isBelow(this.entries[end]?.path ?? '', path)) end += 1;
    return this.entries.slice(start, end).reverse();
  }

  #indexOf(path: string): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comparePaths(this.entries[middle]?.path ?? '', path) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

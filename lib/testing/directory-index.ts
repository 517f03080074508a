/**
 * Indexes the keys of a tree by directory, so that no lookup scans all keys.
 *
 * A key is the path of a file, or with a final `/` that of a directory. A directory exists while it has its own key or a key beneath it.
 */
import { nameOf, parentOf, prefixOf } from './paths.js';

export class DirectoryIndex {
  /** Of each directory, the names in it. */
  readonly #names = new Map<string, Set<string>>();
  /** The directories that have a key of their own. */
  readonly #own = new Set<string>();

  /** Notes a new key. */
  add(key: string): void {
    if (!key.endsWith('/')) this.#enter(key);
    else {
      this.#own.add(parentOf(key));
      this.#open(parentOf(key));
    }
  }

  /** Forgets a key that is gone, and the directories in which nothing is left. */
  remove(key: string): void {
    const directory = parentOf(key);
    if (key.endsWith('/')) this.#own.delete(directory);
    else this.#leave(key);
    this.#closeEmpty(directory);
  }

  clear(): void {
    this.#names.clear();
    this.#own.clear();
  }

  isDirectory(path: string): boolean {
    return this.#names.has(path);
  }

  /** The names in a directory, in the order in which they came. */
  namesIn(directory: string): ReadonlySet<string> {
    return this.#names.get(directory) ?? new Set();
  }

  /** The keys of a directory: its own, and all beneath it. */
  *keysOf(directory: string): Generator<string, void, undefined> {
    if (this.#own.has(directory)) yield prefixOf(directory);
    for (const name of this.namesIn(directory)) {
      const path = prefixOf(directory) + name;
      if (this.isDirectory(path)) yield* this.keysOf(path);
      else yield path;
    }
  }

  #enter(path: string): void {
    const parent = parentOf(path);
    this.#open(parent);
    this.#names.get(parent)?.add(nameOf(path));
  }

  /** Also the directories that it is in. */
  #open(path: string): void {
    if (this.#names.has(path)) return;
    this.#names.set(path, new Set());
    if (path !== '/') this.#enter(path);
  }

  #leave(path: string): void {
    this.#names.get(parentOf(path))?.delete(nameOf(path));
  }

  #closeEmpty(directory: string): void {
    for (let path = directory; !this.#own.has(path) && this.namesIn(path).size === 0; path = parentOf(path)) {
      this.#names.delete(path);
      if (path === '/') return;
      this.#leave(path);
    }
  }
}

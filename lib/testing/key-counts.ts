/** Counts the keys of a tree beneath each directory, so that no question about a directory scans all keys. */
import { parentOf, prefixOf } from './paths.js';

export class KeyCounts {
  readonly #beneath = new Map<string, number>();

  /** Counts a new key. */
  add(key: string): void {
    this.#change(key, 1);
  }

  /** Counts a key that is gone. */
  remove(key: string): void {
    this.#change(key, -1);
  }

  clear(): void {
    this.#beneath.clear();
  }

  /** Whether a key is beneath the directory `path`, or is its own. */
  hasBeneath(path: string): boolean {
    return this.#beneath.has(prefixOf(path));
  }

  #change(key: string, by: number): void {
    for (let path = parentOf(key); path !== '/'; path = parentOf(path)) {
      const count = (this.#beneath.get(prefixOf(path)) ?? 0) + by;
      if (count === 0) this.#beneath.delete(prefixOf(path));
      else this.#beneath.set(prefixOf(path), count);
    }
  }
}

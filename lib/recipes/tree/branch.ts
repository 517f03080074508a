/** A directory of a walk, and the directories that it was reached through: so that a loop is met once. */
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { pathIn } from './tree-entry.js';

export class Branch {
  /** Below the root; `''` is the root. */
  readonly path: string;
  /** Of its entries. */
  readonly depth: number;
  readonly #parent: Branch | undefined;
  /** Equal for two ways to one directory, where the side tells it. */
  readonly #unique: string | undefined;
  /** Its path with the links on the way resolved, as far as their targets were told. */
  readonly #resolved: string;

  private constructor(
    path: string,
    {
      depth,
      parent,
      unique,
      resolved,
    }: { depth: number; parent?: Branch; unique: string | undefined; resolved: string },
  ) {
    this.path = path;
    this.depth = depth;
    this.#parent = parent;
    this.#unique = unique;
    this.#resolved = resolved;
  }

  /** `directory` is the root's own path on its side. */
  static root(directory: string, unique: string | undefined): Branch {
    return new Branch('', { depth: 0, unique, resolved: resolve('', directory) });
  }

  /** A directory in this one; undefined where it is one that this was reached through. */
  below({ name, unique, target }: FileEntry): Branch | undefined {
    const resolved = resolve(this.#resolved, target ?? name);
    if (this.#isWithin(unique, resolved)) return undefined;
    return new Branch(pathIn(this.path, name), { depth: this.depth + 1, parent: this, unique, resolved });
  }

  #isWithin(unique: string | undefined, resolved: string): boolean {
    for (let branch: Branch | undefined = this; branch !== undefined; branch = branch.#parent) {
      if (branch.#resolved === resolved || (unique !== undefined && branch.#unique === unique)) return true;
    }
    return false;
  }
}

/** Where `path` leads from `directory`, without `.` and `..`. */
function resolve(directory: string, path: string): string {
  const parts = path.startsWith('/') ? [''] : directory.split('/').filter((part, index) => part !== '' || index === 0);
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '') parts.pop();
    else if (part !== '..' || parts.at(-1) !== '' || parts.length > 1) parts.push(part);
  }
  return parts.join('/');
}

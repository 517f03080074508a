/** Holds a directory of a walk and the chain of its parents, which detects a loop. */
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { pathIn } from './tree-entry.js';

export class Branch {
  /** Below the root; `''` is the root. */
  readonly path: string;
  /** Of its entries. */
  readonly depth: number;
  readonly #parent: Branch | undefined;
  /** Equal for two ways to one directory, if the side tells it. */
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

  /** A directory in this one; undefined if it is one that this was reached through. */
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

/** The path to which `path` leads from `directory`, without `.` and `..`, as far as these can be resolved. A relative path stays one. */
function resolve(directory: string, path: string): string {
  const isAbsolute = path.startsWith('/') || directory.startsWith('/');
  const whole = path.startsWith('/') ? path : `${directory}/${path}`;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isAbsolute) parts.push(part);
  }
  return `${isAbsolute ? '/' : ''}${parts.join('/')}`;
}

/** Orders the paths of a tree: a directory, its whole content, and then its next sibling. */

const SLASH = 0x2f;

/** Below 0 if `a` comes first. `a/b` comes before `a.txt`, although `.` is less than `/`. */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    if (left === SLASH) return -1;
    return right === SLASH ? 1 : left - right;
  }
  return a.length - b.length;
}

/** Whether `path` is in the directory `directory`, at any depth. */
export function isBelow(path: string, directory: string): boolean {
  return directory === '' ? path !== '' : path.startsWith(directory) && path.charCodeAt(directory.length) === SLASH;
}

/** Paths, each with all that is below it. */
export class Subtrees {
  readonly #roots = new Set<string>();

  constructor(roots: Iterable<string> = []) {
    for (const root of roots) this.#roots.add(root);
  }

  add(root: string): void {
    this.#roots.add(root);
  }

  /** Whether `path` is one of them, or below one. */
  covers(path: string): boolean {
    const roots = this.#roots;
    if (roots.size === 0) return false;
    if (roots.has('') || roots.has(path)) return true;
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (roots.has(path.slice(0, end))) return true;
    }
    return false;
  }
}

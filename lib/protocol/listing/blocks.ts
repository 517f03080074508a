/**
 * The directories of `ls -R`: a line with a path and a colon, and then its rows. The first is what was listed; a file of another
 * is named by its path from there.
 */

/** A path is not longer. */
const MAX_LENGTH = 4096;

export class Blocks {
  #root: string | undefined;
  /** What the names of this block are preceded by. */
  #prefix = '';
  #rows = 0;

  get prefix(): string {
    return this.#prefix;
  }

  /** A row of this block was read. */
  countRow(): void {
    this.#rows += 1;
  }

  /** Whether `line`, which is no row, is the heading of a block, which begins then. */
  enter(line: string): boolean {
    const path = pathOf(line);
    if (path === undefined || !this.#isHeading(path)) return false;
    if (this.#root === undefined && this.#rows === 0) this.#root = path;
    this.#root ??= '.';
    this.#prefix = prefixBelow(this.#root, path);
    return true;
  }

  /** Begins the first block with a heading that is a name alone, once the lines behind it have shown that it is one. */
  begin(line: string): void {
    this.#root ??= pathOf(line);
  }

  /** A path: messages end with colons too, but they have blanks behind others. */
  #isHeading(path: string): boolean {
    if (this.#root !== undefined && path.startsWith(`${this.#root}/`)) return true;
    return (/^\.?\.?\//.test(path) || path === '.') && !path.includes(': ');
  }
}

/** Whether `line` is one word and a colon: a heading, a message or a name. */
export function mayBeHeading(line: string): boolean {
  const path = pathOf(line);
  return path !== undefined && !/[\s:]/.test(path);
}

/** Whether `line` may be a heading with blanks: one that only a sum behind it shows. */
export function mayBeWideHeading(line: string): boolean {
  const path = pathOf(line);
  return path !== undefined && !path.includes(':') && !/^\s/.test(path);
}

function pathOf(line: string): string | undefined {
  if (line.length > MAX_LENGTH || line.length < 2 || !line.endsWith(':')) return undefined;
  return withoutLastSlash(line.slice(0, -1));
}

function withoutLastSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

function prefixBelow(root: string, path: string): string {
  if (path === root) return '';
  const parent = root.endsWith('/') ? root : `${root}/`;
  const below = path.startsWith(parent) ? path.slice(parent.length) : path;
  return `${below.startsWith('./') ? below.slice(2) : below}/`;
}

/**
 * Tracks the directories of `ls -R`, a line with a path and a colon before their rows, and those of `dir /s`. The first is the listed
 * directory; a file of another is named by its path from there.
 *
 * If the first block has no heading, its directories show how the paths begin. ProFTPD prints `docs:`, Pure-FTPd and inetutils `pub/docs:`.
 */
import { dosDirectory } from './dos-headings.js';
import type { FileEntry } from './file-entry.js';

/** A path is not longer. */
const MAX_LENGTH = 4096;
/** So many directories of the first block are remembered: the next block is that of the first of them that may be read. */
const MAX_DIRECTORIES = 64;

export class Blocks {
  #root: string | undefined;
  /** The prefix of the names of this block. */
  #prefix = '';
  #rows = 0;
  readonly #directories: string[] = [];

  get prefix(): string {
    return this.#prefix;
  }

  /** A row of this block was read. */
  countRow({ kind, name }: FileEntry): void {
    this.#rows += 1;
    if (kind !== 'directory' || this.#root !== undefined || this.#directories.length >= MAX_DIRECTORIES) return;
    this.#directories.push(name);
  }

  /** Whether `line`, which is no row, is the heading of a block, which begins then. All rows of the block before were counted. */
  enter(line: string): boolean {
    const directory = dosDirectory(line);
    if (directory !== undefined) return this.#enterPath(withoutLastSlash(directory));
    const path = pathOf(line);
    if (path === undefined) return false;
    if (this.#root === undefined) this.#root = this.#rootOf(path);
    return this.#isHeading(path) && this.#enterPath(path);
  }

  #enterPath(path: string): true {
    if (this.#root === undefined && this.#rows === 0) this.#root = path;
    this.#root ??= '.';
    this.#prefix = prefixBelow(this.#root, path);
    return true;
  }

  /** Begins the first block with a heading that is a name alone, once the lines behind it have shown that it is one. */
  begin(line: string): void {
    this.#root ??= pathOf(line);
  }

  /** The prefix of the name of a directory of the first block: none, or a path. */
  #rootOf(path: string): string | undefined {
    const name = this.#directories.find((each) => path === each || path.endsWith(`/${each}`));
    return name === undefined ? undefined : withoutLastSlash(path.slice(0, path.length - name.length));
  }

  /** Whether `path` begins with a directory of the first block, as far as those are remembered. */
  #isBelowFirst(path: string): boolean {
    const isKnown = this.#directories.some((name) => path === name || path.startsWith(`${name}/`));
    return isKnown || (this.#directories.length >= MAX_DIRECTORIES && !/^\s|: /.test(path));
  }

  /** A path: messages end with colons too, but they have blanks behind others. */
  #isHeading(path: string): boolean {
    if (this.#root === '') return this.#isBelowFirst(path);
    if (this.#root !== undefined && path.startsWith(parentOf(this.#root))) return true;
    return (/^\.?\.?\//.test(path) || path === '.') && !path.includes(': ');
  }
}

/** Whether `line` ends the block before it, if it is no row: as the heading of the next, or a message. */
export function mayEndBlock(line: string): boolean {
  return pathOf(line) !== undefined || dosDirectory(line) !== undefined;
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
  const parent = parentOf(root);
  const below = path.startsWith(parent) ? path.slice(parent.length) : path;
  return `${below.startsWith('./') ? below.slice(2) : below}/`;
}

function parentOf(root: string): string {
  return root.endsWith('/') ? root : `${root}/`;
}

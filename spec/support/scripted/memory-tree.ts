/**
 * The file tree of a scripted server, in memory: absolute slash paths to files and directories.
 */
import { posix } from 'node:path';

export interface MemoryFile {
  readonly kind: 'file';
  bytes: Buffer;
  modified: Date;
}

export interface MemoryDirectory {
  readonly kind: 'directory';
  modified: Date;
}

export type MemoryNode = MemoryFile | MemoryDirectory;

/** File contents by absolute path; a path that ends in `/` is a directory. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

const defaultModified = new Date('2024-02-03T04:05:06.000Z');

export class MemoryTree {
  readonly #nodes = new Map<string, MemoryNode>([['/', { kind: 'directory', modified: defaultModified }]]);

  constructor(files: Files = {}) {
    for (const [path, content] of Object.entries(files)) {
      if (path.endsWith('/')) this.makeDirectory(path);
      else this.write(path, Buffer.from(content));
    }
  }

  get(path: string): MemoryNode | undefined {
    return this.#nodes.get(normal(path));
  }

  file(path: string): MemoryFile | undefined {
    const node = this.get(path);
    return node?.kind === 'file' ? node : undefined;
  }

  isDirectory(path: string): boolean {
    return this.get(path)?.kind === 'directory';
  }

  /** Content as text, for assertions; undefined when there is no such file. */
  text(path: string): string | undefined {
    return this.file(path)?.bytes.toString();
  }

  write(path: string, bytes: Buffer, modified: Date = defaultModified): MemoryFile {
    this.makeDirectory(posix.dirname(normal(path)));
    const file: MemoryFile = { kind: 'file', bytes, modified };
    this.#nodes.set(normal(path), file);
    return file;
  }

  makeDirectory(path: string): void {
    const wanted = normal(path);
    if (wanted !== '/') this.makeDirectory(posix.dirname(wanted));
    if (!this.#nodes.has(wanted)) this.#nodes.set(wanted, { kind: 'directory', modified: defaultModified });
  }

  children(path: string): [name: string, node: MemoryNode][] {
    const parent = normal(path);
    return [...this.#nodes]
      .filter(([child]) => child !== '/' && posix.dirname(child) === parent)
      .map(([child, node]): [string, MemoryNode] => [posix.basename(child), node]);
  }

  remove(path: string): void {
    this.#nodes.delete(normal(path));
  }

  rename(from: string, to: string): void {
    const [source, target] = [normal(from), normal(to)];
    const moved = [...this.#nodes].filter(([path]) => path === source || path.startsWith(`${source}/`));
    for (const [path] of moved) this.#nodes.delete(path);
    for (const [path, node] of moved) this.#nodes.set(target + path.slice(source.length), node);
  }
}

function normal(path: string): string {
  return posix.resolve('/', path);
}

/**
 * Removes the content of a directory on a server, from the leaves up, and never through a link.
 *
 * Some servers show a link to a directory as a directory (pyftpdlib's MLSD, ProFTPD without ShowSymlinks, junctions on IIS). So it first
 * treats a directory as a link. DELE removes a link on POSIX, RMD on Windows. Both refuse a directory with files (inetutils removes an
 * empty one by DELE). Only then does it enter the directory. If RMD fails for lack of rights, it enters only after a row of `ls -l` has
 * shown that the directory is no link.
 */
import { filter, lastValueFrom, map } from 'rxjs';
import { FtpProtocolError } from '../../errors.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { printable } from '../../protocol/printable.js';
import { isRefusalOfLink, linkRefusal } from './link-refusal.js';
import { pathIn } from './tree-entry.js';
import { TreeErrors } from './tree-error.js';
import { isFatal, isIncomplete, MAX_DEPTH } from './tree-faults.js';
import type { TreePlace } from './tree-place.js';

/** What is kept of an entry. */
type Listed = Pick<FileEntry, 'name' | 'kind' | 'dialect'>;

/** How many files are removed at a time; a client removes as many as it has sessions. */
const CONCURRENCY = 4;

export class TreeRemover {
  readonly #tree: TreePlace;
  readonly #signal: AbortSignal;
  readonly errors: TreeErrors = new TreeErrors();
  files = 0;
  directories = 0;

  constructor(tree: TreePlace, signal: AbortSignal) {
    this.#tree = tree;
    this.#signal = signal;
  }

  /**
   * Removes the directory `path` with all that is in it. Resolves with false where something has failed, and it stays. `isCertain`: it is
   * known to be no link.
   */
  async directory(path: string, depth: number, isCertain: boolean): Promise<boolean> {
    const refusal = await linkRefusal(this.#tree, path, this.#signal);
    if (refusal !== undefined) {
      if (!isCertain && isRefusalOfLink(refusal)) {
        this.errors.add(path, refusal);
        return false;
      }
      if (!(await this.contents(path, depth))) return false;
      if (!(await this.#attempt(path, () => this.#tree.removeDirectory(path, this.#signal)))) return false;
    }
    this.directories += 1;
    return true;
  }

  /** Removes all that is in the directory `path`. Resolves with false where something of it stays. */
  async contents(path: string, depth: number): Promise<boolean> {
    const failed = this.errors.count;
    const entries = await this.#list(path, depth);
    const others = entries.filter(({ kind }) => kind !== 'directory').values();
    // Each takes the next one, until there is none.
    const take = async (): Promise<void> => {
      for (const { name } of others) await this.file(pathIn(path, name));
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, take));
    for (const { kind, name, dialect } of entries) {
      if (kind === 'directory') await this.directory(pathIn(path, name), depth + 1, dialect === 'unix');
    }
    return this.errors.count === failed;
  }

  /** Of a file, or of a link. */
  async file(path: string): Promise<void> {
    if (await this.#attempt(path, () => this.#tree.removeFile(path, this.#signal))) this.files += 1;
  }

  /** Little of each. Entries of a listing that breaks off are not removed: the directory stays anyway. */
  async #list(path: string, depth: number): Promise<Listed[]> {
    if (depth > MAX_DEPTH) {
      this.errors.add(path, new FtpProtocolError(`It is deeper than ${MAX_DEPTH} directories, and was not listed.`));
      return [];
    }
    const entries$ = this.#tree.list(path, { signal: this.#signal }).pipe(
      map(({ name, kind, dialect }) => ({ name, kind, dialect })),
      filter(({ name }) => this.#isInside(path, name)),
    );
    const entries: Listed[] = [];
    try {
      await lastValueFrom(entries$.pipe(map((entry) => entries.push(entry))), { defaultValue: 0 });
    } catch (error) {
      if (this.#signal.aborted || (isFatal(error, path === '') && !isIncomplete(error))) throw error;
      this.errors.add(path, error);
    }
    return entries;
  }

  #isInside(directory: string, name: string): boolean {
    const fault = this.#tree.names(name);
    if (fault === undefined) return true;
    const error = new FtpProtocolError(`The server lists the name "${printable(name)}", which ${fault}.`);
    this.errors.add(pathIn(directory, name), error);
    return false;
  }

  async #attempt(path: string, remove: () => Promise<void>): Promise<boolean> {
    try {
      await remove();
      return true;
    } catch (error) {
      if (this.#signal.aborted || isFatal(error, false)) throw error;
      this.errors.add(path, error);
      return false;
    }
  }
}

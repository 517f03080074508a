/**
 * Removes the content of a directory on a server, from the leaves up, and never through a link.
 *
 * Some servers show a link to a directory as a directory (pyftpdlib's MLSD, ProFTPD without ShowSymlinks, junctions on IIS). So it first
 * treats a directory as a link. DELE removes a link on POSIX, RMD on Windows. Both refuse a directory with files (inetutils removes an
 * empty one by DELE). Only then does it enter the directory. If RMD fails for lack of rights, it enters only a directory that a row of
 * `ls -l` has shown.
 */
import { lastValueFrom, map } from 'rxjs';
import { FtpProtocolError } from '../../errors.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { printable } from '../../protocol/printable.js';
import { isRefusalOfLink, linkRefusal } from './link-refusal.js';
import { SpareWorkers } from './spare-workers.js';
import { pathIn } from './tree-entry.js';
import { TreeErrors } from './tree-error.js';
import { isFatal, isIncomplete, MAX_DEPTH } from './tree-faults.js';
import type { TreePlace } from './tree-place.js';

/** The kept part of an entry. */
type Listed = Pick<FileEntry, 'name' | 'kind' | 'dialect'>;

/** So many commands are sent at a time; a client sends as many as it has sessions. */
const CONCURRENCY = 4;

export class TreeRemover {
  readonly #tree: TreePlace;
  readonly #signal: AbortSignal;
  readonly #spare = new SpareWorkers(CONCURRENCY - 1);
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
    if (depth > MAX_DEPTH) {
      this.errors.add(path, new FtpProtocolError(`It is deeper than ${MAX_DEPTH} directories, and was not listed.`));
      return false;
    }
    const { entries, isWhole } = await this.#list(path);
    const isDirectory = ({ kind }: Listed): boolean => kind === 'directory';
    const filesFirst = [...entries.filter((entry) => !isDirectory(entry)), ...entries.filter(isDirectory)];
    const isEmpty = await this.#spare.each(filesFirst, (entry) => {
      const at = pathIn(path, entry.name);
      return isDirectory(entry) ? this.directory(at, depth + 1, entry.dialect === 'unix') : this.file(at);
    });
    return isEmpty && isWhole;
  }

  /** Of a file, or of a link. Resolves with false where it stays. */
  async file(path: string): Promise<boolean> {
    const isRemoved = await this.#attempt(path, () => this.#tree.removeFile(path, this.#signal));
    if (isRemoved) this.files += 1;
    return isRemoved;
  }

  /** Little of each entry, and whether these are all of the directory. The entries of a listing that breaks off are removed too. */
  async #list(path: string): Promise<{ readonly entries: readonly Listed[]; readonly isWhole: boolean }> {
    let isWhole = true;
    const entries: Listed[] = [];
    const entries$ = this.#tree.list(path, { signal: this.#signal }).pipe(
      map(({ name, kind, dialect }) => {
        if (this.#isInside(path, name)) entries.push({ name, kind, dialect });
        else isWhole = false;
      }),
    );
    try {
      await lastValueFrom(entries$, { defaultValue: undefined });
    } catch (error) {
      if (this.#signal.aborted || (isFatal(error, path === '') && !isIncomplete(error))) throw error;
      this.errors.add(path, error);
      isWhole = false;
    }
    return { entries, isWhole };
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

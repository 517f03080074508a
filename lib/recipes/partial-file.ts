/** The local file of a download: beside the final name until it is complete, then under it, or gone, or kept for the next run. */
import { chmod, type FileHandle, link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FtpUsageError } from '../errors.js';
import { randomPartialPath } from './partial-name.js';

export interface PartialFileOptions {
  /** Default: a random name beside the final one. */
  readonly path?: string | undefined;
  /** The permissions it is made with and gets, else those that new files have. */
  readonly mode?: number | undefined;
  /** How many bytes it has, which are kept; undefined where it is to be made. */
  readonly kept?: number | undefined;
  /** Its bytes are thrown away. */
  readonly emptied?: boolean | undefined;
  /** It must not take the place of a file. */
  readonly exclusive?: boolean | undefined;
}

/** What is done to a complete file before it gets its name. */
export interface Completion {
  /** The time of its last change. */
  readonly modified?: Date | undefined;
  /** It must be on the disk, and its name too. */
  readonly fsync?: boolean | undefined;
}

export class PartialFile {
  readonly final: string;
  readonly path: string;
  readonly #options: PartialFileOptions;
  #handle: FileHandle | undefined;
  #opening: Promise<FileHandle> | undefined;

  constructor(final: string, options: PartialFileOptions = {}) {
    this.final = final;
    this.#options = options;
    this.path = options.path ?? randomPartialPath(final);
  }

  /** The same file, of which nothing is kept. */
  emptied(): PartialFile {
    return new PartialFile(this.final, { ...this.#options, path: this.path, emptied: true });
  }

  /** Makes it, or opens the one that is kept, at the first call. */
  open(): Promise<FileHandle> {
    this.#opening ??= this.#create();
    return this.#opening;
  }

  async close({ modified, fsync = false }: Completion = {}): Promise<void> {
    const handle = await this.open();
    if (modified !== undefined) await handle.utimes(modified, modified);
    if (fsync) await handle.sync();
    await handle.close();
  }

  /** Gives it its final name, when it is closed. */
  async publish({ fsync = false }: Completion = {}): Promise<void> {
    if (this.#options.exclusive === true) await this.#publishExclusively();
    else await rename(this.path, this.final);
    if (fsync) await syncDirectory(dirname(this.final));
  }

  /** Closes and removes it, or never makes it. That it cannot be removed is less than the reason it is removed for. */
  async discard(): Promise<void> {
    await this.leave();
    const isThere = this.#handle !== undefined || this.#options.kept !== undefined;
    if (isThere) await rm(this.path, { force: true }).catch(() => undefined);
  }

  /** Closes it, or never makes it; what is there stays for the next run. */
  async leave(): Promise<void> {
    this.#opening ??= Promise.reject(new Error('The download was left before there was a file.'));
    await this.#opening.catch(() => undefined);
    await this.#handle?.close().catch(() => undefined);
  }

  /** At no time has it wider permissions than the file that it will replace. */
  async #create(): Promise<FileHandle> {
    const { mode, kept, emptied = false } = this.#options;
    // The file that it will replace may be read-only.
    if (kept !== undefined && mode !== undefined) await chmod(this.path, 0o600);
    this.#handle = await open(this.path, kept === undefined ? 'wx' : 'r+', mode);
    // The umask may have taken some.
    if (mode !== undefined) await this.#handle.chmod(mode);
    if (emptied) await this.#handle.truncate();
    else if (kept !== undefined) await this.#requireSize(this.#handle, kept);
    return this.#handle;
  }

  /** Two downloads that write to one file would take it from each other. */
  async #requireSize(handle: FileHandle, kept: number): Promise<void> {
    const { size } = await handle.stat();
    if (size === kept) return;
    throw new Error(
      `Cannot go on with ${this.path}: it had ${kept} bytes and has ${size}. Another download is writing to it.`,
    );
  }

  /** A second name replaces nothing, unlike a rename. */
  async #publishExclusively(): Promise<void> {
    try {
      await link(this.path, this.final);
    } catch (error) {
      if (!NO_LINKS.has((error as NodeJS.ErrnoException).code)) throw error;
      // A file system without links: another process could only come in between here.
      if (await isThere(this.final)) throw taken(this.final);
      await rename(this.path, this.final);
      return;
    }
    await rm(this.path, { force: true });
  }
}

const NO_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** A name is on the disk when its directory is; not every system lets a directory be opened. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r').catch(() => undefined);
  if (directory === undefined) return;
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

export async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** The error where a file must not be there and is: as Node gives it for an exclusive creation. */
export function taken(path: string): Error {
  return Object.assign(new Error(`EEXIST: file already exists, and the option exists is 'fail': '${path}'`), {
    code: 'EEXIST',
    path,
  });
}

/** The file that has the final name already. */
export interface FileToReplace {
  /** Its permissions, without setuid and the like, which new content does not inherit. */
  readonly mode: number;
  readonly modified: Date;
}

/** The file of this name; undefined where there is none. What is no regular file is refused: renaming would put one in its place. */
export async function fileToReplace(path: string): Promise<FileToReplace | undefined> {
  // Nothing there, or nothing that can be known: what is to be said of that is said by opening and renaming.
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) {
    throw new FtpUsageError(`Cannot download to ${path}: it is a directory. Name a file in it.`);
  }
  if (found?.isFile() === false) {
    throw new FtpUsageError(
      `Cannot download to ${path}: it is no regular file, and would be replaced by one. ` +
        'To write into a FIFO or a device: pipeline(retr$(remote), createWriteStream(local)).',
    );
  }
  return found === undefined ? undefined : { mode: found.mode & 0o777, modified: found.mtime };
}

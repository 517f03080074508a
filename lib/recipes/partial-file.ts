/** Writes the local file of a download beside the final name. It then renames the file, removes it, or keeps it for the next run. */
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FtpUsageError } from '../errors.js';
import { openRegular } from '../sinks/regular-file.js';
import { randomPartialPath } from './partial-name.js';

export interface PartialFileOptions {
  /** Default: a random name beside the final one. */
  readonly path?: string | undefined;
  /** The permissions of the new file, else the default ones. */
  readonly mode?: number | undefined;
  /** The number of bytes that it has, which are kept; undefined if it is to be made. */
  readonly kept?: number | undefined;
  /** Its bytes are thrown away. */
  readonly emptied?: boolean | undefined;
  /** It must not take the place of a file. */
  readonly exclusive?: boolean | undefined;
  /** The names to take if the final one is taken meanwhile, in order; without them that is an error. */
  readonly others?: Iterator<string, undefined> | undefined;
}

/** The work on a complete file before it gets its name. */
export interface Completion {
  /** The time of its last change. */
  readonly modified?: Date | undefined;
  /** It must be on the disk, and its name too. */
  readonly fsync?: boolean | undefined;
}

export class PartialFile {
  readonly path: string;
  #final: string;
  readonly #options: PartialFileOptions;
  #handle: FileHandle | undefined;
  #opening: Promise<FileHandle> | undefined;

  constructor(final: string, options: PartialFileOptions = {}) {
    this.#final = final;
    this.#options = options;
    this.path = options.path ?? randomPartialPath(final);
  }

  /** The name that it will have, or has: another one is taken where `others` gives one. */
  get final(): string {
    return this.#final;
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
  publish({ fsync = false }: Completion = {}): Promise<void> {
    const named = this.#name();
    return fsync ? named.then(() => syncDirectory(dirname(this.final))) : named;
  }

  #name(): Promise<void> {
    const { exclusive = false, others } = this.#options;
    if (!exclusive) return rename(this.path, this.final);
    return others === undefined ? moveToFree(this.path, this.final) : this.#moveToOneOf(others);
  }

  /** Closes and removes it, or never makes it. That it cannot be removed is less than the reason it is removed for. */
  async discard(): Promise<void> {
    await this.leave();
    const isThere = this.#handle !== undefined || this.#options.kept !== undefined;
    if (isThere) await rm(this.path, { force: true }).catch(() => undefined);
  }

  /** Closes it, or never makes it; the existing bytes stay for the next run. */
  async leave(): Promise<void> {
    this.#opening ??= Promise.reject(new Error('The download was left before there was a file.'));
    await this.#opening.catch(() => undefined);
    await this.#handle?.close().catch(() => undefined);
  }

  /** At no time has it wider permissions than the file that it will replace. */
  async #create(): Promise<FileHandle> {
    const { mode, kept, emptied = false } = this.#options;
    this.#handle = kept === undefined ? await open(this.path, 'wx', mode) : await openKept(this.path, mode);
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

  async #moveToOneOf(others: Iterator<string, undefined>): Promise<void> {
    for (;;) {
      try {
        await moveToFree(this.path, this.#final);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        this.#final = await firstFree(others, this.#final);
      }
    }
  }
}

/** Neither its bytes nor its permissions are changed through a link that another program has put there meanwhile. */
async function openKept(path: string, mode: number | undefined): Promise<FileHandle> {
  // The file that it will replace may be read-only.
  if (mode !== undefined) {
    const { handle } = await openRegular(path, { followsLinks: false });
    await handle.chmod(0o600).finally(() => handle.close());
  }
  return (await openRegular(path, { followsLinks: false, flags: constants.O_RDWR })).handle;
}

/** A second name replaces nothing, unlike a rename. */
async function moveToFree(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    return moveWithoutLink(from, to, error as NodeJS.ErrnoException);
  }
  return unlink(from).catch(unlessGone);
}

/** On a file system without links another process could only come in between the question and the rename. */
async function moveWithoutLink(from: string, to: string, error: NodeJS.ErrnoException): Promise<void> {
  if (!NO_LINKS.has(error.code)) throw error;
  if (await isThere(to)) throw taken(to);
  await rename(from, to);
}

/** `rm` looks at a file twice before it unlinks it. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

const NO_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** A name is on the disk when its directory is; not every system lets a directory be opened. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0)).catch(() => undefined);
  if (directory === undefined) return;
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Whether the name is taken, by a link that leads nowhere too. A name that the file system does not take is an error. */
export async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(unlessTooLong)) !== undefined;
}

/** The first of the names that is free; `last` if there is none. */
export async function firstFree(names: Iterator<string, undefined>, last: string): Promise<string> {
  for (let next = names.next(); next.done !== true; next = names.next()) {
    if (!(await isThere(next.value))) return next.value;
  }
  return last;
}

/** Nothing is there, or nothing is known of it: opening and renaming report the fault. */
function unlessTooLong(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENAMETOOLONG') throw error;
}

/** The error if a file must not be there and is: as Node gives it for an exclusive creation. */
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

/** The file of this name; undefined if there is none. Anything but a regular file is refused: renaming would put one in its place. */
export async function fileToReplace(path: string): Promise<FileToReplace | undefined> {
  const found = await stat(path).catch(unlessTooLong);
  if (found?.isDirectory() === true) {
    throw new FtpUsageError(`Cannot download to ${path}: it is a directory. Name a file in it.`);
  }
  if (found?.isFile() === false) {
    throw new FtpUsageError(
      `Cannot download to ${path}: it is no regular file, and would be replaced by one. ` +
        'To write into a FIFO or a device: pipeline(retr$(remote), createWriteStream(local)).',
    );
  }
  if (path === '' || path.endsWith('/')) throw new FtpUsageError(`Cannot download to '${path}': it names no file.`);
  return found === undefined ? undefined : { mode: found.mode & 0o777, modified: found.mtime };
}

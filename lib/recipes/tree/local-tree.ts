/** Reads and writes a tree on the local disk. No write goes through a symbolic link inside the root. */
import { chmod, type FileHandle, lstat, mkdir, open, rename, rmdir, stat, unlink, utimes } from 'node:fs/promises';
import { sep } from 'node:path';
import type { Observable } from 'rxjs';
import { FtpUsageError } from '../../errors.js';
import type { FileEntry } from '../../protocol/listing/file-entry.js';
import { printable } from '../../protocol/printable.js';
import { openRegular } from '../../sinks/regular-file.js';
import { entryOf, isMissing, localEntries, localEntry, startOf } from './local-listing.js';
import { localNames, type NameRules } from './names.js';
import type { LocalPlace } from './place.js';
import { nameOf, parentOf } from './tree-entry.js';
import type { ListOptions, TreePlace } from './tree-place.js';

/** A look at a directory and those above it. */
interface Look {
  readonly directory: string;
  /** Rejects if one of them is a link. */
  readonly inside: Promise<void>;
}

export class LocalTree implements TreePlace {
  readonly side = 'local';
  readonly names: NameRules = localNames();
  readonly makesLinks = true;
  readonly #root: string;
  readonly #start: string;
  /** The last one that has begun, until it ends. */
  #look: Look | undefined;

  constructor({ directory }: LocalPlace) {
    this.#root = directory;
    this.#start = startOf(directory);
  }

  at(path: string): string {
    return path === '' ? this.#root : `${this.#start}${sep === '/' ? path : path.replaceAll('/', sep)}`;
  }

  list(path: string, { onUnreadable }: ListOptions = {}): Observable<FileEntry> {
    return localEntries(this.at(path), onUnreadable);
  }

  stat(path: string): Promise<FileEntry | undefined> {
    return localEntry(this.at(path), nameOf(path));
  }

  /** A link that leads to itself leads nowhere. */
  async follow(path: string, entry: FileEntry): Promise<FileEntry> {
    try {
      return entryOf(entry.name, await stat(this.at(path), { bigint: true }), entry.target);
    } catch (error) {
      if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ELOOP') return entry;
      throw error;
    }
  }

  async makeDirectory(path: string): Promise<void> {
    await this.requireInside(path);
    await mkdir(this.at(path));
  }

  async removeDirectory(path: string): Promise<void> {
    await this.requireInside(path);
    await rmdir(this.at(path));
  }

  async removeFile(path: string): Promise<void> {
    await this.requireInside(path);
    await unlink(this.at(path));
  }

  async rename(from: string, to: string): Promise<void> {
    await this.requireInside(from);
    await this.requireInside(to);
    await rename(this.at(from), this.at(to));
  }

  /** Also of a directory, and never of a link's target. */
  async setTime(path: string, date: Date): Promise<void> {
    await this.requireInside(path);
    if ((await lstat(this.at(path))).isSymbolicLink()) throw throughLink(path);
    await utimes(this.at(path), date, date);
  }

  async readSmall(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
    let handle: FileHandle;
    try {
      ({ handle } = await openRegular(this.at(path), { followsLinks: true }));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    try {
      const bytes = Buffer.alloc(maxBytes + 1);
      let length = 0;
      for (let read = -1; read !== 0 && length <= maxBytes; length += read) {
        read = (await handle.read(bytes, length, bytes.length - length)).bytesRead;
      }
      if (length > maxBytes) throw new FtpUsageError(`${this.at(path)} is longer than ${maxBytes} bytes.`);
      return bytes.subarray(0, length);
    } finally {
      await handle.close();
    }
  }

  async writeSmall(path: string, bytes: Uint8Array): Promise<void> {
    await this.requireInside(path);
    const handle = await open(this.at(path), 'wx');
    try {
      await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
  }

  async setMode(path: string, mode: number): Promise<void> {
    await this.requireInside(path);
    if ((await lstat(this.at(path))).isSymbolicLink()) throw throughLink(path);
    await chmod(this.at(path), mode);
  }

  /**
   * Throws FtpUsageError if a directory on the way is a link, or the path has other parts than names. Files that are checked together share
   * one look at their directory.
   */
  async requireInside(path: string): Promise<void> {
    this.#requireNames(path, path.split('/'));
    const directory = parentOf(path);
    if (this.#look?.directory !== directory) this.#look = this.#lookAt(directory);
    await this.#look.inside;
  }

  #lookAt(directory: string): Look {
    const inside = this.#requireNoLinks(directory).finally(() => {
      if (this.#look === look) this.#look = undefined;
    });
    const look: Look = { directory, inside };
    return look;
  }

  /** From the root down to the directory. */
  async #requireNoLinks(directory: string): Promise<void> {
    const parts = directory === '' ? [] : directory.split('/');
    for (let length = 1; length <= parts.length; length += 1) {
      const above = parts.slice(0, length).join('/');
      if ((await lstat(this.at(above))).isSymbolicLink()) throw throughLink(above);
    }
  }

  #requireNames(path: string, names: readonly string[]): void {
    for (const name of names) {
      const fault = this.names(name);
      if (fault !== undefined) throw new FtpUsageError(`The local path "${printable(path)}" has a name that ${fault}.`);
    }
  }
}

function throughLink(path: string): FtpUsageError {
  return new FtpUsageError(`The local "${printable(path)}" is a symbolic link, and nothing is written through it.`);
}

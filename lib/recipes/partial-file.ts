/** The local file of a download: beside the final name until it is complete, then under it, or gone. */
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { FtpUsageError } from '../errors.js';
import { nodeCrypto } from '../net/builtins.js';

/** What file systems take is 255 bytes, or 143 (eCryptfs), with what is added here. */
const NAME_BYTES = 120;

export class PartialFile {
  readonly #final: string;
  readonly #path: string;
  readonly #mode: number | undefined;
  #handle: FileHandle | undefined;
  #opening: Promise<FileHandle> | undefined;

  /** `mode`: the permissions it is made with and gets, else those that new files have. */
  constructor(final: string, mode?: number) {
    this.#final = final;
    this.#mode = mode;
    this.#path = partialPath(final);
  }

  /** Makes it, at the first call. */
  open(): Promise<FileHandle> {
    this.#opening ??= this.#create();
    return this.#opening;
  }

  async close(): Promise<void> {
    await (await this.open()).close();
  }

  /** Gives it its final name, when it is closed. */
  publish(): Promise<void> {
    return rename(this.#path, this.#final);
  }

  /** Closes and removes it, or never makes it. That it cannot be removed is less than the reason it is removed for. */
  async discard(): Promise<void> {
    this.#opening ??= Promise.reject(new Error('The download was left before there was a file.'));
    await this.#opening.catch(() => undefined);
    if (this.#handle === undefined) return;
    await this.#handle.close().catch(() => undefined);
    await rm(this.#path, { force: true }).catch(() => undefined);
  }

  /** At no time has it wider permissions than the file that it will replace. */
  async #create(): Promise<FileHandle> {
    this.#handle = await open(this.#path, 'wx', this.#mode);
    // The umask may have taken some.
    if (this.#mode !== undefined) await this.#handle.chmod(this.#mode);
    return this.#handle;
  }
}

/** A random name in the same directory, which ends in `.part`; the path before it stays as it is, for links. */
function partialPath(final: string): string {
  const name = basename(final);
  const directory = final.slice(0, final.lastIndexOf(name));
  return `${directory}${head(name)}.${nodeCrypto().randomBytes(6).toString('hex')}.part`;
}

/** What of `name` fits in `NAME_BYTES`, without cutting a character. */
function head(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= NAME_BYTES) return name;
  let end = NAME_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/**
 * The permissions of the file that has this name, without setuid and the like, which new content does not inherit; undefined
 * where there is none. What is no regular file is refused: renaming would put one in its place.
 */
export async function permissionsToKeep(path: string): Promise<number | undefined> {
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
  return found === undefined ? undefined : found.mode & 0o777;
}

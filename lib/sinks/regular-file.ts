/**
 * Opens a local file that must be a regular one. A path that a listing has found may lead to something else by now. The opening of a FIFO
 * would wait for its other end. A link may lead out of a tree.
 */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';
import { FtpUsageError } from '../errors.js';

/** Windows has neither flag: its files have no FIFO among them, and a look before the opening finds a link. */
const NO_WAIT: number = constants.O_NONBLOCK ?? 0;
const NO_LINK: number | undefined = constants.O_NOFOLLOW;

export interface OpenRules {
  /** Unless this is set, a link is refused as a FIFO is. Links on the way to the file are followed anyway. */
  readonly followsLinks: boolean;
  /** Those of `open`; default: to read. */
  readonly flags?: number | undefined;
}

export interface OpenedFile {
  readonly handle: FileHandle;
  /** What it is, once it is open. */
  readonly found: Stats;
}

/** Rejects with FtpUsageError, at once, if the path leads to anything but a regular file; else with Node's error. */
export async function openRegular(path: string, rules: OpenRules): Promise<OpenedFile> {
  if (NO_LINK === undefined && !rules.followsLinks) await requireRegular(path, rules);
  const handle = await open(path, flagsOf(rules)).catch((error: unknown) => openedLater(path, rules, error));
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw notRegular(path, found);
    return { handle, found };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** What is there; rejects with FtpUsageError if that is no regular file. */
export async function requireRegular(path: string, { followsLinks }: OpenRules): Promise<Stats> {
  const found = await (followsLinks ? stat(path) : lstat(path));
  if (!found.isFile()) throw notRegular(path, found);
  return found;
}

/** What is no regular file, for people: `a FIFO`, `a link`. */
export function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a directory';
  if (found.isSymbolicLink()) return 'a link';
  if (found.isFIFO()) return 'a FIFO';
  return found.isSocket() ? 'a socket' : 'a device';
}

function flagsOf({ followsLinks, flags = constants.O_RDONLY }: OpenRules): number {
  return flags | NO_WAIT | (followsLinks ? 0 : (NO_LINK ?? 0));
}

/**
 * Each system has an error of its own for a link or a socket, so a second look tells what is there. Of a regular file, another program may
 * hold a lease, as Samba does. Then the opening has to wait until that program gives it back.
 */
async function openedLater(path: string, rules: OpenRules, error: unknown): Promise<FileHandle> {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') throw error;
  await requireRegular(path, rules).catch((reason: unknown) => {
    throw reason instanceof FtpUsageError ? reason : error;
  });
  if (code !== 'EAGAIN') throw error;
  return open(path, flagsOf(rules) & ~NO_WAIT);
}

function notRegular(path: string, found: Stats): FtpUsageError {
  return new FtpUsageError(
    `Cannot open ${path}: it is ${kindOf(found)}, and must be a regular file. Remove it, or put a file in its place.`,
  );
}

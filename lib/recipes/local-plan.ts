/** What a download will do, by what is on the disk and what the server tells: decided before the transfer. */
import { type FileHandle, lstat, open, rm } from 'node:fs/promises';
import type { FtpOperations } from '../client/ftp-operations.js';
import { type Asked, ask, askIfTold } from './ask.js';
import type { DownloadOptions } from './download-options.js';
import { isNewer, otherNames } from './exists.js';
import { type FileToReplace, fileToReplace, firstFree, isThere, PartialFile, taken } from './partial-file.js';
import { otherPartialsOf, partialPathOf } from './partial-name.js';

/** How much of a partial file is compared with the remote one. */
const OVERLAP_BYTES = 4096;

/** What `download$` needs of a client: `size$` and `mdtm$` only for the options that ask them. */
export type DownloadFtp = Pick<FtpOperations, 'retr$'> & Partial<Pick<FtpOperations, 'size$' | 'mdtm$' | 'hash$'>>;

/** The end of what an earlier run has stored: the remote file must have the same bytes there. */
export interface StoredTail {
  /** Their offset. */
  readonly start: number;
  readonly bytes: Uint8Array;
}

export interface LocalPlan {
  readonly file: PartialFile;
  /** It stays on the disk if the download fails. */
  readonly keeps: boolean;
  /** Where the download begins: undefined at the beginning of the file. */
  readonly tail: StoredTail | undefined;
  /** The time that the file will have; undefined: that of its last write. */
  readonly modified: Date | undefined;
  /** The size of the remote file, where it was asked for. */
  readonly size: number | undefined;
}

export interface Wanted {
  readonly ftp: DownloadFtp;
  readonly remote: string;
  readonly local: string;
  readonly options: DownloadOptions;
  readonly signal: AbortSignal;
}

/** Resolves with undefined where nothing is to be done. */
export async function planDownload(wanted: Wanted): Promise<LocalPlan | undefined> {
  const { local, options } = wanted;
  const { exists = 'overwrite' } = options;
  const found = await fileToReplace(local);
  const exclusive = exists === 'rename' || exists === 'fail' || exists === 'skip';
  const isTaken = exclusive && (await isThere(local));
  if (isTaken && exists === 'fail') throw taken(local);
  if (isTaken && exists === 'skip') return undefined;
  const modified = await askTime(wanted, found);
  if (found !== undefined && exists === 'newer' && modified !== undefined && !isNewer(modified, found.modified)) {
    return undefined;
  }
  const keptTime = options.keepTime === true ? modified : undefined;
  if (exists === 'resume') return planResume(wanted, found, modified, keptTime);
  const others = exists === 'rename' ? otherNames(local) : undefined;
  const final = isTaken && others !== undefined ? await firstFree(others, local) : local;
  return fromBeginning(new PartialFile(final, { mode: found?.mode, exclusive, others }), keptTime);
}

function fromBeginning(file: PartialFile, modified: Date | undefined): LocalPlan {
  return { file, keeps: false, tail: undefined, modified, size: undefined };
}

/** The remote file's time, where it is needed. To keep it, or to compare it, it must be told; to resume it may be. */
function askTime(
  { ftp, remote, options, signal }: Wanted,
  found: FileToReplace | undefined,
): Promise<Date | undefined> {
  const { exists, keepTime = false } = options;
  const asked = (option: string): Asked => ({ path: remote, signal, option });
  if (keepTime) return ask<Date, 'mdtm$'>(ftp, 'mdtm$', asked('keepTime'));
  if (exists === 'newer' && found !== undefined) return ask<Date, 'mdtm$'>(ftp, 'mdtm$', asked("exists: 'newer'"));
  if (exists === 'resume') return askIfTold<Date, 'mdtm$'>(ftp, 'mdtm$', asked("exists: 'resume'"));
  return Promise.resolve(undefined);
}

async function planResume(
  { ftp, remote, local, signal }: Wanted,
  found: FileToReplace | undefined,
  modified: Date | undefined,
  keptTime: Date | undefined,
): Promise<LocalPlan> {
  const mode = found?.mode;
  const size = await askIfTold<number, 'size$'>(ftp, 'size$', { path: remote, signal, option: "exists: 'resume'" });
  if (size === undefined || modified === undefined) {
    return fromBeginning(new PartialFile(local, { mode }), keptTime);
  }
  const path = partialPathOf(local, { path: remote, size, modified });
  for (const other of await otherPartialsOf(local, path)) await rm(other, { force: true });
  const tail = await storedTail(path, size);
  const kept = tail === undefined ? undefined : tail.start + tail.bytes.length;
  return { file: new PartialFile(local, { path, mode, kept }), keeps: true, tail, modified: keptTime, size };
}

/**
 * The end of a partial file; undefined where there is none. One that is longer than the remote file is removed. A link that somebody
 * else has put there is none: it is not written through, and making the file fails.
 */
async function storedTail(path: string, size: number): Promise<StoredTail | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  const length = found.size;
  if (length > size) {
    await rm(path);
    return undefined;
  }
  const start = Math.max(0, length - OVERLAP_BYTES);
  const handle = await open(path, 'r');
  try {
    return { start, bytes: await readAt(handle, start, length - start) };
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await handle.read(bytes, read, length - read, start + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}
